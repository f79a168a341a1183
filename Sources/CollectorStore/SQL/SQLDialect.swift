/// Where the two databases say the same in different words.
enum SQLDialect: Hashable, Sendable {
    case sqlite, postgres

    var integer: String { self == .sqlite ? "INTEGER" : "bigint" }
    var real: String { self == .sqlite ? "REAL" : "double precision" }
    /// Compared octet by octet.
    var text: String { self == .sqlite ? "TEXT" : "text COLLATE \"C\"" }
    var blob: String { self == .sqlite ? "BLOB" : "bytea" }
    /// Rows lie in the order of their key.
    var clustered: String { self == .sqlite ? "STRICT, WITHOUT ROWID" : "" }
    /// Rows too long for that.
    var unclustered: String { self == .sqlite ? "STRICT" : "" }

    /// Whether a column is one of those of a parameter of ``SQLValue/texts(_:)``.
    func isOneOf(_ column: String, _ parameter: Int) -> String {
        switch self {
        case .sqlite: "\(column) IN (SELECT value FROM json_each($\(parameter)))"
        case .postgres: "\(column) = ANY($\(parameter)::text[])"
        }
    }

    /// Whether a text has another in it.
    func contains(_ column: String, _ parameter: Int) -> String {
        switch self {
        case .sqlite: "instr(\(column), $\(parameter)) > 0"
        case .postgres: "strpos(\(column), $\(parameter)) > 0"
        }
    }

    /// After a `SELECT` whose rows are about to be changed. SQLite has one writer at a time.
    var forUpdate: String { self == .sqlite ? "" : "FOR UPDATE" }
    /// The same, passing over rows that another transaction is about to change.
    var forUpdateSkippingLocked: String { self == .sqlite ? "" : "FOR UPDATE SKIP LOCKED" }
}
