import Testing

extension EndToEnd {
    /// How many calls a line of known rate carries: by arithmetic, the rate over what one call takes of it. A call of
    /// G.722 is 50 frames a second of 182 + 8 + 20 + 14 octets, which is 89.6 kbit/s as either bottleneck counts.
    @Suite("Capacity")
    struct Capacity {
        private static let callRate = 89.6

        @Test("The impairment link's bottleneck, in the reverse direction alone")
        func link() async throws {
            let outcome = try await Lab.with(
                forward: "delay=5ms",
                reverse: "delay=5ms,rate=1Mbit,queue=2s"
            ) { lab in
                try await lab.startReflector(["--clock-error", "10us"])
                return try await lab.check(Self.options(upTo: 16), within: 200)
            }
            try expect(outcome, calls: Int(1_000 / Self.callRate))
        }

        @Test("A token bucket behind the link, on the way out")
        func tokenBucket() async throws {
            let outcome = try await Lab.with(forward: "delay=5ms", reverse: "delay=5ms") { lab in
                // Room enough for the link never to be refused: the queue grows instead.
                let shaper = ["tbf", "rate", "800kbit", "burst", "3kb", "latency", "5s"]
                let tc = try #require(Executables.tool("tc"))
                let set = try lab.start([tc, "qdisc", "add", "dev", "far0", "root"] + shaper, at: .path)
                #expect(try await set.end(within: 5).status == 0)
                try await lab.startReflector(["--clock-error", "10us"])
                return try await lab.check(Self.options(upTo: 10), within: 200)
            }
            try expect(outcome, calls: Int(800 / Self.callRate))
        }

        private static func options(upTo: Int) -> [String] {
            ["--endpoint", Family.ipv4.endpoint("3478-3481"), "--clock-error", "10us", "--duration", "2s"]
                + ["--calls", "auto", "--up-to", "\(upTo)"]
        }

        private func expect(_ outcome: CheckOutcome, calls arithmetic: Int) throws {
            let capacity = try #require(outcome.report.capacity)
            let calls = try #require(capacity.calls)
            #expect(abs(calls - arithmetic) <= 1, "\(calls) calls, \(arithmetic) by arithmetic")
            #expect(!capacity.limitedBy.isEmpty)
            // The full check runs with what the line carries, and says what it put on it.
            let load = try #require(outcome.report.load)
            #expect(load.callsPerEndpoint == calls)
            #expect(abs(load.forwardKbps - Double(calls) * 84) < Double(calls) * 84 * 0.02)
            #expect(outcome.report.criteria.filter { $0.name == "latency_one_way" }.allSatisfy { $0.grade == "ready" })
        }
    }
}
