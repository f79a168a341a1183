import Statistics
import Units

extension EndpointGrading {
    /// One-way delay of the worse direction.
    ///
    /// Where its interval leaves a bound open, the round trip decides if it can: under twice the bound there and back
    /// is what Microsoft's guidance takes for under the bound one way. It never overrules what the one-way delay
    /// proves, nor an estimate that is itself at or over the bound.
    func latency(_ rule: Rule) -> GradedCriterion {
        guard let measure = oneWayDelay(rule.statistic) else {
            return unmeasured(rule, basis: .halfRoundTrip, settle: "replies that carry usable times")
        }
        let short = hasTooFewSingletons
        let graded = IntervalGrade(measure.interval, bounds: rule.bounds, unboundedAbove: short)
        if let open = graded.open, let decided = roundTripDecision(rule, measure, graded, open) {
            var measure = measure
            measure.basis = .roundTrip
            return softened(criterion(rule, measure, decided, settle: nil), obstacles: [])
        }
        let (settle, obstacles) = delaySettle(rule, measure, graded)
        return softened(criterion(rule, measure, graded, settle: settle), obstacles: obstacles)
    }

    /// The round trip's own delay.
    func roundTrip(_ rule: Rule) -> GradedCriterion {
        guard let measure = roundTripDelay(rule.statistic) else {
            return unmeasured(rule, basis: .roundTrip, settle: "replies that carry usable times")
        }
        let graded = IntervalGrade(measure.interval, bounds: rule.bounds, unboundedAbove: hasTooFewSingletons)
        let settle = graded.open.map { bound in
            hasTooFewSingletons
                ? tooFewSingletons : longerCheck(measure, margin: abs(measure.value - rule.bounds[bound]))
        }
        return softened(criterion(rule, measure, graded, settle: settle), obstacles: settle == nil ? [] : [.sampling])
    }

    /// What the round trip makes of a bound that the one-way delay leaves open; nil when it cannot tell either.
    private func roundTripDecision(
        _ rule: Rule,
        _ measure: Measure,
        _ graded: IntervalGrade,
        _ open: IntervalGrade.Bound
    ) -> IntervalGrade? {
        guard rule.statistic == .p95, !hasTooFewSingletons, let roundTrip = roundTripDelay(.p95)?.interval else {
            return nil
        }
        let doubled = Bounds(target: 2 * rule.target, limit: 2 * rule.limit)
        let decided = IntervalGrade(roundTrip, bounds: doubled)
        guard decided.open == nil, decided.grade >= graded.grade || graded.grade == .inconclusive else { return nil }
        let isBetterThanEstimate = measure.value >= rule.bounds[open] && roundTrip.upperBound < doubled[open]
        return isBetterThanEstimate ? nil : decided
    }

    // MARK: Measures

    private func oneWayDelay(_ statistic: Statistic) -> Measure? {
        if statistic == .p95, let delay = endpoint.statistics.worseDirectionDelay {
            return Measure(
                delay.value.milliseconds,
                from: delay.interval.lowerBound.milliseconds,
                to: delay.interval.upperBound.milliseconds,
                direction: endpoint.statistics.clock == nil ? nil : delay.direction,
                basis: delayBasis
            )
        }
        return Measure.worst(of: answered.flatMap { oneWayDelays(of: $0, statistic) })
    }

    /// Each direction by itself: without the p95's joint treatment the interval is wider, never narrower, than need
    /// be; sampling is in it for the p95 alone.
    private func oneWayDelays(of port: PortEvidence, _ statistic: Statistic) -> [Measure] {
        let directions: [(Direction, DelayStatistics?)] = [
            (.forward, port.statistics.forward.delay), (.reverse, port.statistics.reverse.delay),
        ]
        let known = directions.compactMap { direction, delay in
            delay?.measure(statistic, port: port.port, direction: direction, basis: delayBasis)
        }
        guard known.isEmpty, endpoint.statistics.clock == nil else { return known }
        guard let whole = port.statistics.roundTrip.delay?.measure(statistic, port: port.port, basis: .halfRoundTrip)
        else { return [] }
        return [
            Measure(
                whole.value / 2,
                from: whole.interval.lowerBound / 2,
                to: whole.interval.upperBound,
                port: port.port,
                basis: .halfRoundTrip
            )
        ]
    }

    private func roundTripDelay(_ statistic: Statistic) -> Measure? {
        if statistic == .p95, let value = endpoint.statistics.roundTripP95,
            let interval = endpoint.statistics.roundTripP95Interval
        {
            return Measure(
                value.milliseconds,
                from: interval.lowerBound.milliseconds,
                to: interval.upperBound.milliseconds,
                basis: .roundTrip
            )
        }
        return Measure.worst(
            of: answered.compactMap {
                $0.statistics.roundTrip.delay?.measure(statistic, port: $0.port, basis: .roundTrip)
            }
        )
    }

    private var delayBasis: Basis {
        switch endpoint.statistics.clock?.method {
        case .synchronized: .synchronized
        case .roundTripBounded: .roundTripBounded
        case .halfRoundTrip, nil: .halfRoundTrip
        }
    }

    // MARK: What would settle it

    /// The fewest singletons that any answered port has.
    private var fewestSingletons: Int {
        answered.compactMap { $0.statistics.roundTrip.delay?.count ?? $0.statistics.packets.received }.min() ?? 0
    }

    private var hasTooFewSingletons: Bool { fewestSingletons < profile.sampling.minimumDelaySingletons }

    private var tooFewSingletons: String {
        let needed = profile.sampling.minimumDelaySingletons
        return "at least \(NumberText.count(needed)) replies on every port (\(NumberText.count(fewestSingletons)) here)"
    }

    private func delaySettle(
        _ rule: Rule,
        _ measure: Measure,
        _ graded: IntervalGrade
    ) -> (String?, Set<Obstacle>) {
        guard let open = graded.open else { return (nil, []) }
        if hasTooFewSingletons { return (tooFewSingletons, [.sampling]) }
        let bound = rule.bounds[open]
        let margin = abs(measure.value - bound)
        let sampling = samplingHalfWidth(measure, below: measure.value < bound)
        if measure.basis == .halfRoundTrip {
            return ("an endpoint whose replies carry its times, as a STAMP reflector's do", [.direction])
        }
        guard let clock = endpoint.statistics.clock, clock.uncertainty.milliseconds > 0 else {
            return (longerCheck(measure, margin: margin), [.sampling])
        }
        let room = margin - sampling
        let now = clock.uncertainty.milliseconds
        if room < 0.001 { return (longerCheck(measure, margin: margin), [.sampling, .clock]) }
        guard room < now else { return (longerCheck(measure, margin: margin - now), [.sampling]) }
        let text =
            "clocks within \(NumberText.milliseconds(room)) of each other "
            + "(within \(NumberText.milliseconds(now)) here)"
        return (text, [.clock])
    }

    /// How far sampling alone may move the p95 towards a bound, ms.
    private func samplingHalfWidth(_ measure: Measure, below: Bool) -> Double {
        let delays = answered.flatMap { [$0.statistics.forward.delay, $0.statistics.reverse.delay] }.compactMap { $0 }
        let widths = delays.map { below ? $0.p95Sampling.upperBound - $0.p95 : $0.p95 - $0.p95Sampling.lowerBound }
        return max(0, widths.max()?.milliseconds ?? 0)
    }

    /// A sample's interval narrows with the square root of its size.
    private func longerCheck(_ measure: Measure, margin: Double) -> String {
        let half = max(measure.interval.upperBound - measure.value, measure.value - measure.interval.lowerBound)
        let factor = margin > 0 ? (half / margin) * (half / margin) : .infinity
        let duration = max(check.duration.seconds, 1) * factor
        guard duration < 86_400 else { return "nothing but a change: the delay lies on the bound" }
        let length = Nanoseconds.seconds(rounding: Double(NumberText.roundedUp(duration)))
        return "a longer check, of about \(length.text) (\(check.duration.text) here)"
    }
}

extension DelayStatistics {
    func measure(_ statistic: Statistic, port: UInt16, direction: Direction? = nil, basis: Basis) -> Measure? {
        let value: Nanoseconds
        switch statistic {
        case .p50: value = median
        case .mean: value = mean
        case .p95: value = p95
        case .p99: value = p99
        case .maximum: value = maximum
        case .worst15s, .worst200ms, .wholeCheck: return nil
        }
        let sampled = statistic == .p95 ? p95Sampling : value...value
        return Measure(
            value.milliseconds,
            from: (sampled.lowerBound - uncertainty).milliseconds,
            to: (sampled.upperBound + uncertainty).milliseconds,
            port: port,
            direction: direction,
            basis: basis
        )
    }
}

extension EndpointGrading {
    /// Takes back what a probe that kept bad time would blame on the network.
    func softened(_ criterion: Criterion, obstacles: Set<Obstacle>) -> GradedCriterion {
        guard probe.distortsDelay, criterion.grade != .ready else {
            return GradedCriterion(criterion: criterion, obstacles: obstacles)
        }
        var criterion = criterion
        criterion.grade = .inconclusive
        criterion.settle = "a check from a machine that keeps its send times, or whose kernel timestamps packets"
        return GradedCriterion(criterion: criterion, obstacles: obstacles.union([.probeTiming]))
    }
}
