import SimulatedNetwork
import Statistics
import Units

/// The true delays of the packets of one stream that were answered in time.
struct TrueDelays {
    var forward: [Nanoseconds] = []
    var reverse: [Nanoseconds] = []
    var roundTrip: [Nanoseconds] = []

    init(_ truth: PathTruth, _ measured: Range<Int>, withStay: Bool) {
        for reply in truth.firstReplies where measured.contains(reply.sequence) {
            let way = truth.requests[reply.request].arrivedAt - truth.departures[reply.sequence]
            forward.append(way)
            reverse.append(reply.delay)
            roundTrip.append(way + reply.delay + (withStay ? reply.stay : .zero))
        }
        forward.sort()
        reverse.sort()
        roundTrip.sort()
    }
}

extension CheckedRun {
    /// A slew is put up with as long as it bends the clock's line by less than this.
    static let smallestBend = Nanoseconds.microseconds(500)

    /// By how much more than it says a one-way delay may be off: known limitation, a clock that is slewed by less
    /// than the bend that is looked for is taken to run straight.
    var slewAllowance: Nanoseconds {
        scenario.farClock.slew == nil ? .zero : max(Self.smallestBend, timestampError * 4) + timestampError
    }

    func checkDelays(_ violations: inout Violations) {
        for (index, stream) in statistics.streams.enumerated() {
            let hasFar = stream.method != .halfRoundTrip
            let truth = TrueDelays(outcome.truths[index], measured(index), withStay: !hasFar)
            let ways: [(String, DelayStatistics?, [Nanoseconds])] = [
                ("forward", stream.forward.delay, truth.forward), ("reverse", stream.reverse.delay, truth.reverse),
            ]
            for (way, delay, delays) in ways {
                let name = "stream \(index) \(way)"
                violations.expect(!hasFar || delay != nil || delays.isEmpty, "delay given", name)
                guard let delay else { continue }
                checkSigns(delay, name, &violations)
                if hasFar, believesFalseClaims { continue }
                if hasFar {
                    compare(delay, delays, name, slack: slewAllowance, &violations)
                } else {
                    compareHalf(delay, delays, name, &violations)
                }
            }
            guard let delay = stream.roundTrip.delay else { continue }
            checkSigns(delay, "stream \(index) round trip", &violations)
            compare(delay, truth.roundTrip, "stream \(index) round trip", slack: .zero, &violations)
        }
    }

    private func checkSigns(_ delay: DelayStatistics, _ name: String, _ violations: inout Violations) {
        let all = [delay.minimum, delay.median, delay.mean, delay.p95, delay.p99, delay.maximum, delay.uncertainty]
        violations.expect(all.allSatisfy { $0 >= .zero }, "no delay is negative", "\(name): \(all.map(\.text))")
        violations.expect(
            delay.minimum <= delay.median && delay.median <= delay.p95 && delay.p95 <= delay.p99
                && delay.p99 <= delay.maximum,
            "percentiles rise",
            "\(name): \(all.map(\.text))"
        )
    }

    /// Each percentile is right to within the stated uncertainty. Packets near a clock step are left out of the
    /// statistics, and it does not matter which: a percentile then lies among its neighbours in rank.
    private func compare(
        _ delay: DelayStatistics,
        _ truth: [Nanoseconds],
        _ name: String,
        slack: Nanoseconds,
        _ violations: inout Violations
    ) {
        violations.expect(delay.count <= truth.count, "no more singletons than answers", "\(name): \(delay.count)")
        let leftOut = truth.count - delay.count
        guard leftOut >= 0, delay.count > 0 else { return }
        let mayLeaveOut = !scenario.farClock.steps.isEmpty || scenario.farClock.slew != nil
        violations.expect(leftOut == 0 || mayLeaveOut, "no singleton left out", "\(name): \(leftOut) of \(truth.count)")
        let allowed = delay.uncertainty + slack
        let parts: [(String, Int, Nanoseconds)] = [
            ("minimum", 1, delay.minimum), ("p50", rank(50, delay.count), delay.median),
            ("p95", rank(95, delay.count), delay.p95), ("p99", rank(99, delay.count), delay.p99),
            ("maximum", delay.count, delay.maximum),
        ]
        for (part, rank, value) in parts {
            let (low, high) = (truth[rank - 1], truth[rank - 1 + leftOut])
            violations.expect(
                value >= low - allowed && value <= high + allowed,
                "true delay within the stated interval",
                "\(name) \(part) \(value.text) ± \(delay.uncertainty.text), truly \(low.text)...\(high.text)"
            )
        }
    }

    private func rank(_ percent: Int, _ count: Int) -> Int { max(1, (percent * count + 99) / 100) }

    /// Half of the round trip, right to within that half.
    private func compareHalf(
        _ delay: DelayStatistics,
        _ truth: [Nanoseconds],
        _ name: String,
        _ violations: inout Violations
    ) {
        guard delay.count == truth.count, !truth.isEmpty else { return }
        let p95 = truth[rank(95, truth.count) - 1]
        violations.expect(
            (p95 - delay.p95).magnitude <= delay.uncertainty,
            "true delay within half the round trip",
            "\(name) p95 \(delay.p95.text) ± \(delay.uncertainty.text), truly \(p95.text)"
        )
    }
}

// MARK: - Width

extension CheckedRun {
    /// The interval is no wider than what was seen allows.
    ///
    /// At any moment the offset is known to within the least delays of both directions around it. At the ends of a
    /// run a line may tilt: with a floor in the first and in the last tenth, by at most a quarter more than the
    /// greater of them. The estimate lies in the middle up to two fifths of the width, for the skew preferred.
    /// Where the line was taken apart, only the floors of short windows everywhere bound all of them.
    func checkUncertainty(_ violations: inout Violations) {
        guard let clock = statistics.clock else { return }
        let noise = timestampError * 4 + .microseconds(50)
        let isStraight = scenario.farClock.steps.isEmpty && scenario.farClock.slew == nil
        guard let width = floorWidth(isStraight: isStraight) else { return }
        let physics = Nanoseconds(rounding: Double(width.count) * 0.9) + noise
        violations.expect(
            clock.uncertainty <= physics,
            "uncertainty no wider than physics allows",
            "\(clock.uncertainty.text), by physics \(physics.text)"
        )
        guard let claim = claims.offsetBound, !clock.claimsContradicted else { return }
        violations.expect(
            clock.uncertainty <= claim * 2 + noise,
            "uncertainty no wider than the claims allow",
            "\(clock.uncertainty.text), by the claims \(claim.text)"
        )
    }

    /// The greatest sum of both directions' least delays in any window.
    private func floorWidth(isStraight: Bool) -> Nanoseconds? {
        var windows: [Int64: (forward: Nanoseconds, reverse: Nanoseconds)] = [:]
        let length = isStraight ? (scenario.duration / 10).count : Nanoseconds.milliseconds(250).count
        let end = scenario.duration
        for truth in outcome.truths {
            for reply in truth.firstReplies where isStraight ? true : truth.departures[reply.sequence] < end {
                let sent = truth.departures[reply.sequence]
                if isStraight, sent > Nanoseconds(length), sent < end - Nanoseconds(length) { continue }
                let way = truth.requests[reply.request].delay
                let window = isStraight ? (sent <= Nanoseconds(length) ? 0 : 1) : sent.count / length
                let known = windows[window] ?? (.maximum, .maximum)
                windows[window] = (min(known.forward, way), min(known.reverse, reply.delay))
            }
        }
        guard !windows.isEmpty else { return nil }
        let forward = windows.values.map(\.forward).max() ?? .zero
        return forward + (windows.values.map(\.reverse).max() ?? .zero)
    }
}
