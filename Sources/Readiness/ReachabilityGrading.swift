import Statistics
import Units

/// What became of one port, as a verdict sees it.
enum PortOutcome: Hashable {
    case answered
    /// Nothing came back, or something other than the endpoint refused.
    case blocked
    /// The endpoint itself refused: the network carried the packet there and the refusal back.
    case notListening
    /// Replies came, and none could be accepted.
    case repliesRefused
    case notSent
}

extension PortEvidence {
    var outcome: PortOutcome {
        switch reachability {
        case .answered: .answered
        case .refused(_, let byEndpoint, _): byEndpoint ? .notListening : .blocked
        case .silent: refusedReplies.values.contains { $0 > 0 } ? .repliesRefused : .blocked
        case .notSent: .notSent
        }
    }
}

extension EndpointGrading {
    func reachability(of port: PortEvidence) -> Criterion {
        let packets = port.statistics.packets
        let (grade, settle) = reachabilityGrade(port.outcome)
        return Criterion(
            name: .reachability,
            endpoint: endpoint.name,
            port: port.port,
            value: packets.sent > 0 ? Double(packets.received) / Double(packets.sent) : nil,
            unit: .ratio,
            statistic: .wholeCheck,
            basis: reachabilityBasis(port.reachability),
            grade: grade,
            settle: settle
        )
    }

    private func reachabilityGrade(_ outcome: PortOutcome) -> (Grade, String?) {
        switch outcome {
        case .answered: (.ready, nil)
        case .blocked: (profile.gradeWhenBlocked, nil)
        case .notListening: (.inconclusive, "an endpoint that listens on this port")
        case .repliesRefused: (.inconclusive, "replies that this host can accept")
        case .notSent: (.inconclusive, "a check from a host that can send there")
        }
    }

    private func reachabilityBasis(_ reachability: Reachability) -> Basis {
        switch reachability {
        case .answered, .silent: .replies
        case .refused: .icmp
        case .notSent: .localError
        }
    }
}
