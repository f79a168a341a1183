import Testing

extension EndToEnd {
    @Suite("Ports that do not answer")
    struct Reachability {
        @Test("Silence, refusal by the far end and refusal on the way are told apart", arguments: Family.allCases)
        func walls(family: Family) async throws {
            let (outcome, log) = try await Lab.with(
                forward: "delay=5ms,icmp=3479:port-unreachable,block=3480,icmp=3481:admin-prohibited",
                reverse: "delay=5ms"
            ) { lab in
                try await lab.startReflector()
                let outcome = try await lab.check(["--endpoint", family.endpoint("3478-3481"), "--duration", "2s"])
                return (outcome, try await lab.pathLog())
            }
            let report = outcome.report
            #expect(log.filter { $0.fate == "blocked" && $0.servicePort == 3480 }.count > 50)
            #expect(outcome.status == 2)
            #expect(report.grade == "not_ready")
            #expect(try report.stream(port: 3478).packets.received == report.stream(port: 3478).packets.sent)
            for port in [3479, 3480, 3481] as [UInt16] {
                let stream = try report.stream(port: port)
                #expect(stream.packets.received == 0)
                #expect(stream.packets.sent > 0)
                #expect(stream.method == nil)
                #expect(stream.forward?.delayMs == nil)
            }
            let grades = Dictionary(
                report.criteria.filter { $0.name == "reachability" }.map { ($0.port ?? 0, $0.grade) },
                uniquingKeysWith: { first, _ in first }
            )
            #expect(grades[3478] == "ready")
            #expect(grades[3480] == "not_ready")
            #expect(grades[3481] == "not_ready")
            #expect(says(report, "unreachable", port: 3479))
            #expect(says(report, "prohibited", port: 3481))
            #expect(!says(report, "unreachable", port: 3480))
            #expect(!says(report, "prohibited", port: 3480))
        }

        @Test("A port on which nobody listens is refused by the far end's own kernel")
        func nobodyListens() async throws {
            let outcome = try await Lab.with(forward: "delay=5ms", reverse: "delay=5ms") { lab in
                try await lab.startReflector(["--ports", "3478"])
                return try await lab.check(["--endpoint", Family.ipv4.endpoint("3478-3479"), "--duration", "1s"])
            }
            #expect(try outcome.report.stream(port: 3478).packets.received > 0)
            #expect(try outcome.report.stream(port: 3479).packets.received == 0)
            #expect(says(outcome.report, "unreachable", port: 3479))
        }

        @Test("An outage is a loss of just its length, in both directions' truth")
        func outage() async throws {
            let (outcome, log) = try await Lab.with(
                forward: "delay=10ms,outage=3s-3.5s",
                reverse: "delay=10ms"
            ) { lab in
                try await lab.startReflector()
                let outcome = try await lab.check(
                    ["--endpoint", Family.ipv4.endpoint("3478-3479"), "--duration", "6s", "--interval", "10ms"]
                )
                return (outcome, try await lab.pathLog())
            }
            for stream in outcome.report.streams {
                let truth = try stream.truth(log, .forward)
                #expect((45...55).contains(truth.lost))
                #expect(truth.longestLossPeriod == truth.lost)
                #expect(stream.forward?.loss?.lost == truth.lost)
                #expect(stream.reverse?.loss?.lost == 0)
            }
        }

        /// Whether a finding that names the port has the word in what it shows.
        private func says(_ report: CheckReport, _ word: String, port: UInt16) -> Bool {
            report.findings.contains { finding in
                let texts = [finding.summary] + (finding.evidence ?? [:]).flatMap { [$0.key, $0.value.text] }
                return texts.contains { $0.contains("\(port)") } && texts.contains { $0.lowercased().contains(word) }
            }
        }
    }
}
