import Testing

extension EndToEnd {
    @Suite("Loss, duplicates and reordering by direction")
    struct LossAndOrder {
        static let badPath = "delay=20ms,loss=1%,burst=0.5%:30%,duplicate=1%,reorder=1%:15ms"

        @Test("What happens going forward is reported of forward, exactly, and of reverse not at all")
        func forward() async throws {
            try await expectExact(forward: Self.badPath, reverse: "delay=10ms", seed: 11)
        }

        @Test("What happens coming back is reported of reverse, exactly, and of forward not at all")
        func reverse() async throws {
            try await expectExact(forward: "delay=10ms", reverse: Self.badPath, seed: 12)
        }

        @Test("Losses in both directions at once are told apart exactly")
        func both() async throws {
            try await expectExact(
                forward: "delay=10ms,loss=2%",
                reverse: "delay=15ms,loss=1%,burst=0.3%:40%",
                seed: 13,
                mustReorder: false
            )
        }

        /// At each cut a quarter of a second of packets is still on its way.
        @Test(
            "A check that is too long to be judged as a whole counts its parts' packets once, and all of them",
            arguments: [
                (forward: Self.badPath, reverse: "delay=250ms", reorders: true),
                (forward: "delay=10ms,loss=2%", reverse: "delay=250ms,loss=1%,burst=0.3%:40%", reorders: false),
            ]
        )
        func inParts(path: (forward: String, reverse: String, reorders: Bool)) async throws {
            try await expectExact(
                forward: path.forward,
                reverse: path.reverse,
                seed: 14,
                mustReorder: path.reorders,
                options: ["--duration", "16s", "--parts", "5s"]
            )
        }

        private func expectExact(
            forward: String,
            reverse: String,
            seed: UInt64,
            mustReorder: Bool = true,
            options: [String] = ["--duration", "6s"]
        ) async throws {
            let (outcome, log) = try await Lab.with(forward: forward, reverse: reverse, seed: seed) { lab in
                try await lab.startReflector()
                let outcome = try await lab.check(
                    ["--endpoint", Family.ipv4.endpoint("3478-3481"), "--interval", "5ms"] + options
                )
                return (outcome, try await lab.pathLog())
            }
            var total = (lost: 0, duplicates: 0, reordered: 0)
            for stream in outcome.report.streams {
                for (way, direction) in [(stream.forward, LoggedFrame.Direction.forward), (stream.reverse, .reverse)] {
                    let truth = try stream.truth(log, direction)
                    expect(try #require(way), is: truth, of: "\(direction.rawValue) \(stream.port)")
                    total.lost += truth.lost
                    total.duplicates += truth.duplicates
                    total.reordered += truth.reordered
                }
                let sequence = try #require(stream.sequence)
                #expect(stream.packets.sent == Int(sequence.last - sequence.first) + 1)
                #expect(stream.packets.sent == (try stream.truth(log, .forward)).offered)
            }
            // The path must have done what it was made for, or the comparison proves nothing.
            #expect(total.lost > 20)
            if mustReorder { #expect(total.duplicates > 10 && total.reordered > 10) }
        }

        private func expect(_ way: CheckReport.Way, is truth: PathTruth, of what: String) {
            guard let loss = way.loss else {
                Issue.record("loss of \(what) is not reported at all; truly \(truth.lost) of \(truth.offered)")
                return
            }
            #expect(loss.lost == truth.lost, "lost \(what)")
            #expect(abs(loss.ratio - Double(truth.lost) / Double(truth.offered)) < 1e-6, "ratio \(what)")
            #expect(loss.low <= loss.ratio && loss.ratio <= loss.high, "interval \(what)")
            #expect(way.duplicates == truth.duplicates, "duplicates \(what)")
            #expect(way.reordered == truth.reordered, "reordered \(what)")
        }
    }
}
