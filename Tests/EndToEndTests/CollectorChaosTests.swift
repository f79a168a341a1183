import Foundation
import Testing

extension EndToEnd {
    /// Collectors that are killed at random moments under load. `COLLECTOR_ROUNDS` says how often.
    @Suite(.enabled(if: CollectorLab.missing.isEmpty, "SKIPPED: needs \(CollectorLab.missing)"))
    struct CollectorChaos {
        static let rounds = ProcessInfo.processInfo.environment["COLLECTOR_ROUNDS"].flatMap(Int.init) ?? 20

        /// Enrols sites and writes their tokens as `load` reads them.
        static func tokens(_ lab: CollectorLab, sites: Int) throws -> String {
            let lines = try (0..<sites).map { "Site \($0)\t\(try lab.require("site", "add", "Site \($0)"))\n" }
            return try lab.write(lines.joined(), to: "tokens")
        }

        static func load(_ lab: CollectorLab, _ url: String, _ tokens: String, _ results: Int) throws -> Program {
            try Program(
                [
                    try Executables.built("linecheck-collector"), "load", "--url", url, "--tokens", tokens,
                    "--results", "\(results)", "--batch", "20", "--connections", "4", "--acknowledged",
                    lab.path("ledger"),
                ],
                name: "load"
            )
        }

        /// Every result that was acknowledged is stored, and nothing is stored twice.
        static func expectAllOnce(_ lab: CollectorLab, results: Int) throws {
            let noted = try String(contentsOfFile: lab.path("ledger"), encoding: .utf8).split(separator: "\n")
            let acknowledged = Set(noted.map(String.init))
            let stored = try lab.storedIDs()
            #expect(Set(stored).count == stored.count, "stored twice")
            #expect(acknowledged.isSubset(of: Set(stored)), "lost: \(acknowledged.subtracting(stored).count)")
            #expect(acknowledged.count == results)
        }

        @Test func everyAcknowledgedResultIsThereOnceHoweverOftenTheCollectorIsKilled() async throws {
            let lab = try CollectorLab()
            let port = try DeliveryLab.freePort()
            let tokens = try Self.tokens(lab, sites: 8)
            let limits = try lab.write("limits: {rate: 10000000}", to: "c.yaml")
            try await lab.start(["--config", limits], port: port)
            let results = 200 * Self.rounds
            let load = try Self.load(lab, lab.url, tokens, results)
            var kills = 0
            while kills < Self.rounds {
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...400)))
                lab.kill()
                kills += 1
                try await lab.start(["--config", limits], port: port)
            }
            let ended = try await load.end(within: 120)
            #expect(ended.status == 0, "\(ended.standardError)\(ended.standardOutput)")
            try Self.expectAllOnce(lab, results: results)
            print("\(kills) kills: \(results) results acknowledged, each stored once")
            print(ended.standardOutput)
        }
    }
}
