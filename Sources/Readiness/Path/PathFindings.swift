import Units

extension PathEvidence {
    /// What is wrong, or worth knowing, with the way that media takes out of this host.
    ///
    /// - Parameter hurt: the 15 s windows in which packets were lost, to tell which a change of the Wi-Fi fell into.
    public func findings(hurt: [HurtWindow] = []) -> [Finding] {
        hairpinFindings() + rangesFindings() + routingFindings() + proxyFindings() + links.flatMap { $0.findings() }
            + wireless.flatMap { $0.findings(hurt: hurt) }
    }

    private var allRoutes: [DestinationRoute] { routes + (ranges?.routes ?? []) }

    // MARK: Tunnels

    /// One for each tunnel.
    private func hairpinFindings() -> [Finding] {
        let tunnelled = allRoutes.filter { isHairpin($0) }
        let names = tunnelled.compactMap { $0.route?.tunnel }.inOrderOfAppearance
        return names.map { name in hairpin(name, tunnelled.filter { $0.route?.tunnel == name }) }
    }

    /// A PPP link that is the only way out is the line itself (PPPoE, a modem), and no tunnel beside it.
    private func isHairpin(_ destination: DestinationRoute) -> Bool {
        guard let route = destination.route, route.tunnel != nil else { return false }
        guard route.kind.name == "ppp", route.transform == nil else { return true }
        return defaultRoutes.contains { !$0.kind.isTunnel && $0.family == destination.address.family }
    }

    private func hairpin(_ tunnel: String, _ destinations: [DestinationRoute]) -> Finding {
        let known = ranges?.ranges ?? .shipped
        let names = destinations.map(\.name).inOrderOfAppearance
        var facts: [Finding.Evidence] = [
            .init("tunnel", .text(tunnel)), .init("destinations", .text(ListText.and(names))),
        ]
        if let route = destinations.first?.route {
            facts.append(.init("interface", .text(route.interface)))
            facts.append(.init("kind", .text(route.kind.name)))
            facts.append(.init("table", .count(Int(route.table))))
            if let prefix = route.prefix { facts.append(.init("route", .text(prefix.description))) }
            if let mtu = route.mtu { facts.append(.init("mtu_bytes", .count(mtu))) }
            if let policy = route.transform {
                facts.append(.init("ipsec_policy", .text(policy.destination.description)))
            }
        }
        return Finding(
            code: .pathVPNHairpin,
            severity: .atRisk,
            summary: "Packets to \(ListText.and(names)) leave through a tunnel, \(tunnel): media makes a detour to "
                + "where the tunnel ends, which adds latency and jitter.",
            evidence: facts,
            remedy: "Split Teams media from the tunnel: exclude \(known.text) (UDP 3478-3481) in the VPN's "
                + "settings\(destinations.first?.route?.transform == nil ? bypass(known) : Self.letPass(known))."
        )
    }

    /// An IPsec policy decides before routing is asked: only a policy of a better rank helps.
    private static func letPass(_ ranges: MediaRanges) -> String {
        guard let prefix = ranges.prefixes.first else { return "" }
        return ", or let each range pass, as in ip xfrm policy add dst \(prefix) dir out priority 0 action allow"
    }

    /// The command, where it is plain which way past the tunnel there is.
    private func bypass(_ ranges: MediaRanges) -> String {
        let commands = [IPAddress.Family.ipv4, .ipv6].compactMap { family -> String? in
            let ways = defaultRoutes.filter { $0.family == family && !$0.kind.isTunnel }
            guard let way = ways.min(by: { ($0.metric ?? 0) < ($1.metric ?? 0) }),
                let prefix = ranges.prefixes.first(where: { $0.address.family == family })
            else { return nil }
            return "ip \(family == .ipv6 ? "-6 " : "")route replace \(prefix) \(way.way)"
        }
        return commands.isEmpty ? "" : ", or route each range past it, as in \(ListText.and(commands))"
    }

    // MARK: Routing tables

    private func routingFindings() -> [Finding] {
        severalDefaults() + policyFindings() + mtuFindings()
    }

    private func severalDefaults() -> [Finding] {
        [IPAddress.Family.ipv4, .ipv6].compactMap { family in
            let found = defaultRoutes.filter { $0.family == family }
            let ways = found.map { "\($0.way)" }.inOrderOfAppearance
            guard ways.count > 1 else { return nil }
            let tied = Dictionary(grouping: found) { [$0.table, $0.metric ?? 0] }.values.contains {
                $0.map(\.way).inOrderOfAppearance.count > 1
            }
            let listed = found.map { route in
                "\(route.way) table \(route.table)" + (route.metric.map { " metric \($0)" } ?? "")
            }
            return Finding(
                code: .pathSeveralDefaultRoutes,
                severity: .info,
                summary: "This host has \(found.count) default routes for \(family.text)"
                    + (tied
                        ? ", some of equal rank: which of them carries a call may change."
                        : "; "
                            + "the kernel's choice for each endpoint is what was measured."),
                evidence: [.init("default_routes", .text(listed.joined(separator: "; ")))],
                remedy:
                    "See that media takes the line that is meant for it, and that the others are meant to be there; "
                    + "give them different metrics."
            )
        }
    }

    private func policyFindings() -> [Finding] {
        guard !rules.isEmpty else { return [] }
        return [
            Finding(
                code: .pathPolicyRouting,
                severity: .info,
                summary: "\(rules.count == 1 ? "A policy rule decides" : "\(rules.count) policy rules decide") on this "
                    + "host which routing table is asked: other users, marks or sources may take other ways than the "
                    + "probes.",
                evidence: [.init("rules", .text(rules.map(\.text).joined(separator: "; ")))],
                remedy: "Compare with ip rule that calls are routed as the probes are, which carry the mark of voice."
            )
        ]
    }

    /// Teams' own packets stay under 1,280 octets or thereabouts; less is asking for fragments.
    private static let leastMTU = 1_280

    private func mtuFindings() -> [Finding] {
        let small = allRoutes.filter { ($0.route?.mtu ?? .max) < Self.leastMTU }
        guard let least = small.compactMap({ $0.route?.mtu }).min() else { return [] }
        return [
            Finding(
                code: .pathMTULow,
                severity: .info,
                summary:
                    "The way to \(ListText.and(small.map(\.name).inOrderOfAppearance)) takes packets of no more than "
                    + "\(NumberText.count(least)) octets: voice fits, video may be fragmented.",
                evidence: [.init("mtu_bytes", .count(least))],
                remedy: "Raise the MTU of the interface or the tunnel to \(NumberText.count(Self.leastMTU)) or more."
            )
        ]
    }

    private func proxyFindings() -> [Finding] {
        let found = proxies.filter { $0.variable.lowercased() != "no_proxy" }
        guard !found.isEmpty else { return [] }
        return [
            Finding(
                code: .pathProxy,
                severity: .info,
                summary:
                    "The environment names a proxy: media over UDP goes past it, but where UDP is blocked it falls "
                    + "back to TCP and then to the proxy, which degrades calls.",
                evidence: proxies.map { .init($0.variable, .text($0.address)) },
                remedy: "Leave UDP 3478-3481 open past the proxy, and exempt Teams from it."
            )
        ]
    }
}

extension Array where Element: Hashable {
    /// Each once.
    var inOrderOfAppearance: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension IPAddress.Family {
    var text: String { self == .ipv4 ? "IPv4" : "IPv6" }
}
