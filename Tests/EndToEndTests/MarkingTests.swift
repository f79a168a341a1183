import Testing

extension EndToEnd {
    @Suite("DSCP")
    struct Marking {
        @Test(
            "Marks changed on the way out and on the way back are reported as they arrived",
            arguments: Family.allCases
        )
        func remarking(family: Family) async throws {
            let (outcome, log) = try await Lab.with(
                forward: "delay=5ms,dscp=46>0@3478,dscp=46>34@3479",
                reverse: "delay=5ms,dscp=46>8@3480,dscp=46>0@3479"
            ) { lab in
                try await lab.startReflector()
                let outcome = try await lab.check(["--endpoint", family.endpoint("3478-3481"), "--duration", "2s"])
                return (outcome, try await lab.pathLog())
            }
            let expected: [UInt16: (forward: String, reverse: String)] = [
                3478: ("0", "46"), 3479: ("34", "0"), 3480: ("46", "8"), 3481: ("46", "46"),
            ]
            for stream in outcome.report.streams {
                let marks = try #require(expected[stream.port])
                let (forward, reverse) = (try stream.truth(log, .forward), try stream.truth(log, .reverse))
                #expect(forward.marksOut == [marks.forward: forward.offered])
                #expect(reverse.marksOut == [marks.reverse: reverse.offered])
                #expect(stream.forward?.dscp == forward.marksOut)
                #expect(stream.reverse?.dscp == reverse.marksOut)
            }
            let marks = try #require(outcome.report.dscp)
            #expect(Set(marks.farEnd?.keys.map { $0 } ?? []) == ["0", "34", "46"])
            #expect(Set(marks.return?.keys.map { $0 } ?? []) == ["0", "8", "46"])
            #expect(outcome.status == 1 || outcome.status == 2)
            let codes = Set(outcome.report.findings.map(\.code))
            #expect(codes.contains { $0.hasPrefix("dscp.") && $0.hasSuffix(".forward") })
            #expect(codes.contains { $0.hasPrefix("dscp.") && $0.hasSuffix(".return") })
        }

        @Test("The reply's mark is the one asked for, whatever happened to the request's")
        func replyKeepsItsMark() async throws {
            let outcome = try await Lab.with(forward: "delay=5ms,dscp=clear", reverse: "delay=5ms") { lab in
                try await lab.startReflector()
                return try await lab.check(["--endpoint", Family.ipv4.endpoint("3478"), "--duration", "1s"])
            }
            let stream = try outcome.report.stream(port: 3478)
            #expect(stream.forward?.dscp?.keys.map { $0 } == ["0"])
            #expect(stream.reverse?.dscp?.keys.map { $0 } == ["46"])
        }
    }
}
