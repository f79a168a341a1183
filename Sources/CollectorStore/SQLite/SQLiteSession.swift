import Foundation
import GRDB

/// Statements on one SQLite connection.
final class SQLiteSession: SQLSession {
    private let database: Database

    init(_ database: Database) { self.database = database }

    var dialect: SQLDialect { .sqlite }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        let statement = try statement(sql, values)
        return try rows(statement)
    }

    func change(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try statement(sql, values).execute()
        return database.changesCount
    }

    func insert(
        into table: SQLTable,
        _ rows: [[SQLValue]],
        onConflict: SQLConflict,
        returning answer: String
    ) throws -> [SQLRow] {
        guard !rows.isEmpty else { return [] }
        let places = table.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let sql = """
            INSERT INTO \(table.name) (\(table.columnList)) VALUES (\(places)) \(onConflict.clause(table)) \
            \(answer.isEmpty ? "" : "RETURNING \(answer)")
            """
        let statement = try statement(sql)
        var answers: [SQLRow] = []
        for row in rows {
            statement.setUncheckedArguments(StatementArguments(row.map(Self.value)))
            if answer.isEmpty { try statement.execute() } else { answers += try self.rows(statement) }
        }
        return answers
    }

    // SQLite has one writer: whoever writes may do either.
    func claimMigration() {}
    func claimMaintenance() -> Bool { true }

    private func statement(_ sql: String, _ values: [SQLValue] = []) throws -> Statement {
        let statement = try database.cachedStatement(sql: sql.replacing("$", with: "?"))
        if !values.isEmpty { statement.setUncheckedArguments(StatementArguments(values.map(Self.value))) }
        return statement
    }

    private func rows(_ statement: Statement) throws -> [SQLRow] {
        let cursor = try Row.fetchCursor(statement)
        var rows: [SQLRow] = []
        while let row = try cursor.next() { rows.append(SQLRow(values: row.map { Self.value($0.1) })) }
        return rows
    }

    private static func value(_ value: SQLValue) -> DatabaseValue {
        switch value {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .real(let real): real.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let octets): Data(octets).databaseValue
        case .texts(let texts): json(texts).databaseValue
        }
    }

    private static func value(_ value: DatabaseValue) -> SQLValue {
        switch value.storage {
        case .null: .null
        case .int64(let integer): .integer(integer)
        case .double(let real): .real(real)
        case .string(let text): .text(text)
        case .blob(let data): .blob([UInt8](data))
        }
    }

    private static func json(_ texts: [String]) -> String {
        (try? JSONEncoder().encode(texts)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
