import Readiness
import Results

extension Page {
    mutating func add(pathOf document: ResultDocument) {
        guard let path = document.path else { return }
        let lines = Wording().path(path, document.location)
        guard !lines.isEmpty else { return }
        add(heading: "PATH")
        for line in lines { add(paragraph: line, indent: 2, hanging: 4) }
    }
}

extension Wording {
    /// How media leaves this host, a sentence each.
    func path(_ path: PathDocument, _ location: LocationDocument?) -> [String] {
        path.routes.map(routeText) + path.links.map(linkText) + path.wifi.map(wirelessText)
            + [location.flatMap(switchText), rangesText(path), proxyText(path)].compactMap(\.self)
    }

    private func routeText(_ route: PathDocument.Route) -> String {
        guard let interface = route.interface else {
            return "\(route.destination): no way there (\(route.unroutable ?? "no route"))."
        }
        var text = "\(route.destination): by \(interface)" + (route.kind.map { " (\($0))" } ?? "")
        if let gateway = route.gateway { text += " via \(gateway)" }
        if let source = route.source { text += ", from \(source)" }
        if let mtu = route.mtuBytes { text += ", MTU \(NumberText.count(mtu))" }
        if let policy = route.ipsecPolicy { text += ", by IPsec policy for \(policy)" }
        return text + "."
    }

    private func linkText(_ link: LinkDocument) -> String {
        var facts = [link.speedMegabitsPerSecond.map { "\(NumberText.count($0)) Mbit/s" } ?? "speed not told"]
        if let duplex = link.duplex { facts.append("\(duplex) duplex") }
        var text = "\(link.interface) (\(link.kind)): " + facts.joined(separator: ", ")
        if let during = link.during {
            let errors = during.receiveErrors &+ during.transmitErrors
            text +=
                "; during the check \(NumberText.count(errors)) errors, "
                + "\(NumberText.count(during.receiveDrops)) received and "
                + "\(NumberText.count(during.transmitDrops)) unsent packets dropped"
        }
        return text + "."
    }

    private func wirelessText(_ wifi: WirelessDocument) -> String {
        guard let bssid = wifi.bssid else { return "\(wifi.interface): Wi-Fi, not connected." }
        var facts = [wifi.ssid.map { "\"\($0)\" of \(bssid)" } ?? bssid]
        if let band = wifi.band { facts.append(band + (wifi.frequencyMegahertz.map { " (\($0) MHz)" } ?? "")) }
        if let width = wifi.channelWidthMegahertz { facts.append("\(width) MHz wide") }
        if let signal = wifi.signalDBm { facts.append("\(NumberText.decimal(Double(signal), places: 0)) dBm (median)") }
        if let rate = wifi.transmitMegabitsPerSecond {
            facts.append("\(NumberText.decimal(rate, places: 1)) Mbit/s")
        }
        if let retries = wifi.transmitRetries { facts.append("\(NumberText.count(retries)) retries") }
        if !wifi.changes.isEmpty { facts.append("\(NumberText.count(wifi.changes.count)) changes during the check") }
        return "\(wifi.interface): \(facts.joined(separator: ", "))."
    }

    private func switchText(_ location: LocationDocument) -> String? {
        location.networkSwitch.map { found in
            "\(location.interface) is on port \(found.port) of switch \(found.name ?? found.chassis)"
                + (found.vlan.map { ", VLAN \($0)" } ?? "") + "."
        }
    }

    private func rangesText(_ path: PathDocument) -> String? {
        guard let ranges = path.ranges else { return nil }
        let ways = ranges.routes.compactMap { route in
            route.interface.map { (route.gateway.map { "via \($0) " } ?? "") + "by \(route.tunnel ?? $0)" }
        }
        let distinct = ways.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let how = distinct.isEmpty ? "no way there" : distinct.joined(separator: "; ")
        return "Microsoft's media ranges, of \(ranges.asOf.text.prefix(10)): \(how)."
    }

    private func proxyText(_ path: PathDocument) -> String? {
        guard !path.proxies.isEmpty else { return nil }
        let named = path.proxies.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return "Proxies in the environment: \(named.joined(separator: ", "))."
    }
}
