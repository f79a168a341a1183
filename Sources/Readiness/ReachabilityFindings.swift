import Statistics
import Units

extension EndpointGrading {
    func reachabilityFindings() -> [Finding] {
        let ports = Dictionary(grouping: endpoint.ports, by: \.outcome)
        var findings: [Finding] = []
        if let blocked = ports[.blocked] { findings += blockedFindings(blocked) }
        if let answered = ports[.answered] { findings += pickyFindings(answered) }
        if let refused = ports[.notListening] { findings.append(notListeningFinding(refused)) }
        if let refused = ports[.repliesRefused] { findings.append(repliesRefusedFinding(refused)) }
        if let unsent = ports[.notSent] { findings.append(notSentFinding(unsent)) }
        let interrupted = endpoint.ports.filter { $0.outcome == .answered && $0.linkFailureCount > 0 }
        if !interrupted.isEmpty { findings.append(linkFinding(interrupted)) }
        return findings
    }

    func evidence(_ ports: [PortEvidence]) -> [Finding.Evidence] {
        [
            .init("endpoint", .text(endpoint.name)), .init("address", .text(endpoint.address)),
            .init("ports", .text(NumberText.ports(ports.map(\.port)))),
        ]
    }

    private func words(_ ports: [PortEvidence]) -> String { "UDP " + NumberText.portsWithNoun(ports.map(\.port)) }

    // MARK: Blocked

    /// One finding for the ports where another kind of packet gets through, one for those that stayed silent, one for
    /// each host that refused on the endpoint's behalf.
    private func blockedFindings(_ blocked: [PortEvidence]) -> [Finding] {
        let picky = pickyFindings(blocked)
        let blocked = blocked.filter { endpoint.access.diagnoses[$0.port]?.passing == nil }
        let silent = blocked.filter { $0.reachability == .silent }
        var findings = picky + (silent.isEmpty ? [] : [silentFinding(silent)])
        let refused = blocked.compactMap { port -> (PortEvidence, String, String)? in
            guard case .refused(let source, _, let reason) = port.reachability else { return nil }
            return (port, source, reason)
        }
        let bySource = Dictionary(grouping: refused) { [$0.1, $0.2] }
        for key in bySource.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let group = bySource[key], let first = group.first else { continue }
            findings.append(refusedFinding(group.map(\.0), source: first.1, reason: first.2))
        }
        return findings
    }

    static let openTheFirewall =
        "Allow UDP 3478-3481 outbound, to this endpoint as to Microsoft's media address ranges (by range and not by "
        + "domain name), past proxies and deep packet inspection. A firewall that forces media onto TCP degrades calls."

    private func silentFinding(_ silent: [PortEvidence]) -> Finding {
        let packets = silent.reduce(0) { $0 &+ $1.statistics.packets.sent }
        let nothingAtAll = endpoint.ports.allSatisfy { $0.reachability == .silent || $0.outcome == .notSent }
        let summary =
            nothingAtAll
            ? nothingAnswered
            : "\(words(silent)) of \(endpoint.name) did not answer while others did: something on the way blocks "
                + (silent.count == 1 ? "it." : "them.")
        let remedy = nothingAtAll ? whenNothingAnswers : Self.openTheFirewall
        return Finding(
            code: .udpBlocked,
            severity: Finding.Severity(profile.gradeWhenBlocked),
            summary: summary,
            evidence: evidence(silent) + [
                .init("packets_sent", .count(packets)), .init("packets_received", .count(0)),
            ] + fallbackEvidence,
            remedy: remedy
        )
    }

    private func refusedFinding(_ ports: [PortEvidence], source: String, reason: String) -> Finding {
        let verb = ports.count == 1 ? "is" : "are"
        // The kernel's own errors look like ICMP from this host: nothing answered for the next hop.
        let isOwn = source == endpoint.access.localAddress
        return Finding(
            code: .udpBlocked,
            severity: Finding.Severity(profile.gradeWhenBlocked),
            summary: isOwn
                ? "This host found no way to \(words(ports)) of \(endpoint.name) (\(reason)): its next hop, the gateway, "
                    + "does not answer."
                : "\(words(ports)) of \(endpoint.name) \(verb) refused on the way, by \(source) (\(reason)).",
            evidence: evidence(ports)
                + [.init("icmp_source", .text(source)), .init("icmp_reason", .text(reason))] + fallbackEvidence,
            remedy: isOwn
                ? "This host is as good as offline: look at its cable or Wi-Fi, its address and its gateway."
                : "See to the router or firewall at \(source). " + Self.openTheFirewall
        )
    }

    // MARK: Not the network's doing

    private func notListeningFinding(_ ports: [PortEvidence]) -> Finding {
        let reasons = Set(
            ports.compactMap { port -> String? in
                guard case .refused(_, _, let reason) = port.reachability else { return nil }
                return reason
            }
        )
        return Finding(
            code: .endpointPortRefused,
            severity: .inconclusive,
            summary: "\(endpoint.name) itself refused \(words(ports)): the network carried the packets there and the "
                + "refusal back, but nothing listens.",
            evidence: evidence(ports) + [.init("icmp_reason", .text(reasons.sorted().joined(separator: ", ")))],
            remedy: "Start linecheck reflect on the endpoint's host with these ports, or name other ports."
        )
    }

    private func repliesRefusedFinding(_ ports: [PortEvidence]) -> Finding {
        var counts: [String: Int] = [:]
        for port in ports { counts.merge(port.refusedReplies) { $0 &+ $1 } }
        let total = counts.values.reduce(0, &+)
        let reasons = counts.keys.sorted().map { Finding.Evidence("reason: \($0)", .count(counts[$0] ?? 0)) }
        return Finding(
            code: .endpointRepliesRefused,
            severity: .inconclusive,
            summary: "\(NumberText.count(total)) replies came from \(words(ports)) of \(endpoint.name), and none could "
                + "be accepted.",
            evidence: evidence(ports) + reasons,
            remedy: "See that both ends use the same key and the same mode, and that what answers there speaks STAMP."
        )
    }

    private func linkFinding(_ ports: [PortEvidence]) -> Finding {
        let failed = ports.reduce(0) { $0 + $1.linkFailureCount }
        let sent = ports.reduce(0) { $0 + $1.statistics.packets.sent }
        var reasons: [String: Int] = [:]
        for port in ports { reasons.merge(port.linkFailures, uniquingKeysWith: +) }
        let facts = reasons.keys.sorted().map { Finding.Evidence("reason: \($0)", .count(reasons[$0] ?? 0)) }
        return Finding(
            code: .linkInterrupted,
            severity: Finding.Severity(ports.map(linkGrade).max() ?? .atRisk),
            summary: "This host's own network was down for \(NumberText.count(failed)) of "
                + "\(NumberText.count(failed + sent)) packets to \(endpoint.name): calls would have broken off.",
            evidence: evidence(ports) + facts,
            remedy: "Look at this host's cable, switch port or Wi-Fi, and at what took its interface or route away."
        )
    }

    private func notSentFinding(_ ports: [PortEvidence]) -> Finding {
        let reasons = Set(
            ports.compactMap { port -> String? in
                guard case .notSent(let reason) = port.reachability else { return nil }
                return reason
            }
        )
        let reason = reasons.sorted().joined(separator: ", ")
        return Finding(
            code: .probeNotSent,
            severity: .inconclusive,
            summary: "This host could not send to \(words(ports)) of \(endpoint.name): \(reason).",
            evidence: evidence(ports) + [.init("reason", .text(reason))],
            remedy: "Give this host a route to \(endpoint.address) and let its own firewall send UDP there."
        )
    }
}
