import Testing

extension EndToEnd {
    /// Our session-sender against a session-reflector whose replies scapy builds.
    @Suite("An independent reflector")
    struct PeerReflector {
        /// The peer stamps the time of sending in user space and takes a while to hand the reply over.
        static let peerErrorMilliseconds = 1.5

        @Test("A stateful one: both directions are told apart")
        func stateful() async throws {
            let (outcome, log) = try await run(["--mode", "stateful", "--synchronized"])
            let stream = try outcome.report.stream(port: 3478)
            #expect(stream.method == "synchronized")
            for (way, direction) in [(stream.forward, LoggedFrame.Direction.forward), (stream.reverse, .reverse)] {
                let truth = try stream.truth(log, direction)
                #expect(way?.loss?.lost == truth.lost)
                #expect(truth.lost > 0)
                let delay = try #require(way?.delayMs)
                #expect(abs(delay.p50 - truth.delayMedian) < Self.peerErrorMilliseconds)
            }
            #expect(stream.forward?.dscp?.keys.map { $0 } == ["46"])
            #expect(stream.reverse?.dscp?.keys.map { $0 } == ["46"])
        }

        @Test("A stateless one: losses count for the round trip and are put down to no direction")
        func stateless() async throws {
            let (outcome, log) = try await run(["--mode", "stateless", "--synchronized"])
            let stream = try outcome.report.stream(port: 3478)
            let (forward, reverse) = (try stream.truth(log, .forward), try stream.truth(log, .reverse))
            #expect(stream.forward?.loss == nil)
            #expect(stream.reverse?.loss == nil)
            #expect(stream.roundTrip?.loss?.lost == forward.lost + reverse.lost)
            let delay = try #require(stream.forward?.delayMs)
            #expect(abs(delay.p50 - forward.delayMedian) < Self.peerErrorMilliseconds)
        }

        @Test("A clock that is wrong and says nothing moves no result", arguments: ["500", "-500"])
        func clockOffset(milliseconds: String) async throws {
            let (outcome, log) = try await run(["--mode", "stateful", "--clock-offset-ms", milliseconds], loss: "0%")
            try expectPhysicsDecides(try outcome.report.stream(port: 3478), log)
        }

        @Test("A clock that is wrong and claims to be right is found out")
        func falseClaim() async throws {
            let (outcome, log) = try await run(["--synchronized", "--clock-offset-ms", "500"], loss: "0%")
            try expectPhysicsDecides(try outcome.report.stream(port: 3478), log)
            #expect(!outcome.report.findings("clock.claim_contradicted").isEmpty)
        }

        private func expectPhysicsDecides(_ stream: CheckReport.Stream, _ log: [LoggedFrame]) throws {
            #expect(stream.method == "rtt_bounded")
            for (way, direction) in [(stream.forward, LoggedFrame.Direction.forward), (stream.reverse, .reverse)] {
                let truth = try stream.truth(log, direction)
                let delay = try #require(way?.delayMs)
                #expect(delay.min >= 0)
                #expect(abs(delay.p50 - truth.delayMedian) <= delay.uncertainty + Self.peerErrorMilliseconds)
                // 20 ms out and 10 ms back, so about half of 30 ms.
                #expect((14...18).contains(delay.uncertainty))
            }
        }

        private func run(_ options: [String], loss: String = "4%") async throws -> (CheckOutcome, [LoggedFrame]) {
            let script = try Executables.peer("stamp_reflector.py")
            return try await Lab.with(
                forward: "delay=20ms,loss=\(loss)",
                reverse: "delay=10ms,loss=\(loss)",
                seed: 5
            ) { lab in
                let reflector = try lab.start(script + ["10.77.0.2"] + options, at: .far)
                try await reflector.waitUntilItSays("listening", within: 20)
                let outcome = try await lab.check(
                    ["--endpoint", Family.ipv4.endpoint("3478"), "--duration", "3s", "--clock-error", "10us"]
                )
                return (outcome, try await lab.pathLog())
            }
        }
    }
}
