import Results
import Units

/// A store in a SQL database: SQLite in a file, or PostgreSQL (or what speaks its protocol) by URL.
public struct SQLStore: ResultStore {
    let database: any SQLDatabase
    private let ingest: IngestQueue

    init(_ database: any SQLDatabase) async throws {
        self.database = database
        ingest = IngestQueue(database)
        do {
            try await database.write { try Schema.migrate($0) }
        } catch {
            await database.close()
            throw error
        }
    }

    /// Opens the database at an address: `postgres://…` or `postgresql://…`, as libpq reads them, or the path of a
    /// file for SQLite, which is made where there is none. Brings an older schema up to date.
    ///
    /// - Throws: ``StoreError``.
    public static func open(_ address: String) async throws -> SQLStore {
        if address.hasPrefix("postgres://") || address.hasPrefix("postgresql://") {
            return try await postgres(address)
        }
        guard !address.contains("://") else {
            let scheme = String(address.prefix { $0 != ":" })
            throw StoreError.badAddress(
                "the database address begins with '\(scheme)://'; it can be the path of a file for SQLite, or "
                    + "'postgres://USER@HOST/DATABASE'"
            )
        }
        return try await sqlite(path: address)
    }

    /// - Throws: ``StoreError``.
    public static func sqlite(path: String) async throws -> SQLStore {
        try await SQLStore(SQLiteDatabase(path: path))
    }

    /// - Parameters:
    ///   - url: as libpq reads it; what it leaves open is taken from `PG…` environment variables and `~/.pgpass`.
    ///   - connections: how many, each with a thread of its own.
    /// - Throws: ``StoreError``.
    public static func postgres(_ url: String, connections: Int = 4) async throws -> SQLStore {
        try await SQLStore(PostgresDatabase(url: url, connections: connections))
    }

    /// How many documents of batches that come at once end up in one transaction, unless one batch has more.
    package static let joinedDocuments = IngestQueue.most

    public func store(_ batch: [IngestedDocument]) async throws -> [DocumentLot] {
        guard !batch.isEmpty else { return [] }
        return try await ingest.store(batch.map(DocumentRows.init))
    }

    public func check() async throws { try await database.write { _ = try $0.query("SELECT 1") } }

    public func close() async { await database.close() }
}
