import Foundation
import Testing

extension EndToEnd {
    /// Collectors and databases that are killed at random moments under load: what was acknowledged is there, once.
    /// `COLLECTOR_ROUNDS` says how often (`make chaos-collector ROUNDS=200`), `COLLECTOR_SEED` with which luck.
    @Suite(.enabled(if: CollectorLab.missing.isEmpty, "SKIPPED: needs \(CollectorLab.missing)"))
    struct CollectorKills {
        private func rounds(_ standard: Int) -> Int { CollectorChaos.number("COLLECTOR_ROUNDS", standard) }
        private let seed = CollectorChaos.number("COLLECTOR_SEED", 1)

        @Test func aKilledCollectorLosesNothing() async throws {
            let chaos = try await CollectorChaos(collectors: 1, postgres: nil, seed: seed)
            try await chaos.run(rounds: rounds(10))
            try chaos.expectAllOnce()
        }

        @Test(.enabled(if: PostgresLab.isAvailable, "SKIPPED: needs PostgreSQL's server and root"))
        func twoCollectorsAndTheirPostgreSQLLoseNothing() async throws {
            let postgres = try await PostgresLab()
            let chaos = try await CollectorChaos(collectors: 2, postgres: postgres, seed: seed)
            try await chaos.run(rounds: rounds(20))
            try chaos.expectAllOnce()
        }
    }
}
