import Testing

extension EndToEnd {
    @Suite("Modes and families")
    struct Modes {
        static let key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
        static let otherKey = "ffeeddccbbaa99887766554433221100"

        struct Combination: Sendable, CustomTestStringConvertible {
            var isAuthenticated: Bool
            var family: Family
            var ports: String

            var testDescription: String {
                "\(isAuthenticated ? "authenticated" : "unauthenticated") \(family) \(ports)"
            }

            static let all = [false, true].flatMap { isAuthenticated in
                Family.allCases.flatMap { family in
                    ["3478", "3478-3481"].map {
                        Combination(isAuthenticated: isAuthenticated, family: family, ports: $0)
                    }
                }
            }
        }

        @Test("IPv4 and IPv6, one port and four, authenticated or not", arguments: Combination.all)
        func matrix(combination: Combination) async throws {
            // A lost reply keeps a check waiting for seconds, so only half of the combinations have losses.
            let loss = combination.ports == "3478" ? "0%" : "2%"
            let (outcome, log) = try await Lab.with(
                forward: "delay=12ms,loss=\(loss)",
                reverse: "delay=8ms,loss=\(loss)"
            ) { lab in
                let key = combination.isAuthenticated ? ["--key-file", try lab.write(Self.key, to: "key")] : []
                let common = key + ["--clock-error", "10us"]
                try await lab.startReflector(common)
                let outcome = try await lab.check(
                    ["--endpoint", combination.family.endpoint(combination.ports)]
                        + ["--duration", "1s", "--interval", "10ms"] + common
                )
                return (outcome, try await lab.pathLog())
            }
            #expect(outcome.report.streams.count == (combination.ports == "3478" ? 1 : 4))
            for stream in outcome.report.streams {
                let forward = try stream.truth(log, .forward, authenticated: combination.isAuthenticated)
                let reverse = try stream.truth(log, .reverse, authenticated: combination.isAuthenticated)
                #expect(stream.packets.sent >= 90)
                #expect(stream.forward?.loss?.lost == forward.lost)
                #expect(stream.reverse?.loss?.lost == reverse.lost)
                try expectDelay(try #require(stream.forward), forward, within: 0.3)
                try expectDelay(try #require(stream.reverse), reverse, within: 0.3)
            }
            let smallest = log.map(\.payloadLength).min() ?? 0
            #expect(smallest >= (combination.isAuthenticated ? 112 : 44))
        }

        @Test("With the wrong key nothing is answered, and the check says so")
        func wrongKey() async throws {
            let (outcome, log) = try await Lab.with(forward: "delay=5ms", reverse: "delay=5ms") { lab in
                let key = try lab.write(Self.key, to: "key")
                let wrong = try lab.write(Self.otherKey, to: "wrong-key")
                try await lab.startReflector(["--key-file", key])
                let outcome = try await lab.check(
                    ["--endpoint", Family.ipv4.endpoint("3478"), "--duration", "1s", "--key-file", wrong]
                )
                return (outcome, try await lab.pathLog())
            }
            #expect(log.contains { $0.direction == .forward })
            #expect(!log.contains { $0.direction == .reverse })
            let stream = try outcome.report.stream(port: 3478)
            #expect(stream.packets.sent > 0)
            #expect(stream.packets.received == 0)
            #expect(outcome.status == 2 || outcome.status == 3)
        }
    }
}
