import Statistics
import Units

/// A place at which marks are seen.
enum MarkPlace: CaseIterable {
    /// Where packets leave this host.
    case egress
    /// Where they arrive at the far end.
    case farEnd
    /// Where replies come to this host, on the wire and then in its sockets.
    case returnedOnWire, returned

    var direction: Direction {
        switch self {
        case .egress, .farEnd: .forward
        case .returnedOnWire, .returned: .reverse
        }
    }
}

/// The marks seen on one port's packets at one place.
struct PortMarks {
    var port: UInt16
    var packets: [DSCP: Int]
    /// Nil where they were only counted.
    var series: MarkSeries?

    var total: Int { packets.values.reduce(0, &+) }
    func carrying(_ mark: DSCP) -> Int { packets[mark] ?? 0 }
}

extension EndpointGrading {
    func markingCriteria() -> [Criterion] { [.egress, .farEnd, .returned].compactMap(marking) }

    /// Whether packets still carried the mark that voice needs at one place. There is no criterion where nobody saw the
    /// marks: a guess would be worse than none.
    private func marking(_ place: MarkPlace) -> Criterion? {
        guard let required = check.requiredDSCP else { return nil }
        let seen = marks(place)
        let total = seen.reduce(0) { $0 &+ $1.total }
        guard total > 0 else { return nil }
        let right = seen.reduce(0) { $0 &+ $1.carrying(required) }
        return Criterion(
            name: .dscp,
            endpoint: endpoint.name,
            direction: place.direction,
            value: Double(right) / Double(total),
            unit: .ratio,
            statistic: .wholeCheck,
            basis: place.basis,
            grade: right == total ? .ready : profile.gradeWhenRemarked
        )
    }

    /// A STUN or TURN server marks its own answers as it likes, whatever it does with media: an unmarked one proves
    /// nothing, one with the mark that it came through.
    var answersUnmarked: Bool {
        guard endpoint.access.server != nil, let required = check.requiredDSCP else { return false }
        return answered.allSatisfy { ($0.returnDSCP[required] ?? 0) == 0 }
    }

    /// By port, for the ports on which the marks at this place are known.
    func marks(_ place: MarkPlace) -> [PortMarks] {
        answered.compactMap { marks(place, on: $0) }.filter { $0.total > 0 }
    }

    private func marks(_ place: MarkPlace, on port: PortEvidence) -> PortMarks? {
        func seen(_ series: MarkSeries?) -> PortMarks? {
            series.map { PortMarks(port: port.port, packets: $0.counts, series: $0) }
        }
        switch place {
        case .egress: return seen(port.trail.egress)
        case .farEnd:
            return port.farEndDSCP.map { PortMarks(port: port.port, packets: $0, series: port.trail.farEnd) }
        case .returnedOnWire:
            return port.returnDSCPRefusedByPolicy || answersUnmarked ? nil : seen(port.trail.returnedOnWire)
        case .returned:
            guard !port.returnDSCPRefusedByPolicy, !answersUnmarked else { return nil }
            return PortMarks(port: port.port, packets: port.returnDSCP, series: port.trail.returned)
        }
    }
}

extension MarkPlace {
    fileprivate var basis: Basis {
        switch self {
        case .egress: .egressCapture
        case .farEnd: .farEndReport
        case .returnedOnWire, .returned: .replyMark
        }
    }
}
