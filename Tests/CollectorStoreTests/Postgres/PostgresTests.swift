import Foundation
import Results
import Testing
import Units

@testable import CollectorStore

@Suite(.serialized) struct PostgresTests {
    /// Several collectors on one database, which share nothing else.
    private func withStores(_ count: Int, _ body: ([SQLStore]) async throws -> Void) async throws {
        let address = try await PostgresServer.shared.value.freshDatabase()
        var stores: [SQLStore] = []
        for _ in 0..<count { stores.append(try await SQLStore.open(address)) }
        try await body(stores)
        for store in stores { await store.close() }
    }

    @Test func collectorsThatShareADatabaseStoreEachDocumentOnce() async throws {
        try await withStores(3) { stores in
            let lots = try await withThrowingTaskGroup(of: [DocumentLot].self) { group in
                for (index, store) in stores.enumerated() {
                    for task in 0..<4 {
                        group.addTask {
                            var generator = SeededGenerator(seed: UInt64(index * 10 + task))
                            // The same documents for all, in another order and cut in another way.
                            let all = try (0..<200).map { number in
                                let at = MadeUp.start + .seconds(Int64(number) * 900)
                                return try MadeUp.result("r\(number)", site: "s\(number % 5)", at: at)
                            }.shuffled(using: &generator)
                            var lots: [DocumentLot] = []
                            for start in stride(from: 0, to: 200, by: 23) {
                                lots += try await store.store(Array(all[start..<min(start + 23, 200)]))
                            }
                            return lots
                        }
                    }
                    group.addTask {
                        let policy = KeepingPolicy(raw: .seconds(20_000 * 86_400))
                        for _ in 0..<10 {
                            _ = try await store.maintain(now: MadeUp.start + MadeUp.hours(99), policy: policy)
                        }
                        return []
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(lots.count { $0 == .stored } == 200)
            #expect(lots.count { $0 == .duplicate } == 200 * 11)
            let now = MadeUp.start + MadeUp.hours(99)
            _ = try await stores[0].maintain(now: now, policy: KeepingPolicy(raw: .seconds(20_000 * 86_400)))
            var checks = 0
            for number in 0..<5 {
                let query = HistoryQuery(site: "s\(number)", from: MadeUp.start, until: now, resolution: .hour)
                checks += try await stores[1].gradeHistory(query).reduce(0) { $0 + $1.checks }
            }
            #expect(checks == 200)
        }
    }

    @Test func oneCollectorAtATimeMaintains() async throws {
        try await withStores(2) { stores in
            let (entered, enter) = AsyncStream.makeStream(of: Void.self)
            let (left, leave) = AsyncStream.makeStream(of: Void.self)
            async let holder: Void = stores[0].database.write { session in
                guard try session.claimMaintenance() else { throw StoreError.failed("somebody maintains") }
                enter.yield()
                // This thread is the connection's own, which may wait.
                let semaphore = DispatchSemaphore(value: 0)
                Task {
                    for await _ in left { break }
                    semaphore.signal()
                }
                semaphore.wait()
            }
            for await _ in entered { break }
            let report = try await stores[1].maintain(now: MadeUp.start, policy: KeepingPolicy())
            #expect(report.wasTaken)
            leave.yield()
            try await holder
            #expect(try await stores[1].maintain(now: MadeUp.start, policy: KeepingPolicy()).wasTaken == false)
        }
    }

    @Test func aServerThatWasKilledIsFoundAgain() async throws {
        let server = try PostgresServer.start(["fsync = on"])
        defer { server.stop() }
        let store = try await SQLStore.open(server.freshDatabase())
        #expect(try await store.store([try MadeUp.result("a")]) == [.stored])
        let postmaster = try #require(server.postmaster)
        kill(postmaster, SIGKILL)
        // Its children notice after a moment that it is gone.
        var attempts = 0
        let error = await #expect(throws: StoreError.self) {
            while attempts < 1_000 {
                attempts += 1
                _ = try await store.store([try MadeUp.result("b\(attempts)")])
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        guard case .unavailable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try server.startAgain()
        #expect(try await store.store([try MadeUp.result("a"), try MadeUp.result("b")]) == [.duplicate, .stored])
        await store.close()
    }

    @Test func aConnectionThatIsCutIsReplacedUnnoticed() async throws {
        let address = try await PostgresServer.shared.value.freshDatabase()
        let store = try await SQLStore.open(address)
        for number in 0..<5 {
            try PostgresConnection(url: address).run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND datname = current_database()
                """
            )
            #expect(try await store.store([try MadeUp.result("r\(number)")]) == [.stored])
        }
        await store.close()
    }

    @Test func binaryFormsAreTheServersOwn() async throws {
        try await withStores(1) { stores in
            let values: [SQLValue] = [
                .integer(.min), .real(-0.0), .real(.leastNonzeroMagnitude), .text("é\u{1f600}'"), .blob([0, 255, 39]),
                .null, .text(""), .blob([]),
            ]
            let row = try await stores[0].database.read { session in
                try session.query(
                    "SELECT $1::bigint, $2::float8, $3::float8, $4::text, $5::bytea, $6::text, $7::text, $8::bytea",
                    values
                ).first
            }
            #expect(row?.values == values)
            let texts = ["a", "", "NULL", "{x,y}", "\"\\"]
            let found = try await stores[0].database.read { session in
                try session.query("SELECT t FROM unnest($1::text[]) AS t", [.texts(texts)]).map { try $0.text(0) }
            }
            #expect(found == texts)
        }
    }
}
