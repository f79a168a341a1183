import Statistics
import Units

extension EndpointGrading {
    /// Reordered packets (RFC 4737 §3.3) as a share of those received, all answered ports pooled, the worse
    /// direction, with the same bounds on sampling as loss has.
    func reordering(_ rule: Rule) -> GradedCriterion {
        let samples = reorderingSamples
        guard let measure = Measure.worst(of: samples.map(\.measure)),
            let worst = samples.max(by: { $0.measure.interval.upperBound < $1.measure.interval.upperBound })
        else { return unmeasured(rule, basis: .perDirection, settle: "packets that were received") }
        let graded = IntervalGrade(measure.interval, bounds: rule.bounds)
        let settle = graded.open.map {
            packetsSettle(
                "reordering",
                ratio: measure.value,
                bound: rule.bounds[$0],
                offered: worst.received,
                burstRatio: 1
            )
        }
        return GradedCriterion(
            criterion: criterion(rule, measure, graded, settle: settle),
            obstacles: settle == nil ? [] : [.sampling]
        )
    }

    private var reorderingSamples: [(measure: Measure, received: Int)] {
        let known = [Direction.forward, .reverse].compactMap { direction in
            reorderingSample(direction) { statistics in
                direction == .forward
                    ? (statistics.forward.reordered, statistics.packets.forwardReceived)
                    : (statistics.reverse.reordered, statistics.packets.received)
            }
        }
        if known.count == 2 { return known }
        return [reorderingSample(nil) { ($0.packets.reordered, $0.packets.received) }].compactMap { $0 }
    }

    private func reorderingSample(
        _ direction: Direction?,
        counts: (StreamStatistics) -> (reordered: Int?, received: Int?)
    ) -> (measure: Measure, received: Int)? {
        var (reordered, received) = (0, 0)
        for port in answered {
            guard let some = counts(port.statistics).reordered, let all = counts(port.statistics).received else {
                return nil
            }
            reordered += some
            received += all
        }
        guard received > 0 else { return nil }
        let events = Double(min(reordered, received))
        let low = BinomialBounds.lower(events: events, trials: Double(received))
        let measure = Measure(
            events / Double(received),
            from: direction == nil ? low / 2 : low,
            to: BinomialBounds.upper(events: events, trials: Double(received)),
            direction: direction,
            basis: direction == nil ? .roundTrip : .perDirection
        )
        return (measure, received)
    }
}
