import Statistics
import Units

/// Why a criterion is not settled, for the findings that explain it.
enum Obstacle: Hashable {
    /// The two hosts' clocks are not known well enough against each other.
    case clock
    /// Timestamps are not fine enough.
    case timestamps
    /// This host did not keep time.
    case probeTiming
    /// This host dropped replies.
    case socketDrops
}

/// A criterion together with what kept it from being settled.
struct GradedCriterion {
    var criterion: Criterion
    var obstacles: Set<Obstacle> = []
}

/// Grades one endpoint of a check. Each metric is in a file of its own.
struct EndpointGrading {
    let endpoint: EndpointEvidence
    let check: CheckEvidence
    let profile: Profile
    let probe: ProbeCondition

    /// The ports whose numbers mean something.
    var answered: [PortEvidence] { endpoint.ports.filter { $0.reachability == .answered } }

    func criteria() -> [GradedCriterion] {
        let reachable = endpoint.ports.map { GradedCriterion(criterion: reachability(of: $0)) }
        guard !answered.isEmpty else { return reachable }
        let marks = markingCriteria().map { GradedCriterion(criterion: $0) }
        return reachable + profile.rules.map(grade) + marks
    }

    private func grade(_ rule: Rule) -> GradedCriterion {
        switch rule.metric {
        case .latencyOneWay: latency(rule)
        case .roundTrip: roundTrip(rule)
        case .jitter: jitter(rule)
        case .loss: loss(rule)
        case .reordering: reordering(rule)
        }
    }

    /// A criterion that nothing could be measured for: it must stand in the verdict, or its silence would be taken
    /// for consent.
    func unmeasured(_ rule: Rule, basis: Basis, settle: String) -> GradedCriterion {
        GradedCriterion(
            criterion: Criterion(
                name: rule.metric.criterion,
                endpoint: endpoint.name,
                value: nil,
                unit: rule.metric.unit,
                target: rule.target,
                limit: rule.limit,
                statistic: rule.statistic,
                basis: basis,
                grade: .inconclusive,
                settle: settle
            )
        )
    }

    func criterion(_ rule: Rule, _ measure: Measure, _ graded: IntervalGrade, settle: String?) -> Criterion {
        Criterion(
            name: rule.metric.criterion,
            endpoint: endpoint.name,
            port: measure.port,
            direction: measure.direction,
            value: measure.value,
            unit: rule.metric.unit,
            interval: measure.interval,
            target: rule.target,
            limit: rule.limit,
            statistic: rule.statistic,
            basis: measure.basis,
            grade: graded.grade,
            settle: settle
        )
    }
}

extension Rule {
    var bounds: Bounds { Bounds(target: target, limit: limit) }
}

/// A value with everything it may be, and where it was measured.
struct Measure {
    var value: Double
    var interval: ClosedRange<Double>
    var port: UInt16?
    var direction: Direction?
    var basis: Basis

    init(
        _ value: Double,
        from low: Double,
        to high: Double,
        port: UInt16? = nil,
        direction: Direction? = nil,
        basis: Basis
    ) {
        let known = value.isNaN ? 0 : max(0, value)
        let least = low.isNaN ? 0 : max(0, min(low, known))
        self.value = known
        self.interval = least...(high.isNaN ? .infinity : max(known, high))
        self.port = port
        self.direction = direction
        self.basis = basis
    }

    /// The worst of several: named after the one with the greatest value, though another may turn out to be worse
    /// within its uncertainty, so that the interval runs from the greatest lower to the greatest upper end. Where
    /// all are alike none is named.
    static func worst(of measures: [Measure]) -> Measure? {
        guard var worst = measures.max(by: { ($0.value, $0.interval.upperBound) < ($1.value, $1.interval.upperBound) })
        else { return nil }
        let low = measures.map(\.interval.lowerBound).max() ?? worst.interval.lowerBound
        let high = measures.map(\.interval.upperBound).max() ?? worst.interval.upperBound
        worst.interval = min(low, high)...max(low, high)
        if measures.count > 1, measures.allSatisfy({ $0.value == worst.value }) {
            if Set(measures.map(\.port)).count > 1 { worst.port = nil }
            if Set(measures.map(\.direction)).count > 1 { worst.direction = nil }
        }
        return worst
    }
}
