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

    func insert(into table: SQLTable, _ rows: [[SQLValue]], onConflict: SQLConflict) throws {
        guard !rows.isEmpty else { return }
        let statement = try insertion(table, onConflict)
        for row in rows { try insert(row, statement) }
    }

    /// The count of changes tells as much as an answer for each row, which costs more than the row.
    func insertNew(into table: SQLTable, _ rows: [[SQLValue]]) throws -> [Bool] {
        guard !rows.isEmpty else { return [] }
        let statement = try insertion(table, .ignore)
        return try rows.map { row in
            try insert(row, statement)
            return database.changesCount > 0
        }
    }

    private func insertion(_ table: SQLTable, _ onConflict: SQLConflict) throws -> Statement {
        let places = table.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        return try statement(
            "INSERT INTO \(table.name) (\(table.columnList)) VALUES (\(places)) \(onConflict.clause(table))"
        )
    }

    private func insert(_ row: [SQLValue], _ statement: Statement) throws {
        statement.setUncheckedArguments(StatementArguments(row.map(Self.value)))
        try statement.execute()
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
