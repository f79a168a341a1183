import Testing

extension EndToEnd {
    @Suite("One-way delay and jitter")
    struct Delay {
        /// What the lab itself does not know better: the link's log against the kernels' timestamps.
        static let labErrorMilliseconds = 0.1

        @Test(
            "With clocks known to agree, each direction's delay and jitter are the path's",
            arguments: Family.allCases
        )
        func synchronized(family: Family) async throws {
            let (outcome, log) = try await measure(family, clockError: ["--clock-error", "10us"])
            #expect(outcome.report.streams.count == 4)
            for stream in outcome.report.streams {
                #expect(stream.method == "synchronized")
                for (way, direction) in [(stream.forward, LoggedFrame.Direction.forward), (stream.reverse, .reverse)] {
                    let way = try #require(way)
                    let truth = try stream.truth(log, direction)
                    try expectDelay(way, truth, within: 0.2)
                    try expectJitter(way, truth, within: 0.2)
                }
            }
        }

        @Test("With clocks that claim nothing, the truth lies within the uncertainty that physics leaves")
        func roundTripBounded() async throws {
            let (outcome, log) = try await measure(.ipv4, clockError: [])
            for stream in outcome.report.streams {
                #expect(stream.method == "rtt_bounded")
                let forward = try #require(stream.forward)
                let delay = try #require(forward.delayMs)
                let truth = try stream.truth(log, .forward)
                try expectDelay(forward, truth, within: nil)
                try expectDelay(try #require(stream.reverse), try stream.truth(log, .reverse), within: nil)
                // 30 ms out and 10 ms back: the middle is 10 ms off, and the report must own up to it.
                #expect(delay.uncertainty > truth.delayMinimum - delay.min)
                #expect(abs(delay.p50 - truth.delayMedian) > 5)
                // What does not need the offset stays exact.
                try expectJitter(forward, truth, within: 0.2)
            }
        }

        @Test(
            "A check that is too long to be judged as a whole says the same of its parts together",
            arguments: [["--clock-error", "10us"], []]
        )
        func inParts(clockError: [String]) async throws {
            let (outcome, log) = try await measure(
                .ipv4,
                clockError: clockError,
                ["--duration", "16s", "--parts", "5s"]
            )
            for stream in outcome.report.streams {
                for (way, direction) in [(stream.forward, LoggedFrame.Direction.forward), (stream.reverse, .reverse)] {
                    let way = try #require(way)
                    let truth = try stream.truth(log, direction)
                    try expectDelay(way, truth, within: clockError.isEmpty ? nil : 0.2)
                    try expectJitter(way, truth, within: 0.2)
                }
            }
        }

        private func measure(
            _ family: Family,
            clockError: [String],
            _ options: [String] = ["--duration", "5s"]
        ) async throws -> (CheckOutcome, [LoggedFrame]) {
            try await Lab.with(
                forward: "delay=30ms,jitter=uniform:4ms",
                reverse: "delay=10ms,jitter=exponential:1ms"
            ) { lab in
                try await lab.startReflector(clockError)
                let outcome = try await lab.check(
                    ["--endpoint", family.endpoint("3478-3481")] + clockError + options
                )
                return (outcome, try await lab.pathLog())
            }
        }
    }
}

/// The two families of addresses that the far end has.
enum Family: String, CaseIterable, Sendable {
    case ipv4, ipv6

    func endpoint(_ ports: String) -> String {
        self == .ipv4 ? "stamp://10.77.0.2:\(ports)" : "stamp://[fd77::2]:\(ports)"
    }

    var farAddress: String { self == .ipv4 ? "10.77.0.2" : "fd77::2" }
}

/// Every delay statistic is the truth's, which the link's log tells within bounds, to within its own stated uncertainty,
/// and to within `tolerance` milliseconds of the middle of these where that is demanded as well.
func expectDelay(_ way: CheckReport.Way, _ truth: PathTruth, within tolerance: Double?) throws {
    let delay = try #require(way.delayMs)
    let parts = [("min", delay.min, 0), ("p50", delay.p50, 0.5), ("p95", delay.p95, 0.95), ("max", delay.max, 1)]
    for (name, reported, share) in parts {
        let actual = try #require(truth.delayBounds(share))
        let error = max(actual.lowerBound - reported, reported - actual.upperBound)
        #expect(reported >= 0)
        #expect(
            error <= delay.uncertainty + EndToEnd.Delay.labErrorMilliseconds,
            "\(name): reported \(reported) ± \(delay.uncertainty) ms, truly \(actual) ms"
        )
        if let tolerance, name == "p50" {
            #expect(
                abs(reported - truth.delayMedian) <= tolerance,
                "\(name): reported \(reported) ms, truly \(truth.delayMedian) ms"
            )
        }
    }
}

func expectJitter(_ way: CheckReport.Way, _ truth: PathTruth, within tolerance: Double) throws {
    let jitter = try #require(way.jitterMs)
    for (name, reported, actual) in [
        ("last", jitter.last, truth.jitterLast), ("mean", jitter.mean, truth.jitterMean),
        ("max", jitter.max, truth.jitterMaximum),
    ] {
        #expect(abs(reported - actual) <= tolerance, "\(name): reported \(reported) ms, truly \(actual) ms")
    }
}
