import Foundation
import Testing

extension EndToEnd {
    /// Clients that mean no good.
    @Suite(.enabled(if: CollectorLab.missing.isEmpty, "SKIPPED: needs \(CollectorLab.missing)"))
    struct CollectorHostility {
        /// What `hostile_client.py` says of each of its attempts.
        private struct Report: Decodable {
            /// The statuses of the answers, in their order.
            var statuses: [String: [Int]]
            /// Seconds until the collector ended the connection.
            var closed: [String: Double]
            var megabytes: Double
        }

        @Test func hostileInputIsBoundedAndHurtsNobodyElse() async throws {
            let lab = try CollectorLab()
            let token = try lab.require("site", "add", "Berlin")
            let limits = "limits: {body_timeout: 2s, idle_timeout: 2s, body: 1 MB, inflated: 20 MB, document: 2 MB}"
            try await lab.start(["--config", try lab.write(limits, to: "c.yaml")])
            let collector = try #require(lab.collector)
            let port = try #require(lab.url.split(separator: ":").last)
            let script = try Executables.peer("hostile_client.py")
            let client = try Program(script + [String(port), token, "\(collector.processIdentifier)"], name: "hostile")
            let ended = try await client.end(within: 120)
            #expect(ended.status == 0, "\(ended.standardError)")
            let report = try JSONDecoder().decode(Report.self, from: Data(ended.standardOutput.utf8))

            #expect(report.statuses["gzip bomb"] == [413])
            #expect(report.statuses["not gzip"] == [400])
            #expect(report.statuses["deep nesting"] == [400])
            #expect(report.statuses["body longer than allowed"] == [413])
            #expect(report.statuses["endless chunked body"] == [413])
            #expect(report.statuses["slow body"] == [408])
            #expect(report.statuses["body without credentials"] == [401])
            #expect(report.statuses["pipelined"] == Array(repeating: 200, count: 20))
            #expect(report.statuses["two lengths"]?.allSatisfy { $0 >= 400 } == true)
            #expect(report.statuses["long head"]?.allSatisfy { $0 >= 400 } == true)
            #expect(report.statuses["no HTTP"]?.allSatisfy { $0 >= 400 } == true)
            for (name, seconds) in report.closed { #expect(seconds < 30, "\(name)") }
            // Fifty bombs that stand for 20 MB each and more were thrown at it.
            #expect(report.megabytes < 600)

            // It is as well as before.
            let batch = try CollectorDocuments.batch([try CollectorDocuments.result(site: "Berlin", number: 1)])
            #expect(try CollectorLots(try lab.post(batch, token: token)).results.map(\.status) == ["stored"])
            #expect(collector.isRunning)
            #expect(try lab.request("/").status == 200)
        }

        /// Texts of a document that mean to be markup are text wherever they are shown.
        @Test func aHostileAgentCannotScriptThePages() async throws {
            let lab = try CollectorLab()
            let name = "<script>alert(1)</script>\"'&"
            let token = try lab.require("site", "add", name)
            try await lab.start()
            var fields = try CollectorDocuments.result(site: name, number: 1)
            let markup = "<img src=x onerror=alert(2)>"
            fields["agent"] = markup
            var findings = try #require(fields["findings"] as? [[String: Any]])
            for key in ["summary", "remedy"] { findings[0][key] = markup }
            fields["findings"] = findings
            let lots = try CollectorLots(try lab.post(try CollectorDocuments.batch([fields]), token: token))
            #expect(lots.results.map(\.status) == ["stored"], "\(lots.results)")
            let site = try #require(name.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            for path in ["/", "/sites/\(site)", "/sites/\(site)/results/\(CollectorDocuments.id(1))", "/assessments"] {
                let page = try lab.request(path)
                #expect(page.status == 200, "\(path)")
                #expect(page.body.contains("</html>"))
                for needle in ["<script>alert", "<img src=x", "style=\"", "<style"] {
                    #expect(!page.body.contains(needle), "\(path) \(needle)")
                }
            }
        }
    }
}
