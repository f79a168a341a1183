import ProbeCore
import SimulatedNetwork
import Statistics
import Units

extension CutRun {
    /// Holds the run that was put together from its segments against the truth, and against itself judged as a whole.
    func digestViolations() -> Violations {
        var violations = Violations()
        digested.checkDelays(&violations)
        digested.checkLosses(&violations)
        if timesAreTheSame { digested.checkJitter(&violations) }
        digested.checkGrades(&violations)
        digested.checkProbe(&violations)
        for stream in 0..<whole.scenario.streams { compare(stream, &violations) }
        comparePooled(&violations)
        checkClock(&violations)
        return violations
    }

    private func compare(_ stream: Int, _ violations: inout Violations) {
        let (run, sum) = (whole.statistics.streams[stream], digested.statistics.streams[stream])
        violations.expect(
            run.packets.sent == sum.packets.sent && run.packets.received == sum.packets.received
                && run.packets.late == sum.packets.late,
            "packets put together, stream \(stream)",
            "\(sum.packets), not \(run.packets)"
        )
        compareLoss(run.roundTrip.loss, sum.roundTrip.loss, "stream \(stream)", &violations)
        if timesAreTheSame, let delay = run.roundTrip.delay, let other = sum.roundTrip.delay, delay.count == other.count
        {
            comparePercentiles(delay, other, "stream \(stream)", &violations)
        }
        if let variation = run.roundTrip.delayVariation, let other = sum.roundTrip.delayVariation,
            timesAreTheSame
        {
            for (name, part) in [("p50", \DelayVariationStatistics.p50), ("p95", \.p95), ("p99", \.p99)] {
                expectNear(
                    variation[keyPath: part],
                    other[keyPath: part],
                    "IPDV \(name), stream \(stream)",
                    &violations
                )
            }
        }
        if let rating = run.rFactor, let other = sum.rFactor, run.method == .halfRoundTrip {
            violations.expect(abs(rating - other) < 0.5, "rating, stream \(stream)", "\(other), not \(rating)")
        }
    }

    /// Losses of the round trip are the same to the last bit: counts, periods over the cuts, bounds, worst windows.
    private func compareLoss(
        _ run: LossStatistics?,
        _ sum: LossStatistics?,
        _ name: String,
        _ violations: inout Violations
    ) {
        violations.expect(
            run == sum,
            "losses put together, \(name)",
            "\(String(describing: sum)), not \(String(describing: run))"
        )
    }

    private func comparePercentiles(
        _ run: DelayStatistics,
        _ sum: DelayStatistics,
        _ name: String,
        _ violations: inout Violations
    ) {
        violations.expect(
            run.minimum == sum.minimum && run.maximum == sum.maximum,
            "round trips put together, \(name)",
            "\(sum.minimum.text) to \(sum.maximum.text), not \(run.minimum.text) to \(run.maximum.text)"
        )
        for (part, path) in [
            ("median", \DelayStatistics.median), ("mean", \.mean), ("p95", \.p95), ("p99", \.p99),
            ("low", \.p95Sampling.lowerBound), ("high", \.p95Sampling.upperBound),
        ] {
            expectNear(run[keyPath: path], sum[keyPath: path], "round trip \(part), \(name)", &violations)
        }
    }

    /// To within what a histogram leaves open.
    private func expectNear(
        _ run: Nanoseconds,
        _ sum: Nanoseconds,
        _ name: String,
        _ violations: inout Violations
    ) {
        violations.expect(
            (run - sum).magnitude <= run.magnitude / 1_024 + Nanoseconds(1),
            name,
            "\(sum.text), not \(run.text)"
        )
    }

    private func comparePooled(_ violations: inout Violations) {
        let (run, sum) = (whole.statistics, digested.statistics)
        // A stream counts from the part on in which it was first answered.
        guard whole.outcome.truths.allSatisfy({ !$0.replies.isEmpty }) else { return }
        compareLoss(run.roundTripLoss, sum.roundTripLoss, "all streams", &violations)
        violations.expect(
            run.lossWindows == sum.lossWindows,
            "windows of 15 s",
            "\(sum.lossWindows.map(\.lost)), not \(run.lossWindows.map(\.lost))"
        )
    }

    /// The clocks are known no worse than the least sure part knows them, and the mean rate is the true one.
    private func checkClock(_ violations: inout Violations) {
        let clocks = parts.compactMap(\.clock)
        guard let clock = digested.statistics.clock, let widest = clocks.map(\.uncertainty).max() else { return }
        let stepped = whole.outcome.log.localClockSteps.reduce(Nanoseconds.zero) { $0 + $1.by.magnitude }
        violations.expect(
            clock.uncertainty <= widest + stepped * 2,
            "clocks put together",
            "\(clock.uncertainty.text), of parts \(clocks.map(\.uncertainty.text))"
        )
        guard !digested.believesFalseClaims, whole.scenario.farClock.slew == nil, let skew = clock.skewPPM,
            let uncertainty = clock.skewUncertaintyPPM
        else { return }
        let truth = whole.scenario.farClock.skewPPM
        violations.expect(
            abs(skew - truth) <= uncertainty + 0.05,
            "mean skew within its half-width",
            "\(skew) ± \(uncertainty) ppm, truly \(truth) ppm"
        )
    }
}
