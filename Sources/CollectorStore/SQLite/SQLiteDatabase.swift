import Foundation
import GRDB
import Synchronization

/// A SQLite file: one writer at a time, and readers that neither wait for it nor keep it waiting.
final class SQLiteDatabase: SQLDatabase {
    private let pool: DatabasePool
    // A closed pool answers with whatever SQLite makes of that.
    private let isClosed = Atomic(false)
    private let path: String

    var writers: Int { 1 }

    /// - Throws: ``StoreError``.
    init(path: String) throws {
        self.path = path
        SQLiteFileOwner.prepare(path)
        var configuration = Configuration()
        // The commands beside the server write, too.
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { database in
                // Committed means on the disk, not merely handed to the kernel.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
            }
            self.pool = pool
        } catch {
            throw SQLiteError.store(error, path: path)
        }
    }

    func read<Value: Sendable>(_ work: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        guard !isClosed.load(ordering: .relaxed) else { throw StoreError.closed }
        do {
            return try await pool.read { try work(SQLiteSession($0)) }
        } catch {
            throw SQLiteError.store(error, path: path)
        }
    }

    func write<Value: Sendable>(_ work: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        guard !isClosed.load(ordering: .relaxed) else { throw StoreError.closed }
        do {
            return try await pool.write { try work(SQLiteSession($0)) }
        } catch {
            throw SQLiteError.store(error, path: path)
        }
    }

    func close() async {
        isClosed.store(true, ordering: .relaxed)
        try? pool.close()
    }
}

/// What GRDB's errors mean for whoever runs a collector.
enum SQLiteError {
    static func store(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY:
            return StoreError.unavailable(
                "the database \(path) cannot be opened for writing (\(reason)): see that its directory is there, and "
                    + "that this user may write in it"
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StoreError.unavailable(
                "the database \(path) is busy (\(reason)): another program has been writing to it for over 10 s"
            )
        case .SQLITE_FULL:
            return StoreError.unavailable("the disk of the database \(path) is full (\(reason)): make room")
        case .SQLITE_IOERR:
            return StoreError.unavailable(
                "the disk of the database \(path) fails (\(reason)): look at the kernel's log"
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return StoreError.failed("\(path) is damaged or no SQLite database (\(reason)): restore it from a backup")
        default: return StoreError.failed(reason)
        }
    }
}
