import Foundation
import Testing

extension EndToEnd {
    /// `linecheck report`: what a check wrote, read again.
    @Suite("Saved results")
    struct SavedReports {
        @Test("A saved result reads as the check's own report, with its exit status")
        func saved() async throws {
            try await Lab.with(forward: "delay=5ms", reverse: "delay=5ms") { lab in
                try await lab.startReflector(["--clock-error", "10us"])
                let path = try lab.write("", to: "result.json")
                let check = try await lab.startCheck(
                    ["--endpoint", Family.ipv4.endpoint("3478"), "--duration", "1s", "--output", path]
                ).end(within: 20)
                #expect(check.standardOutput.isEmpty)
                let saved = try CheckReport(json: String(contentsOfFile: path, encoding: .utf8))
                #expect(saved.grade == "inconclusive" && check.status == 3)
                let program = try Executables.built("linecheck")
                let report = try await lab.start([program, "report", path], at: .site).end(within: 10)
                #expect(report.status == check.status)
                #expect(report.standardOutput.hasPrefix("INCONCLUSIVE"))
                #expect(report.standardOutput.contains(Family.ipv4.endpoint("3478")))
            }
        }

        @Test("What is no result is refused with the reason")
        func refused() async throws {
            try await Lab.with(forward: "", reverse: "") { lab in
                let program = try Executables.built("linecheck")
                for (text, reason) in [
                    ("nonsense", "not a JSON document"), (#"{"schema": "linecheck.result/2"}"#, "later version"),
                    (#"{"schema": "other"}"#, "not a Linecheck result"),
                ] {
                    let path = try lab.write(text, to: "result.json")
                    let report = try await lab.start([program, "report", path], at: .site).end(within: 10)
                    #expect(report.status == 65)
                    #expect(report.standardError.contains(reason))
                }
            }
        }
    }
}
