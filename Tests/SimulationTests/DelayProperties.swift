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
    /// What a clock may stray from its line without its being seen, at least: timestamps of less are not told apart.
    var smallestBend: Nanoseconds { max(.microseconds(500), timestampError * 4) }

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
                    compare(delay, delays, name, &violations)
                } else {
                    compareHalf(delay, delays, name, &violations)
                }
            }
            guard let delay = stream.roundTrip.delay else { continue }
            checkSigns(delay, "stream \(index) round trip", &violations)
            compare(delay, truth.roundTrip, "stream \(index) round trip", &violations)
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
        _ violations: inout Violations
    ) {
        violations.expect(delay.count <= truth.count, "no more singletons than answers", "\(name): \(delay.count)")
        let leftOut = truth.count - delay.count
        guard leftOut >= 0, delay.count > 0 else { return }
        let mayLeaveOut = !scenario.farClock.steps.isEmpty || scenario.farClock.slew != nil
        violations.expect(leftOut == 0 || mayLeaveOut, "no singleton left out", "\(name): \(leftOut) of \(truth.count)")
        let allowed = delay.uncertainty
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
    /// The interval is no wider than what was seen allows: what straight lines between the true delays of both
    /// directions may vary at either end of the run. The estimate lies in the middle up to two fifths of that, since the
    /// line of the skew that was found is preferred. Where the line was taken apart, only the floors of short windows everywhere bound all of its parts.
    func checkUncertainty(_ violations: inout Violations) {
        guard let clock = statistics.clock else { return }
        let noise = timestampError * 4 + smallestBend + .microseconds(50)
        let isStraight = scenario.farClock.steps.isEmpty && scenario.farClock.slew == nil
        guard let width = isStraight ? lineWidth() : windowWidth() else { return }
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

    /// How far apart straight lines may lie at either end of the run that pass between every packet's true delay
    /// forward, above, and its true delay in reverse, below. Slopes are tried out one by one.
    private func lineWidth() -> Nanoseconds? {
        let points = outcome.truths.flatMap { truth in
            truth.firstReplies.map { reply in
                let request = truth.requests[reply.request]
                return (
                    x: request.arrivedAt.seconds * 1e9, up: Double(request.delay.count), down: Double(reply.delay.count)
                )
            }
        }
        guard let start = points.map(\.x).min(), let end = points.map(\.x).max(), end > start else { return nil }
        let room = (points.map(\.up).min() ?? 0) + (points.map(\.down).min() ?? 0)
        let steepest = min(1e-3, 4 * room / (end - start))
        var ends = (least: (Double.infinity, Double.infinity), greatest: (-Double.infinity, -Double.infinity))
        for step in -200...200 {
            let slope = steepest * Double(step) / 200
            let top = points.reduce(Double.infinity) { min($0, $1.up - slope * ($1.x - start)) }
            let bottom = points.reduce(-Double.infinity) { max($0, -$1.down - slope * ($1.x - start)) }
            guard top >= bottom else { continue }
            let rise = slope * (end - start)
            ends.least = (min(ends.least.0, bottom), min(ends.least.1, bottom + rise))
            ends.greatest = (max(ends.greatest.0, top), max(ends.greatest.1, top + rise))
        }
        return Nanoseconds(rounding: max(ends.greatest.0 - ends.least.0, ends.greatest.1 - ends.least.1))
    }

    /// The greatest sum of both directions' least delays in any quarter of a second.
    private func windowWidth() -> Nanoseconds? {
        var windows: [Int64: (forward: Nanoseconds, reverse: Nanoseconds)] = [:]
        for truth in outcome.truths {
            for reply in truth.firstReplies where truth.departures[reply.sequence] < scenario.duration {
                let window = truth.departures[reply.sequence].count / Nanoseconds.milliseconds(250).count
                let known = windows[window] ?? (.maximum, .maximum)
                let way = truth.requests[reply.request].delay
                windows[window] = (min(known.forward, way), min(known.reverse, reply.delay))
            }
        }
        guard !windows.isEmpty else { return nil }
        let forward = windows.values.map(\.forward).max() ?? .zero
        return forward + (windows.values.map(\.reverse).max() ?? .zero)
    }
}
