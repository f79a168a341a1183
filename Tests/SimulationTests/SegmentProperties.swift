import ProbeCore
import SimulatedNetwork
import Statistics
import Units

extension CutRun {
    /// Holds the segments, put together, against the run judged as a whole.
    func violations() -> Violations {
        var violations = Violations()
        for stream in 0..<whole.scenario.streams {
            let run = whole.statistics.streams[stream]
            let pieces = parts.map { $0.streams[stream] }
            checkCounts(run, pieces, stream, &violations)
            checkLosses(run, pieces, stream, &violations)
            checkJitter(run, pieces, stream, &violations)
            checkRoundTrips(run, pieces, stream, &violations)
        }
        checkWindows(&violations)
        checkProbe(&violations)
        return violations
    }

    private func checkCounts(
        _ run: StreamStatistics,
        _ pieces: [StreamStatistics],
        _ stream: Int,
        _ violations: inout Violations
    ) {
        let counts: [(String, KeyPath<PacketCounts, Int>)] = [
            ("sent", \.sent), ("received", \.received), ("late", \.late),
        ]
        for (name, path) in counts {
            let sum = pieces.reduce(0) { $0 + $1.packets[keyPath: path] }
            violations.expect(
                sum == run.packets[keyPath: path],
                "\(name) of stream \(stream)",
                "\(pieces.map { $0.packets[keyPath: path] }) make \(sum), not \(run.packets[keyPath: path])"
            )
        }
        let directions: [(String, KeyPath<StreamStatistics, DirectionStatistics>)] = [
            ("round trip", \.roundTrip), ("forward", \.forward), ("reverse", \.reverse),
        ]
        for (name, path) in directions {
            expectSum(
                "reordered, \(name)",
                run[keyPath: path].reordered,
                pieces.map { $0[keyPath: path].reordered },
                stream,
                &violations
            )
            expectSum(
                "duplicates, \(name)",
                run[keyPath: path].duplicates,
                pieces.map { $0[keyPath: path].duplicates },
                stream,
                &violations
            )
        }
    }

    /// Where the whole run and every segment say it.
    private func expectSum(
        _ name: String,
        _ run: Int?,
        _ pieces: [Int?],
        _ stream: Int,
        _ violations: inout Violations
    ) {
        let known = pieces.compactMap(\.self)
        guard let run, known.count == pieces.count else { return }
        let sum = known.reduce(0, +)
        violations.expect(sum == run, "\(name), of stream \(stream)", "\(known) make \(sum), not \(run)")
    }

    private func checkLosses(
        _ run: StreamStatistics,
        _ pieces: [StreamStatistics],
        _ stream: Int,
        _ violations: inout Violations
    ) {
        func lost(_ direction: DirectionStatistics) -> Int? { direction.loss.map { $0.lost } }
        expectSum("lost", lost(run.roundTrip), pieces.map { lost($0.roundTrip) }, stream, &violations)
        for (name, path) in [("forward", \StreamStatistics.forward), ("reverse", \.reverse)] {
            let all = [run] + pieces
            guard all.allSatisfy({ $0[keyPath: path].loss?.unattributed == 0 }) else { continue }
            let sum = pieces.reduce(0) { $0 + (lost($1[keyPath: path]) ?? 0) }
            let known = lost(run[keyPath: path]) ?? 0
            violations.expect(
                abs(sum - known) <= open(run),
                "lost \(name), of stream \(stream)",
                "\(pieces.map { lost($0[keyPath: path]) ?? 0 }) make \(sum), not \(known)"
            )
        }
        let worst = pieces.compactMap { $0.roundTrip.loss?.worst15s }.max()
        violations.expect(
            worst == run.roundTrip.loss?.worst15s,
            "worst 15 s of loss of stream \(stream)",
            "\(String(describing: worst)), not \(String(describing: run.roundTrip.loss?.worst15s))"
        )
        let short = pieces.compactMap { $0.roundTrip.loss?.worst200ms }.max()
        violations.expect(
            short == run.roundTrip.loss?.worst200ms,
            "worst 200 ms of loss of stream \(stream)",
            "\(String(describing: short)), not \(String(describing: run.roundTrip.loss?.worst200ms))"
        )
    }

    /// Losses whose direction a segment may see otherwise than the whole run does: by how much packets overtake each
    /// other, and whether any was doubled, is known of the whole run only at its end, and decides which of two packets
    /// that were lost near each other is held to be lost forward and which in reverse.
    private func open(_ run: StreamStatistics) -> Int {
        guard run.packets.reordered > 0 || run.packets.duplicates > 0 else { return 0 }
        return max(1, (run.roundTrip.loss?.lost ?? 0) / 20)
    }

    /// Whether each half knows the clock as the other does: near a step packets are left out, and what is near is seen
    /// from all of a run.
    var clockIsSteady: Bool {
        (whole.statistics.clock?.steps ?? []).isEmpty && parts.allSatisfy { ($0.clock?.steps ?? []).isEmpty }
            && whole.outcome.log.localClockSteps.isEmpty
    }

    /// Whether segments have the times that the whole run has. A reflector that began anew uses numbers a second time,
    /// and what it then tells of when a reply left replaces, in a whole run, what it told of the former one with that
    /// number; a segment that was taken before keeps that.
    var timesAreTheSame: Bool { clockIsSteady && whole.scenario.reflector.restart == nil }

    private func checkJitter(
        _ run: StreamStatistics,
        _ pieces: [StreamStatistics],
        _ stream: Int,
        _ violations: inout Violations
    ) {
        guard timesAreTheSame else { return }
        for (name, path) in [
            ("forward", \StreamStatistics.forward.jitter), ("reverse", \.reverse.jitter),
            ("round trip", \.roundTrip.jitter),
        ] {
            let jitters = pieces.compactMap { $0[keyPath: path] }
            guard let jitter = run[keyPath: path], !jitters.isEmpty else { continue }
            violations.expect(
                jitters.map(\.maximum).max() == jitter.maximum,
                "greatest J \(name), stream \(stream)",
                "\(jitters.map(\.maximum.text)), not \(jitter.maximum.text)"
            )
            violations.expect(
                jitters.last?.last == jitter.last,
                "last J \(name), stream \(stream)",
                "\(jitters.map(\.last.text)), not \(jitter.last.text)"
            )
            violations.expect(
                jitters.compactMap(\.worst15s).max() == jitter.worst15s,
                "worst 15 s of J \(name), stream \(stream)",
                "\(jitters.map { $0.worst15s?.text ?? "none" }), not \(jitter.worst15s?.text ?? "none")"
            )
        }
    }

    private func checkRoundTrips(
        _ run: StreamStatistics,
        _ pieces: [StreamStatistics],
        _ stream: Int,
        _ violations: inout Violations
    ) {
        guard timesAreTheSame else { return }
        let delays = pieces.compactMap(\.roundTrip.delay)
        guard let delay = run.roundTrip.delay else { return }
        violations.expect(
            delays.reduce(0) { $0 + $1.count } == delay.count,
            "round trips of stream \(stream)",
            "\(delays.map(\.count)), not \(delay.count)"
        )
        let least = delays.map(\.minimum).min()
        let greatest = delays.map(\.maximum).max()
        violations.expect(
            least == delay.minimum && greatest == delay.maximum,
            "round trips of stream \(stream)",
            "\(least?.text ?? "") to \(greatest?.text ?? ""), not \(delay.minimum.text) to \(delay.maximum.text)"
        )
    }

    private func checkWindows(_ violations: inout Violations) {
        for (name, path) in [("15 s", \LossStatistics.worst15s), ("200 ms", \.worst200ms)] {
            let worst = parts.compactMap { $0.roundTripLoss?[keyPath: path] }.max()
            let whole = whole.statistics.roundTripLoss?[keyPath: path]
            violations.expect(
                worst == whole,
                "worst \(name) of all streams' loss",
                "\(String(describing: worst)), not \(String(describing: whole))"
            )
        }
    }

    private func checkProbe(_ violations: inout Violations) {
        let missed = segments.reduce(0) { $0 + $1.log.streams.reduce(0) { $0 + $1.missed } }
        violations.expect(missed == whole.outcome.missed, "missed sends", "\(missed), not \(whole.outcome.missed)")
        let failed = segments.flatMap(\.log.streams).flatMap(\.sendFailures.values).reduce(0, +)
        violations.expect(failed == whole.outcome.notSent, "failed sends", "\(failed), not \(whole.outcome.notSent)")
        let refused = segments.flatMap(\.log.streams).flatMap(\.unreachable.values).reduce(0, +)
        violations.expect(refused == whole.outcome.refused, "ICMP errors", "\(refused), not \(whole.outcome.refused)")
    }
}
