import Statistics
import Units

/// The marks seen on one port's packets in one direction.
struct PortMarks {
    var port: UInt16
    var packets: [DSCP: Int]

    var total: Int { packets.values.reduce(0, &+) }
    func carrying(_ mark: DSCP) -> Int { packets[mark] ?? 0 }
}

extension EndpointGrading {
    /// Whether packets still carried the mark that voice needs at the end of one direction. There is no criterion
    /// where nobody saw the marks: a guess would be worse than none.
    func marking(_ direction: Direction) -> Criterion? {
        guard let required = check.requiredDSCP else { return nil }
        let seen = marks(direction)
        let total = seen.reduce(0) { $0 &+ $1.total }
        guard total > 0 else { return nil }
        let right = seen.reduce(0) { $0 &+ $1.carrying(required) }
        return Criterion(
            name: .dscp,
            endpoint: endpoint.name,
            direction: direction,
            value: Double(right) / Double(total),
            unit: .ratio,
            statistic: .wholeCheck,
            basis: direction == .forward ? .farEndReport : .replyMark,
            grade: right == total ? .ready : profile.gradeWhenRemarked
        )
    }

    /// A STUN or TURN server marks its own answers as it likes, whatever it does with media: an unmarked one proves
    /// nothing, one with the mark that it came through.
    var answersUnmarked: Bool {
        guard endpoint.access.server != nil, let required = check.requiredDSCP else { return false }
        return answered.allSatisfy { ($0.returnDSCP[required] ?? 0) == 0 }
    }

    /// By port, for the ports on which the marks of this direction are known.
    func marks(_ direction: Direction) -> [PortMarks] {
        answered.compactMap { port in
            switch direction {
            case .forward: port.farEndDSCP.map { PortMarks(port: port.port, packets: $0) }
            case .reverse:
                port.returnDSCPRefusedByPolicy || answersUnmarked
                    ? nil : PortMarks(port: port.port, packets: port.returnDSCP)
            }
        }
        .filter { $0.total > 0 }
    }
}
