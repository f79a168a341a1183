/// Statements on one PostgreSQL connection, within a transaction.
final class PostgresSession: SQLSession {
    private let connection: PostgresConnection

    init(_ connection: PostgresConnection) { self.connection = connection }

    var dialect: SQLDialect { .postgres }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        let answer = try connection.execute(sql, values.map(PostgresBinary.parameter))
        return try Self.rows(answer)
    }

    func change(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try connection.execute(sql, values.map(PostgresBinary.parameter)).changed
    }

    func insert(into table: SQLTable, _ rows: [[SQLValue]], onConflict: SQLConflict) throws {
        try insert(into: table, rows, onConflict, returning: [])
    }

    func insertNew(into table: SQLTable, _ rows: [[SQLValue]]) throws -> [Bool] {
        let inserted = Set(try insert(into: table, rows, .ignore, returning: table.key).map(\.values))
        return rows.map { inserted.contains(Array($0.prefix(table.key.count))) }
    }

    /// One statement with an array for each column.
    @discardableResult
    private func insert(
        into table: SQLTable,
        _ rows: [[SQLValue]],
        _ onConflict: SQLConflict,
        returning columns: [String]
    ) throws -> [SQLRow] {
        guard !rows.isEmpty else { return [] }
        let types = table.columns.map { PostgresType($0.type) }
        let arrays = types.enumerated().map { "$\($0.offset + 1)::\($0.element.name)[]" }.joined(separator: ", ")
        let sql = """
            INSERT INTO \(table.name) (\(table.columnList)) SELECT * FROM unnest(\(arrays)) \
            \(onConflict.clause(table)) \(columns.isEmpty ? "" : "RETURNING \(columns.joined(separator: ", "))")
            """
        let parameters = types.enumerated().map { index, type in
            PostgresBinary.array(rows.map { $0[index] }, of: type)
        }
        return try Self.rows(connection.execute(sql, parameters))
    }

    func claimMigration() throws {
        // Its answer is of type void, which has no value.
        _ = try query("SELECT 1 FROM (SELECT pg_advisory_xact_lock(\(PostgresLock.migration))) AS locked", [])
    }

    func claimMaintenance() throws -> Bool {
        try query("SELECT pg_try_advisory_xact_lock(\(PostgresLock.maintenance))", []).first?.integer(0) == 1
    }

    private static func rows(_ answer: PostgresAnswer) throws -> [SQLRow] {
        try answer.rows.map { row in
            SQLRow(values: try zip(row, answer.types).map { try PostgresBinary.value($0, type: $1) })
        }
    }
}

/// Advisory locks of collectors that share a database. Any numbers do, so long as nothing else there takes them.
enum PostgresLock {
    static let migration = 6_009_117_840_317_001
    static let maintenance = 6_009_117_840_317_002
}
