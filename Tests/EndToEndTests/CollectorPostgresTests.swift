import Foundation
import Testing

extension EndToEnd {
    /// A collector whose database goes away, and comes back.
    @Suite(.enabled(if: PostgresLab.isAvailable, "SKIPPED: needs PostgreSQL's server and root"))
    struct CollectorPostgres {
        @Test func aDatabaseThatGoesAwayIsWaitedFor() async throws {
            let postgres = try await PostgresLab()
            let lab = try CollectorLab(database: postgres.url)
            let token = try lab.require("site", "add", "Berlin")
            try await lab.start()
            let collector = try #require(lab.collector)
            func deliver(_ number: Int) throws -> CollectorLab.Answer {
                let result = try CollectorDocuments.result(site: "Berlin", number: number)
                return try lab.post(try CollectorDocuments.batch([result]), token: token)
            }
            #expect(try CollectorLots(try deliver(1)).results.map(\.status) == ["stored"])
            #expect(try lab.request("/health/ready").status == 200)

            postgres.kill()
            try await lab.until("/health/ready", is: 503)
            let paths = ["/", "/health/ready", "/v1/sites", "/v1/export/results.csv", "/metrics"]
            for answer in [try deliver(2)] + (try paths.map { try lab.request($0) }) {
                #expect(answer.status == 503, "\(answer.body)")
                #expect(answer.headers.lowercased().contains("retry-after: 10"), "\(answer.headers)")
                #expect(answer.body.contains("the store cannot be used now"))
            }
            // It runs, and says so; what needs no database is served.
            #expect(try lab.request("/health/live").status == 200)
            #expect(try lab.request("/v1/openapi.json").status == 200)

            try await postgres.start()
            try await lab.until("/health/ready", is: 200)
            #expect(try CollectorLots(try deliver(2)).results.map(\.status) == ["stored"])
            #expect(try CollectorLots(try deliver(1)).results.map(\.status) == ["duplicate"])
            #expect(collector.isRunning)
            #expect(Set(try lab.storedIDs()) == [CollectorDocuments.id(1), CollectorDocuments.id(2)])
        }
    }
}
