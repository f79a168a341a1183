import Foundation
import Synchronization
import Testing

@testable import CollectorStore

/// Batches that wait while a transaction runs go into the next one together.
@Suite struct JoinedBatchesTests {
    /// The first transaction runs until three more batches wait; then the gate opens.
    private static func storeFour(_ database: PickyDatabase) async throws -> [Result<[DocumentLot], any Error>] {
        let queue = IngestQueue(database)
        @Sendable func store(_ names: [String]) async -> Result<[DocumentLot], any Error> {
            do {
                return .success(try await queue.store(names.map { DocumentRows(try MadeUp.result($0)) }))
            } catch {
                return .failure(error)
            }
        }
        let first = Task { await store(["first"]) }
        await database.arrived()
        let batches = [["a", "b"], ["c", PickyDatabase.refused], ["d", "a"]]
        return try await withThrowingTaskGroup(of: (Int, Result<[DocumentLot], any Error>).self) { group in
            for (index, batch) in batches.enumerated() {
                group.addTask { (index, await store(batch)) }
                // One after another, so that their order is known.
                while await queue.waiting.count <= index { await Task.yield() }
            }
            database.open()
            var found = [Int: Result<[DocumentLot], any Error>]()
            for try await (index, result) in group { found[index] = result }
            return [await first.value] + batches.indices.compactMap { found[$0] }
        }
    }

    @Test func oneTransactionServesThemAll() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let store = try await SQLStore.sqlite(path: "\(folder.path)/collector.sqlite")
        let database = PickyDatabase(store.database, refuses: false)
        let results = try await Self.storeFour(database)
        #expect(try results[1].get() == [.stored, .stored])
        #expect(try results[2].get() == [.stored, .stored])
        // The same document in a batch that came earlier.
        #expect(try results[3].get() == [.stored, .duplicate])
        #expect(database.transactions == 2)
        await store.close()
    }

    @Test func whatADatabaseRefusesSpoilsNoOtherBatch() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let store = try await SQLStore.sqlite(path: "\(folder.path)/collector.sqlite")
        let results = try await Self.storeFour(PickyDatabase(store.database, refuses: true))
        #expect(try results[0].get() == [.stored])
        #expect(try results[1].get() == [.stored, .stored])
        #expect(throws: StoreError.failed("refused")) { try results[2].get() }
        #expect(try results[3].get() == [.stored, .duplicate])
        for (id, isThere) in [("first", true), ("a", true), ("b", true), ("c", false), ("d", true)] {
            #expect(try await (store.document(site: "dublin", id: id) != nil) == isThere, "\(id)")
        }
        await store.close()
    }
}

/// A database that holds its first transaction back, and may refuse one document.
private final class PickyDatabase: SQLDatabase {
    static let refused = "refused"

    private let inner: any SQLDatabase
    private let refuses: Bool
    private let begun = Mutex(0)
    private let arrivals = AsyncStream<Void>.makeStream()
    private let gate = AsyncStream<Void>.makeStream()

    init(_ inner: any SQLDatabase, refuses: Bool) {
        self.inner = inner
        self.refuses = refuses
    }

    var writers: Int { 1 }
    var transactions: Int { begun.withLock { $0 } }

    func arrived() async { for await _ in arrivals.stream { return } }
    func open() { gate.continuation.finish() }

    func read<Value: Sendable>(_ work: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await inner.read(work)
    }

    func write<Value: Sendable>(_ work: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        let number = begun.withLock { begun in
            begun += 1
            return begun
        }
        if number == 1 {
            arrivals.continuation.yield()
            for await _ in gate.stream {}
        }
        let refuses = refuses
        return try await inner.write { try work(PickySession($0, refuses: refuses)) }
    }

    func close() async { await inner.close() }
}

private final class PickySession: SQLSession {
    private let inner: any SQLSession
    private let refuses: Bool

    init(_ inner: any SQLSession, refuses: Bool) {
        self.inner = inner
        self.refuses = refuses
    }

    var dialect: SQLDialect { inner.dialect }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] { try inner.query(sql, values) }
    func change(_ sql: String, _ values: [SQLValue]) throws -> Int { try inner.change(sql, values) }

    func insert(into table: SQLTable, _ rows: [[SQLValue]], onConflict: SQLConflict) throws {
        try inner.insert(into: table, rows, onConflict: onConflict)
    }

    func insertNew(into table: SQLTable, _ rows: [[SQLValue]]) throws -> [Bool] {
        let isNew = try inner.insertNew(into: table, rows)
        guard !refuses || !rows.contains(where: { $0[1] == .text(PickyDatabase.refused) }) else {
            throw StoreError.failed("refused")
        }
        return isNew
    }

    func claimMigration() throws { try inner.claimMigration() }
    func claimMaintenance() throws -> Bool { try inner.claimMaintenance() }
}
