import Statistics
import Units

/// Telling "UDP is blocked" from "the endpoint is down" and "this host is offline", by what else was tried.
extension EndpointGrading {
    /// What is said where no port of the endpoint answered.
    var nothingAnswered: String {
        switch endpoint.access.fallback?.tcp {
        case .connected:
            "UDP to \(endpoint.name) is blocked on the way: its host answers on TCP \(fallbackPort), so media "
                + "would fall back to TCP, which degrades calls."
        case .refused:
            "Nothing at \(endpoint.name) answered by UDP, and TCP \(fallbackPort) was refused: a host is there, but it "
                + "may serve neither."
        case .timedOut, .failed:
            othersAnswered
                ? "Nothing at \(endpoint.name) answered, neither by UDP nor on TCP \(fallbackPort), while other "
                    + "endpoints did: it is down, or everything to it is blocked."
                : "Nothing at \(endpoint.name) answered, neither by UDP nor on TCP \(fallbackPort): this host may be "
                    + "offline, or the endpoint down."
        case nil:
            "Nothing at \(endpoint.name) answered: either UDP is blocked on the way, or the endpoint does not run."
        }
    }

    var whenNothingAnswers: String {
        switch endpoint.access.fallback?.tcp {
        case .connected: Self.openTheFirewall
        case .timedOut, .failed:
            othersAnswered
                ? "See whether the endpoint runs, and what the firewall does with all traffic to it. "
                    + Self.openTheFirewall
                : "See first whether this host reaches anything at all: its cable, address, gateway and DNS. "
                    + Self.openTheFirewall
        case .refused, nil: whichOfTheTwo
        }
    }

    private var whichOfTheTwo: String {
        "To tell which, see on the endpoint's host that \(serverName) runs and check from a network without a firewall "
            + "in between: if that answers, UDP is blocked on the way from here. " + Self.openTheFirewall
    }

    private var serverName: String { endpoint.access.server == nil ? "linecheck reflect" : "the server" }

    private var fallbackPort: String { "\(endpoint.access.fallback?.port ?? 443)" }

    private var othersAnswered: Bool {
        check.endpoints.contains { $0.name != endpoint.name && $0.ports.contains { $0.reachability == .answered } }
    }

    /// What TCP and TLS did, as facts.
    var fallbackEvidence: [Finding.Evidence] {
        guard let fallback = endpoint.access.fallback else { return [] }
        var facts: [Finding.Evidence] = [.init("tcp_\(fallback.port)", .text(fallback.tcp.words))]
        if let time = fallback.connectTime { facts.append(.init("tcp_connect_ms", .number(time.milliseconds))) }
        if let tls = fallback.tls { facts.append(.init("tls", .text(tls.words))) }
        return facts
    }

    // MARK: Only some packets

    /// Ports where probes of another kind pass: the mark or the size is what something takes offence at.
    func pickyFindings(_ ports: [PortEvidence]) -> [Finding] {
        let byKind = Dictionary(grouping: ports) { endpoint.access.diagnoses[$0.port]?.passing }
        return [PortDiagnosis.Kind.unmarked, .small, .smallUnmarked].compactMap { kind in
            byKind[kind].map { kind == .unmarked ? markedFinding($0) : largeFinding($0, kind) }
        }
    }

    private func series(_ ports: [PortEvidence]) -> [Finding.Evidence] {
        let series = ports.flatMap { endpoint.access.diagnoses[$0.port]?.series ?? [] }
        let kinds = PortDiagnosis.Kind.allCases.filter { kind in series.contains { $0.kind == kind } }
        return kinds.flatMap { kind -> [Finding.Evidence] in
            let same = series.filter { $0.kind == kind }
            return [
                .init("\(kind.rawValue)_sent", .count(same.reduce(0) { $0 + $1.sent })),
                .init("\(kind.rawValue)_answered", .count(same.reduce(0) { $0 + $1.answered })),
            ]
        }
    }

    private func markedFinding(_ ports: [PortEvidence]) -> Finding {
        let mark = check.requiredDSCP.map { "DSCP \($0.value)" } ?? "a mark"
        return Finding(
            code: .udpBlockedWhenMarked,
            severity: Finding.Severity(profile.gradeWhenBlocked),
            summary: "UDP \(NumberText.portsWithNoun(ports.map(\.port))) of \(endpoint.name) only answered packets "
                + "without a mark: something on the way drops those with \(mark).",
            evidence: evidence(ports) + series(ports),
            remedy:
                "Find the device that drops or polices marked packets, commonly a provider's edge that admits no EF "
                + "or a queue of no size, and have it pass or remark them."
        )
    }

    private func largeFinding(_ ports: [PortEvidence], _ kind: PortDiagnosis.Kind) -> Finding {
        let sizes = ports.flatMap { endpoint.access.diagnoses[$0.port]?.series ?? [] }
        let passing = sizes.filter { $0.kind == kind }.map(\.payloadBytes).max() ?? 0
        let stopped = sizes.filter { $0.kind == .same }.map(\.payloadBytes).max() ?? 0
        let unmarked = kind == .smallUnmarked ? " and unmarked" : ""
        return Finding(
            code: .udpBlockedWhenLarge,
            severity: Finding.Severity(profile.gradeWhenBlocked),
            summary: "UDP \(NumberText.portsWithNoun(ports.map(\.port))) of \(endpoint.name) only answered "
                + "small\(unmarked) packets, of \(passing) octets: those of \(stopped), as voice has, are lost on the way.",
            evidence: evidence(ports) + series(ports),
            remedy:
                "Look for a tunnel or link whose MTU is too small and for a device that drops fragments or packets by "
                + "their length; let ICMP 'packet too big' through."
        )
    }
}

extension FallbackEvidence.Outcome {
    /// As a fact is written.
    public var words: String {
        switch self {
        case .connected: "connected"
        case .refused: "refused"
        case .timedOut: "timed out"
        case .failed(let reason): reason
        }
    }
}

extension FallbackEvidence.Handshake {
    public var words: String {
        switch self {
        case .trusted(let issuer): issuer.map { "trusted, issued by \($0)" } ?? "trusted"
        case .locallyTrusted(let issuer, _): "trusted on this host only, issued by \(issuer)"
        case .untrusted(let issuer, _, let reason): "not trusted (\(reason)), issued by \(issuer)"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}
