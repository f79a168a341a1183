/// One connection to a database, within one transaction. Statements are written once for both databases; parameters
/// are `$1`, `$2` ….
protocol SQLSession: AnyObject {
    var dialect: SQLDialect { get }

    /// - Throws: ``StoreError``.
    @discardableResult
    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow]

    /// How many rows an `UPDATE` or `DELETE` changed.
    @discardableResult
    func change(_ sql: String, _ values: [SQLValue]) throws -> Int

    /// Inserts all rows with one statement or one statement prepared once.
    func insert(into table: SQLTable, _ rows: [[SQLValue]], onConflict: SQLConflict) throws

    /// Inserts those rows whose key is not there yet, of keys that differ.
    ///
    /// - Returns: for each row whether it was inserted.
    func insertNew(into table: SQLTable, _ rows: [[SQLValue]]) throws -> [Bool]

    /// Waits until no other collector brings the schema up to date, which this transaction may then do.
    func claimMigration() throws

    /// Whether no other transaction has the right to maintain the database; from then on this one has it, until it ends.
    func claimMaintenance() throws -> Bool
}

extension SQLSession {
    @discardableResult
    func query(_ sql: String) throws -> [SQLRow] { try query(sql, []) }

    func insert(into table: SQLTable, _ rows: [[SQLValue]]) throws {
        try insert(into: table, rows, onConflict: .ignore)
    }
}

/// What becomes of a row whose key is there already.
enum SQLConflict: Hashable, Sendable {
    case ignore
    /// Columns to take over from the new row.
    case update([String])

    func clause(_ table: SQLTable) -> String {
        switch self {
        case .ignore: return "ON CONFLICT DO NOTHING"
        case .update(let columns):
            let sets = columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
            return "ON CONFLICT (\(table.key.joined(separator: ", "))) DO UPDATE SET \(sets)"
        }
    }
}

/// A database that runs transactions.
protocol SQLDatabase: Sendable {
    /// Transactions that can usefully run side by side.
    var writers: Int { get }

    /// Runs `work` within a transaction that sees one state of the database and changes nothing.
    func read<Value: Sendable>(_ work: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value

    /// Runs `work` within a transaction that is on the disk when this returns. `work` may run twice, where the database
    /// went away during the first time or gave way to another transaction.
    func write<Value: Sendable>(_ work: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value

    func close() async
}
