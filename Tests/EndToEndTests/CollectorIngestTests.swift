import Foundation
import Testing

extension EndToEnd {
    /// Batches as agents send them, good and bad, against the program.
    @Suite(.enabled(if: CollectorLab.missing.isEmpty, "SKIPPED: needs \(CollectorLab.missing)"))
    struct CollectorIngest {
        @Test func eachDocumentIsAnsweredForItself() async throws {
            let lab = try CollectorLab()
            let token = try lab.require("site", "add", "Berlin")
            try await lab.start()
            let good = try CollectorDocuments.result(site: "Berlin", number: 1)
            let other = try CollectorDocuments.result(site: "Dublin", number: 2)
            var later = try CollectorDocuments.result(site: "Berlin", number: 3)
            later["schema"] = "linecheck.result/1.9"
            later["weather"] = ["wind": "12 kn"]
            var broken = try CollectorDocuments.result(site: "Berlin", number: 4)
            broken["criteria"] = nil
            let batch = try CollectorDocuments.batch([good, other, later, broken, good])
            let lots = try CollectorLots(try lab.post(batch, token: token)).results
            #expect(lots.map(\.status) == ["stored", "refused", "stored", "refused", "duplicate"])
            #expect(lots.map(\.id) == [1, 2, 3, 4, 1].map(CollectorDocuments.id))
            #expect(lots[1].reason?.contains("'Dublin'") == true)
            #expect(lots[3].reason == "criteria: is missing")
            let kept = try lab.request("/v1/sites/Berlin/results/\(CollectorDocuments.id(3))")
            #expect(kept.body.contains("\"wind\":\"12 kn\""))
            #expect(try lab.storedIDs().sorted() == [1, 3].map(CollectorDocuments.id))
            // Again, after the collector was started anew.
            lab.kill()
            try await lab.start()
            let again = try CollectorLots(try lab.post(batch, token: token)).results
            #expect(again.map(\.status) == ["duplicate", "refused", "duplicate", "refused", "duplicate"])
        }

        @Test func tokensWriteForTheirSiteUntilTheyEnd() async throws {
            let lab = try CollectorLab()
            let token = try lab.require("site", "add", "Berlin")
            let reader = try lab.require("reader", "add", "Zoë")
            try await lab.start()
            let batch = try CollectorDocuments.batch([try CollectorDocuments.result(site: "Berlin", number: 1)])
            for wrong in ["", "lcs_wrong", reader, token + "x"] {
                let answer = try lab.post(batch, token: wrong)
                #expect(answer.status == 401)
                #expect(answer.headers.lowercased().contains("www-authenticate: bearer"))
                #expect(answer.headers.lowercased().contains("application/problem+json"))
            }
            let rotated = try lab.require("site", "rotate", "Berlin", "--overlap", "1h")
            for good in [token, rotated] { #expect(try lab.post(batch, token: good).status == 200) }
            let last = try lab.require("site", "rotate", "Berlin", "--overlap", "0s")
            for old in [token, rotated] { #expect(try lab.post(batch, token: old).status == 401) }
            #expect(try lab.post(batch, token: last).status == 200)
            try lab.require("site", "revoke", "Berlin")
            #expect(try lab.post(batch, token: last).status == 401)
            #expect(try lab.run("site", "revoke", "Nowhere").status == 1)
            // What was sent stays.
            #expect(try lab.storedIDs() == [CollectorDocuments.id(1)])
        }

        @Test func whatIsNoBatchIsRefusedAsAWhole() async throws {
            let lab = try CollectorLab()
            let token = try lab.require("site", "add", "Berlin")
            let limits = "limits: {documents: 3, inflated: 2 MB, body: 100 kB, document: 1 MB, rate: 4}"
            try await lab.start(["--config", try lab.write(limits, to: "c.yaml")])
            #expect(try lab.post("{\"results\":[", token: token).status == 400)
            #expect(try lab.post("{\"documents\":[]}", token: token).status == 400)
            #expect(try lab.post("{\"results\":[1,2,3,4]}", token: token).status == 413)
            #expect(try lab.post(String(repeating: " ", count: 2_000_001), token: token).status == 413)
            let file = try lab.write("{}", to: "body")
            let bearer = ["-H", "Authorization: Bearer \(token)"]
            let plain = try lab.request("/v1/results", bearer[0], bearer[1], "--data-binary", "@\(file)")
            #expect(plain.status == 415)
            let first = try lab.post("{\"results\":[1,2,3]}", token: token)
            #expect(try CollectorLots(first).results.map(\.status) == ["refused", "refused", "refused"])
            let second = try lab.post("{\"results\":[1,2,3]}", token: token)
            #expect(second.status == 429)
            #expect(second.headers.lowercased().contains("retry-after: "))
        }
    }
}
