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

extension PortEvidence {
    var linkFailureCount: Int { linkFailures.values.reduce(0, +) }
}

extension EndpointGrading {
    func reachability(of port: PortEvidence) -> Criterion {
        let packets = port.statistics.packets
        let (grade, settle) = reachabilityGrade(port)
        let wanted = packets.sent + port.linkFailureCount
        return Criterion(
            name: .reachability,
            endpoint: endpoint.name,
            port: port.port,
            value: wanted > 0 ? Double(packets.received) / Double(wanted) : nil,
            unit: .ratio,
            statistic: .wholeCheck,
            basis: port.linkFailureCount > 0 ? .localError : reachabilityBasis(port.reachability),
            grade: grade,
            settle: settle
        )
    }

    private func reachabilityGrade(_ port: PortEvidence) -> (Grade, String?) {
        switch port.outcome {
        case .answered: (linkGrade(port), nil)
        case .blocked: (profile.gradeWhenBlocked, nil)
        case .notListening: (.inconclusive, "an endpoint that listens on this port")
        case .repliesRefused: (.inconclusive, "replies that this host can accept")
        case .notSent: (.inconclusive, "a check from a host that can send there")
        }
    }

    /// A call breaks while this host's own network is down, whatever arrives at other times: never ready then, and
    /// not ready when it was down for a share of the time that would not be accepted as loss.
    func linkGrade(_ port: PortEvidence) -> Grade {
        guard port.linkFailureCount > 0 else { return .ready }
        let wanted = port.statistics.packets.sent + port.linkFailureCount
        let limit = profile.rules.first { $0.metric == .loss }?.limit ?? 0.01
        return Double(port.linkFailureCount) / Double(wanted) >= limit ? .notReady : .atRisk
    }

    private func reachabilityBasis(_ reachability: Reachability) -> Basis {
        switch reachability {
        case .answered, .silent: .replies
        case .refused: .icmp
        case .notSent: .localError
        }
    }
}
