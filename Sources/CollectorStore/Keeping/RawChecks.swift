import Readiness
import Results
import Units

/// Reads what single checks measured.
enum RawChecks {
    /// No answer has more rows.
    static let mostRows = 100_000

    private static let columns =
        "at, endpoint, direction, offered, lost, marks, "
        + FigureColumns.names.joined(separator: ", ")

    /// In the order of time.
    static func figures(
        _ site: String,
        from: UTCTime,
        until: UTCTime,
        endpoint: String? = nil,
        _ session: any SQLSession
    ) throws -> [DatedFigures] {
        var values: [SQLValue] = [
            .text(site), .integer(from.microsecondsSinceUnixEpoch), .integer(until.microsecondsSinceUnixEpoch),
            .integer(Int64(mostRows)),
        ]
        if let endpoint { values.append(.text(endpoint)) }
        let sql = """
            SELECT \(columns) FROM figure WHERE site = $1 AND at >= $2 AND at < $3
                \(endpoint == nil ? "" : "AND endpoint = $5")
            ORDER BY at, id, endpoint, direction LIMIT $4
            """
        return try session.query(sql, values).map { row in
            DatedFigures(at: UTCTime(microseconds: try row.integer(0)), facts: try FigureFacts(row, from: 1))
        }
    }

    /// In the order of time.
    static func grades(
        _ site: String,
        from: UTCTime,
        until: UTCTime,
        _ session: any SQLSession
    ) throws -> [(at: UTCTime, grade: Grade)] {
        try session.query(
            "SELECT at, grade FROM result WHERE site = $1 AND at >= $2 AND at < $3 ORDER BY at, id LIMIT $4",
            [
                .text(site), .integer(from.microsecondsSinceUnixEpoch), .integer(until.microsecondsSinceUnixEpoch),
                .integer(Int64(mostRows)),
            ]
        ).map { (UTCTime(microseconds: try $0.integer(0)), try Grade(column: $0.integer(1))) }
    }
}
