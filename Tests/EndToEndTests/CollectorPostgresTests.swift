import Foundation
import Testing

extension EndToEnd {
    /// Several collectors on one PostgreSQL.
    @Suite(.enabled(if: PostgresLab.isAvailable, "SKIPPED: needs PostgreSQL's server and root"))
    struct CollectorPostgres {
        @Test func twoCollectorsServeOneDatabaseWhileOneIsKilled() async throws {
            let postgres = try await PostgresLab()
            let first = try CollectorLab(database: postgres.url)
            let second = try CollectorLab(database: postgres.url)
            let tokens = try CollectorChaos.tokens(first, sites: 8)
            let limits = ["--config", try first.write("limits: {rate: 10000000}", to: "c.yaml")]
            let port = try DeliveryLab.freePort()
            try await first.start(limits, port: port)
            try await second.start(limits)
            let results = 100 * CollectorChaos.rounds
            let loads = try [first, second].map { lab in
                try CollectorChaos.load(lab, lab.url, tokens, results)
            }
            for _ in 0..<CollectorChaos.rounds {
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...300)))
                first.kill()
                try await first.start(limits, port: port)
            }
            for load in loads {
                let ended = try await load.end(within: 180)
                #expect(ended.status == 0, "\(ended.standardError)\(ended.standardOutput)")
            }
            // What one took, the other shows.
            try CollectorChaos.expectAllOnce(first, results: results)
            try CollectorChaos.expectAllOnce(second, results: results)
            #expect(try second.storedIDs().count == 2 * results)
            #expect(try first.request("/v1/sites").body == (try second.request("/v1/sites").body))
        }
    }
}
