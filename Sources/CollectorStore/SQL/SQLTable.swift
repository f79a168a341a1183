/// A table as statements that insert need it.
struct SQLTable: Hashable, Sendable {
    enum ColumnType: Hashable, Sendable {
        case integer, real, text, blob
    }

    struct Column: Hashable, Sendable {
        var name: String
        var type: ColumnType
    }

    var name: String
    /// Columns; the first so many are the key.
    var columns: [Column]
    var key: [String]

    init(_ name: String, key: Int, _ columns: [(String, ColumnType)]) {
        self.name = name
        self.columns = columns.map { Column(name: $0.0, type: $0.1) }
        self.key = columns.prefix(key).map(\.0)
    }

    var columnList: String { columns.map(\.name).joined(separator: ", ") }
}

/// What is inserted into, in today's schema.
enum Tables {
    static let site = SQLTable(
        "site",
        key: 1,
        [("site", .text), ("folded", .text), ("added_at", .integer)]
    )
    /// The columns of ``site`` that follow what comes in.
    static let siteState = SQLTable(
        "site",
        key: 1,
        [
            ("site", .text), ("folded", .text), ("added_at", .integer), ("heard_at", .integer), ("latest_id", .text),
            ("latest_at", .integer), ("latest_grade", .integer), ("latest_decider", .text), ("latest_agent", .text),
            ("latest_version", .text), ("trend_until", .integer), ("trend", .text),
        ]
    )
    static let token = SQLTable(
        "token",
        key: 2,
        [
            ("site", .text), ("digest", .blob), ("created_at", .integer), ("expires_at", .integer),
            ("revoked_at", .integer), ("used_at", .integer),
        ]
    )
    static let certificate = SQLTable(
        "certificate",
        key: 2,
        [("site", .text), ("fingerprint", .blob), ("bound_at", .integer)]
    )
    static let reader = SQLTable(
        "reader",
        key: 1,
        [("name", .text), ("password_hash", .text), ("token_digest", .blob), ("added_at", .integer)]
    )
    static let document = SQLTable(
        "document",
        key: 2,
        [
            ("site", .text), ("id", .text), ("kind", .text), ("received_at", .integer), ("octets", .integer),
            ("body", .blob),
        ]
    )
    static let result = SQLTable(
        "result",
        key: 3,
        [
            ("site", .text), ("at", .integer), ("id", .text), ("received_at", .integer), ("started_at", .integer),
            ("ended_at", .integer), ("agent", .text), ("version", .text), ("cause", .text), ("schedule", .text),
            ("profile", .text), ("grade", .integer), ("decider", .text), ("findings", .text),
        ]
    )
    static let figure = SQLTable(
        "figure",
        key: 5,
        [
            ("site", .text), ("at", .integer), ("id", .text), ("endpoint", .text), ("direction", .text),
            ("offered", .integer), ("lost", .integer), ("marks", .text),
        ] + FigureColumns.names.map { ($0, .real) }
    )
    static let finding = SQLTable(
        "finding",
        key: 4,
        [("site", .text), ("at", .integer), ("id", .text), ("code", .text), ("severity", .text)]
    )
    static let assessment = SQLTable(
        "assessment",
        key: 3,
        [
            ("site", .text), ("at", .integer), ("id", .text), ("received_at", .integer), ("agent", .text),
            ("version", .text), ("name", .text), ("verdict", .text), ("final", .integer), ("from_at", .integer),
            ("until_at", .integer),
        ]
    )
    static let staleHour = SQLTable("stale_hour", key: 2, [("site", .text), ("hour", .integer)])
    static let figureRollUp = SQLTable(
        "figure_rollup",
        key: 5,
        [
            ("site", .text), ("period", .text), ("start", .integer), ("endpoint", .text), ("direction", .text),
            ("checks", .integer), ("offered", .integer), ("lost", .integer),
        ] + SpreadColumns.names.map { ($0, .real) }
    )
    static let gradeRollUp = SQLTable(
        "grade_rollup",
        key: 3,
        [
            ("site", .text), ("period", .text), ("start", .integer), ("ready", .integer), ("inconclusive", .integer),
            ("at_risk", .integer), ("not_ready", .integer),
        ]
    )
    static let keeping = SQLTable("keeping", key: 1, [("name", .text), ("value", .integer)])
}
