import Testing

extension EndToEnd {
    @Suite("Exit status")
    struct ExitStatus {
        @Test("0 on a clean path, once loss is provably below the target")
        func ready() async throws {
            let outcome = try await check(
                forward: "delay=5ms",
                reverse: "delay=5ms",
                ["--duration", "16s", "--interval", "5ms"]
            )
            #expect(outcome.status == 0)
            #expect(outcome.report.grade == "ready")
            #expect(outcome.report.criteria.allSatisfy { $0.grade == "ready" })
        }

        @Test("1 when delay is between target and limit")
        func atRisk() async throws {
            let outcome = try await check(
                forward: "delay=70ms",
                reverse: "delay=70ms",
                ["--duration", "4s", "--interval", "5ms"]
            )
            #expect(outcome.status == 1)
            #expect(outcome.report.grade == "at_risk")
            #expect(outcome.report.criteria.contains { $0.name == "latency_one_way" && $0.grade == "at_risk" })
        }

        @Test("2 when loss is above the limit")
        func notReady() async throws {
            let outcome = try await check(
                forward: "delay=5ms,loss=3%",
                reverse: "delay=5ms",
                ["--duration", "4s", "--interval", "5ms"]
            )
            #expect(outcome.status == 2)
            #expect(outcome.report.grade == "not_ready")
            #expect(outcome.report.criteria.contains { $0.name == "loss" && $0.grade == "not_ready" })
        }

        @Test("3 when the sample is too small to tell")
        func inconclusive() async throws {
            let outcome = try await check(forward: "delay=5ms", reverse: "delay=5ms", ["--duration", "3s"])
            #expect(outcome.status == 3)
            #expect(outcome.report.grade == "inconclusive")
            #expect(outcome.report.criteria.contains { $0.name == "loss" && $0.grade == "inconclusive" })
        }

        @Test(
            "64 and above when it cannot begin",
            arguments: [
                ["--endpoint", "stamp://10.77.0.2:0"], ["--endpoint", "carrier-pigeon://10.77.0.2"],
                ["--interval", "soon"], ["--dscp", "64"], ["--key-file", "/nonexistent"], ["--no-such-option"],
            ]
        )
        func usage(options: [String]) async throws {
            let finished = try await Lab.with(forward: "", reverse: "") { lab in
                let endpoint = options.contains("--endpoint") ? [] : ["--endpoint", "stamp://10.77.0.2"]
                return try await lab.startCheck(endpoint + options + ["--duration", "1s"]).end(within: 10)
            }
            #expect(finished.signal == nil)
            #expect(finished.status >= 64)
            #expect(!finished.standardError.isEmpty)
            #expect(finished.standardOutput.isEmpty)
        }

        private func check(forward: String, reverse: String, _ options: [String]) async throws -> CheckOutcome {
            try await Lab.with(forward: forward, reverse: reverse) { lab in
                try await lab.startReflector(["--clock-error", "10us"])
                return try await lab.check(
                    ["--endpoint", Family.ipv4.endpoint("3478-3481"), "--clock-error", "10us"] + options
                )
            }
        }
    }
}
