import Foundation
import Testing

extension EndToEnd {
    /// HEAD says of every address what GET would (RFC 9110 §9.3.2), and sends nothing of it.
    @Suite(.enabled(if: CollectorLab.missing.isEmpty, "SKIPPED: needs \(CollectorLab.missing)"))
    struct CollectorHead {
        @Test func headIsTheHeadOfGet() async throws {
            let lab = try CollectorLab()
            let token = try lab.require("site", "add", "Berlin")
            try await lab.start()
            let documents = try (1...3).map { try CollectorDocuments.result(site: "Berlin", number: $0) }
            _ = try CollectorLots(try lab.post(try CollectorDocuments.batch(documents), token: token))
            let port = try #require(lab.url.split(separator: ":").last)
            let style = try #require(try lab.request("/").body.firstMatch(of: /\/assets\/style-[0-9a-f]+\.css/)).output
            let id = CollectorDocuments.id(1)
            let streamed = ["/v1/export/results.csv", "/v1/export/results.json?grade=not_ready"]
            let paths = [
                "/", "/?q=ber", "/sites/Berlin", "/sites/Berlin/results/\(id)", "/assessments", "/login", "\(style)",
                "/v1/sites", "/v1/sites/Berlin", "/v1/sites/Berlin/results", "/v1/sites/Berlin/results/\(id)",
                "/v1/sites/Berlin/history", "/v1/sites/Berlin/findings", "/v1/sites/Berlin/assessments",
                "/v1/openapi.json", "/metrics", "/health/live", "/health/ready",
                // What is not there, or not so, is told by HEAD as well.
                "/sites/Nowhere", "/sites/Berlin/assessments/\(id)", "/v1/sites?limit=0", "/nowhere",
            ]
            let looked = try Command.run(try Executables.peer("head_requests.py") + ["\(port)"] + paths + streamed)
            #expect(looked.status == 0, "\(looked.standardError)")
            let lines = looked.standardOutput.split(separator: "\n").map { $0.split(separator: " ") }
            #expect(lines.count == paths.count + streamed.count)
            for line in lines {
                let isStreamed = line[0].contains("/export/")
                #expect(isStreamed ? line[2] == "chunked" : Int(line[2]).map { $0 > 0 } == true, "\(line)")
                #expect(!isStreamed || line[1] == "200")
            }
        }
    }
}
