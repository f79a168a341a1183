import Statistics
import Units

extension EndpointGrading {
    /// Interarrival jitter of the worst port and direction.
    ///
    /// A run shorter than the 15 s window is held against the bounds by the mean of its J, with nothing said about
    /// how high a whole window would come: it can miss a bound but never meet one.
    ///
    /// Where only the round trip's jitter is known, the worse direction's lies between half of it and all of it, the
    /// two directions taken to be independent: |D₁ + D₂| is on average at most twice the greater of the two, and at
    /// least the greater.
    func jitter(_ rule: Rule) -> GradedCriterion {
        guard let measure = Measure.worst(of: answered.flatMap { jitters(of: $0, rule.statistic) }) else {
            return unmeasured(rule, basis: .perDirection, settle: "at least two replies on a port")
        }
        let short = rule.statistic == .worst15s && isShorterThanWindow
        let graded = IntervalGrade(measure.interval, bounds: rule.bounds, unboundedAbove: short)
        guard let open = graded.open else {
            return softened(criterion(rule, measure, graded, settle: nil), obstacles: [])
        }
        if short {
            return softened(criterion(rule, measure, graded, settle: windowSettle), obstacles: [.sampling])
        }
        if measure.basis == .roundTrip {
            let settle = "an endpoint whose replies carry its times, so that each direction shows its own jitter"
            return softened(criterion(rule, measure, graded, settle: settle), obstacles: [.direction])
        }
        let settle = timestampSettle(measure, bound: rule.bounds[open])
        return softened(criterion(rule, measure, graded, settle: settle), obstacles: [.probeTiming])
    }

    private func jitters(of port: PortEvidence, _ statistic: Statistic) -> [Measure] {
        let directions: [(Direction, JitterStatistics?)] = [
            (.forward, port.statistics.forward.jitter), (.reverse, port.statistics.reverse.jitter),
        ]
        let known = directions.compactMap { direction, jitter in
            jitter?.measure(statistic, port: port.port, direction: direction)
        }
        if !known.isEmpty { return known }
        guard let whole = port.statistics.roundTrip.jitter?.measure(statistic, port: port.port, direction: nil) else {
            return []
        }
        return [
            Measure(
                whole.value,
                from: whole.interval.lowerBound / 2,
                to: whole.interval.upperBound,
                port: port.port,
                basis: .roundTrip
            )
        ]
    }

    /// Whether any answered port has no whole 15 s window of jitter.
    private var isShorterThanWindow: Bool {
        answered.contains { port in
            let statistics = port.statistics
            let perDirection = [statistics.forward.jitter, statistics.reverse.jitter].compactMap { $0 }
            let jitters = perDirection.isEmpty ? [statistics.roundTrip.jitter].compactMap { $0 } : perDirection
            return jitters.contains { $0.worst15s == nil }
        }
    }

    var windowSettle: String { "a check of at least 15 s (\(check.duration.text) here)" }

    private func timestampSettle(_ measure: Measure, bound: Double) -> String {
        let margin = abs(measure.value - bound)
        let now = measure.interval.upperBound - measure.value
        guard margin >= 0.001 else { return "nothing but a change: the jitter lies on the bound" }
        return "timestamps good to \(NumberText.milliseconds(margin)) (\(NumberText.milliseconds(now)) here)"
    }
}

extension JitterStatistics {
    func measure(_ statistic: Statistic, port: UInt16, direction: Direction?) -> Measure? {
        let (value, high): (Nanoseconds, Nanoseconds)
        switch statistic {
        case .worst15s: (value, high) = worst15s.map { ($0, $0) } ?? (mean, max(mean, maximum))
        case .mean: (value, high) = (mean, mean)
        case .maximum: (value, high) = (maximum, maximum)
        case .p50, .p95, .p99, .worst200ms, .wholeCheck: return nil
        }
        return Measure(
            value.milliseconds,
            from: (value - uncertainty).milliseconds,
            to: (high + uncertainty).milliseconds,
            port: port,
            direction: direction,
            basis: direction == nil ? .roundTrip : .perDirection
        )
    }
}
