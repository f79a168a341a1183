import Foundation
import GRDB
import Testing
import Units

@testable import Agent

@Suite struct SpoolTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()

    init() throws { folder = try TemporaryFolder() }

    private func open(size: Int = SpoolSettings.defaultSize) -> Spool {
        Spool(SpoolSettings(directory: folder.path, size: size), clock: clock)
    }

    @Test func whatIsStoredIsThereAfterReopening() {
        let first = open()
        for number in 0..<5 { #expect(first.store(document(number)) == .durable) }
        #expect(first.store(document(7, kind: .assessment)) == .durable)
        first.close()
        let second = open()
        #expect(second.pending(.result, upTo: .max, octets: .max) == (0..<5).map { document($0) })
        #expect(second.pending(.assessment, upTo: .max, octets: .max) == [document(7, kind: .assessment)])
        #expect(second.status.pending == 6)
        #expect(second.status.oldestPending == document(0).completedAt)
    }

    /// The other process is as if it were killed: it never closes the file.
    @Test func whatIsStoredIsThereForAnotherProcessAtOnce() {
        let first = open()
        first.store(document(1))
        #expect(open().waiting() == ["result-1"])
        withExtendedLifetime(first) {}
    }

    @Test func anotherProcessCanReadItsStatus() throws {
        let settings = SpoolSettings(directory: folder.path)
        #expect(throws: TextRefusal.self) { try SpoolStatus.reading(settings) }
        let spool = open()
        spool.store(document(1))
        spool.failed("HTTP 503")
        let status = try SpoolStatus.reading(settings)
        #expect(status == spool.status)
        #expect(status.pending == 1)
    }

    @Test func commitsAreSyncedAndTheJournalIsAWAL() throws {
        let database = try SpoolDatabase.open(in: folder.path)
        let synchronous = try database.queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        let journal = try database.queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(synchronous == 2)
        #expect(journal == "wal")
    }

    @Test func theSameIdentifierIsStoredOnce() {
        let spool = open()
        for _ in 0..<3 { #expect(spool.store(document(1)) == .durable) }
        #expect(spool.status.pending == 1)
    }

    @Test func whatIsDeliveredLeavesAndIsCounted() {
        let spool = open()
        for number in 0..<4 { spool.store(document(number)) }
        clock.advance(.seconds(5))
        spool.settle(["result-1": .delivered, "result-2": .delivered, "result-9": .delivered], succeeded: true)
        #expect(spool.waiting() == ["result-0", "result-3"])
        spool.close()
        let status = open().status
        #expect(status.delivered == 2)
        #expect(status.lastSuccess == ManualClock.start + .seconds(5))
    }

    @Test func whatIsSetAsideWaitsNoMoreAndCanBeReleased() {
        let spool = open()
        for number in 0..<3 { spool.store(document(number)) }
        spool.settle(["result-1": .setAside("HTTP 422: criteria: is missing")], succeeded: false)
        #expect(spool.waiting() == ["result-0", "result-2"])
        #expect(spool.status.setAside == 1)
        #expect(spool.status.pending == 2)
        #expect(spool.setAside.map(\.id) == ["result-1"])
        #expect(spool.setAside.first?.reason == "HTTP 422: criteria: is missing")
        // Stored again it stays where it is.
        spool.store(document(1))
        #expect(spool.waiting() == ["result-0", "result-2"])
        #expect(spool.releaseSetAside() == 1)
        #expect(spool.waiting() == ["result-0", "result-1", "result-2"])
        #expect(spool.setAside.isEmpty)
    }

    @Test func aBatchIsBoundedInCountAndOctetsButHasOneInAnyCase() {
        let spool = open()
        for number in 0..<6 { spool.store(document(number, octets: 1_000)) }
        #expect(spool.pending(.result, upTo: 4, octets: .max).count == 4)
        #expect(spool.pending(.result, upTo: 4, octets: 2_500).count == 2)
        #expect(spool.pending(.result, upTo: 4, octets: 1).count == 1)
        let without = spool.pending(.result, upTo: 2, octets: .max, excluding: ["result-0", "result-2"])
        #expect(without.map(\.id) == ["result-1", "result-3"])
        #expect(spool.pending(ids: ["result-5", "result-8", "result-1"]).map(\.id) == ["result-5", "result-1"])
    }

    @Test func failuresAreKeptAcrossRestarts() {
        let spool = open()
        spool.failed("could not resolve host")
        spool.close()
        #expect(open().status.lastFailure == PushFailure(at: ManualClock.start, reason: "could not resolve host"))
    }

    /// What an earlier version left is read, not thrown away.
    @Test func migrationsKeepWhatThereWas() throws {
        open().store(document(1))
        var migrator = SpoolSchema.migrator
        migrator.registerMigration("a later one") { database in
            try database.execute(sql: "ALTER TABLE document ADD COLUMN later INTEGER")
        }
        let database = try SpoolDatabase.open(in: folder.path)
        try migrator.migrate(database.queue)
        // And this version still works with the later tables.
        let spool = open()
        #expect(spool.store(document(2)) == .durable)
        #expect(spool.waiting() == ["result-1", "result-2"])
    }
}
