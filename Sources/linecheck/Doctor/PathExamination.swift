import Glibc
import LinuxNet
import Readiness
import Units

/// What the doctor says of the way that media takes out of this host.
struct PathExamination {
    private let evidence: PathEvidence
    /// Of endpoints whose names cannot be resolved.
    private let unresolved: [Diagnosis]

    /// - Parameters:
    ///   - endpoints: those whose routes are looked at, beside Microsoft's ranges.
    ///   - watching: how long the links are watched.
    init(endpoints: [Endpoint], ranges: MediaRanges, watching: Nanoseconds) {
        var destinations: [PathSurvey.Destination] = []
        var unresolved: [Diagnosis] = []
        for endpoint in endpoints {
            do throws(Resolver.Failure) {
                destinations += try Self.destinations(endpoint)
            } catch {
                let subject = "route to \(endpoint)"
                let remedy =
                    "see that the name is right and that this host's resolver answers: getent hosts \(endpoint.host)"
                unresolved.append(
                    Diagnosis(subject: subject, condition: .bad, fact: error.description, remedy: remedy)
                )
            }
        }
        self.unresolved = unresolved
        let survey = PathSurvey(
            destinations: destinations,
            ranges: ranges,
            dscp: .expeditedForwarding,
            environment: Environment.values
        )
        let before = survey.read()
        guard let watch = try? PathWatch() else {
            evidence = before
            return
        }
        usleep(useconds_t(clamping: watching.count / 1_000))
        evidence = watch.finish(before)
    }

    /// Every address that the name stands for.
    private static func destinations(_ endpoint: Endpoint) throws(Resolver.Failure) -> [PathSurvey.Destination] {
        let addresses = try Resolver.addresses(of: endpoint.host)
        return addresses.map { found in
            var address = found
            address.port = endpoint.ports.ports.first ?? address.port
            let isName = found.address.description != endpoint.host
            return PathSurvey.Destination(
                name: endpoint.description + (isName ? " (\(found.address))" : ""),
                host: endpoint.host,
                address: address,
                resolved: [found.address]
            )
        }
    }

    func diagnoses() -> [Diagnosis] {
        unresolved + evidence.routes.map { route("route to \($0.name)", $0) } + [ranges()].compactMap(\.self)
            + evidence.wireless.map(wireless) + [neighbour()] + unread() + evidence.findings().map(finding)
    }

    /// What every host has and this process may not read.
    private func unread() -> [Diagnosis] {
        let names = ["ipsec": "IPsec policies", "routes": "routes", "links": "links"]
        return evidence.unread.compactMap { fact in
            names[fact.fact].map { name in
                Diagnosis(
                    subject: name,
                    condition: .note,
                    fact: "cannot be read: \(fact.reason)",
                    remedy: "run linecheck doctor as root to see them"
                )
            }
        }
    }

    // MARK: Facts

    private func route(_ subject: String, _ destination: DestinationRoute) -> Diagnosis {
        switch destination.outcome {
        case .route(let route):
            Diagnosis(subject: subject, condition: .good, fact: Self.text(route), remedy: nil)
        case .none(let reason):
            Diagnosis(
                subject: subject,
                condition: .bad,
                fact: "none: \(reason)",
                remedy: "give this host a route to \(destination.address), and see with ip route get that it is taken"
            )
        }
    }

    private static func text(_ route: PacketRoute) -> String {
        var text = "by \(route.interface) (\(route.kind.name))"
        if let gateway = route.gateway { text += " via \(gateway)" }
        if let source = route.source { text += ", from \(source)" }
        if let mtu = route.mtu { text += ", MTU \(mtu)" }
        return text
    }

    /// Nothing is wrong with a host that has no way to Microsoft at all: a laboratory's.
    private func ranges() -> Diagnosis? {
        guard let ranges = evidence.ranges else { return nil }
        let ways = ranges.routes.compactMap(\.route).map(Self.text)
        let distinct = ways.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let date = ranges.ranges.asOf.rfc3339.prefix(10)
        let isOld = ranges.isStale && !evidence.findings().contains { $0.code == .rangesStale }
        let age = ranges.isStale ? ", \(Int(ranges.age.seconds / 86_400)) days old" : ""
        return Diagnosis(
            subject: "Microsoft's media ranges",
            condition: distinct.isEmpty || isOld ? .note : .good,
            fact: "\(ranges.ranges.text) as of \(date)\(age): "
                + (distinct.isEmpty ? "this host has no route to any of them" : distinct.joined(separator: "; ")),
            remedy: distinct.isEmpty
                ? "connect this host to the network that the users are on"
                : isOld ? "--endpoints-url https://endpoints.office.com/endpoints/worldwide fetches today's" : nil
        )
    }

    private func wireless(_ found: WirelessEvidence) -> Diagnosis {
        guard let latest = found.latest, let point = latest.accessPoint else {
            return Diagnosis(subject: "Wi-Fi \(found.interface)", condition: .note, fact: "not connected", remedy: nil)
        }
        var facts = [latest.ssid.map { "\"\($0)\" of \(point)" } ?? point]
        if let band = latest.band { facts.append(band.rawValue) }
        if let width = latest.channelWidth { facts.append("\(width) MHz wide") }
        if let signal = found.medianSignal { facts.append("\(signal) dBm") }
        if let rate = latest.transmitRate { facts.append("\(NumberText.decimal(rate, places: 1)) Mbit/s") }
        return Diagnosis(
            subject: "Wi-Fi \(found.interface)",
            condition: .good,
            fact: facts.joined(separator: ", "),
            remedy: nil
        )
    }

    /// Where nothing was heard the reason is told, and nothing is wrong.
    private func neighbour() -> Diagnosis {
        let heard = evidence.neighbours.map { found in
            "\(found.interface) is on port \(found.port) of \(found.name ?? found.chassis)"
        }
        let reason = evidence.unread.first { $0.fact == "lldp" }?.reason
        return Diagnosis(
            subject: "switch (LLDP)",
            condition: .good,
            fact: heard.isEmpty ? "not known: \(reason ?? "nobody listened")" : heard.joined(separator: "; "),
            remedy: nil
        )
    }

    private func finding(_ finding: Finding) -> Diagnosis {
        Diagnosis(
            subject: finding.code.rawValue,
            condition: Self.condition(finding),
            fact: finding.summary,
            remedy: finding.remedy
        )
    }

    /// What is only worth knowing is not something that could be better.
    private static func condition(_ finding: Finding) -> Diagnosis.Condition {
        guard finding.severity == .info else { return .bad }
        switch finding.code {
        case .pathSeveralDefaultRoutes, .pathPolicyRouting, .pathProxy: return .good
        default: return .note
        }
    }
}
