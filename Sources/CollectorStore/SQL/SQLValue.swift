/// What a statement is given and what it answers with.
enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    /// For `dialect.isOneOf`; no answer has it.
    case texts([String])

    init(_ value: Int64?) { self = value.map(SQLValue.integer) ?? .null }
    init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
    init(_ value: Double?) { self = value.map(SQLValue.real) ?? .null }
    init(_ value: String?) { self = value.map(SQLValue.text) ?? .null }
}

/// One row of an answer, read by position.
struct SQLRow: Hashable, Sendable {
    var values: [SQLValue]

    func integer(_ column: Int) throws -> Int64 {
        guard let value = try optionalInteger(column) else { throw mismatch(column, "an integer") }
        return value
    }

    func optionalInteger(_ column: Int) throws -> Int64? {
        switch values[column] {
        case .null: nil
        case .integer(let value): value
        default: throw mismatch(column, "an integer")
        }
    }

    func optionalReal(_ column: Int) throws -> Double? {
        switch values[column] {
        case .null: nil
        case .real(let value): value
        case .integer(let value): Double(value)
        default: throw mismatch(column, "a number")
        }
    }

    func text(_ column: Int) throws -> String {
        guard let value = try optionalText(column) else { throw mismatch(column, "a text") }
        return value
    }

    func optionalText(_ column: Int) throws -> String? {
        switch values[column] {
        case .null: nil
        case .text(let value): value
        default: throw mismatch(column, "a text")
        }
    }

    func blob(_ column: Int) throws -> [UInt8] {
        guard case .blob(let value) = values[column] else { throw mismatch(column, "octets") }
        return value
    }

    func isNull(_ column: Int) -> Bool { values[column] == .null }

    private func mismatch(_ column: Int, _ wanted: String) -> StoreError {
        .failed("column \(column + 1) of an answer has no \(wanted)")
    }
}
