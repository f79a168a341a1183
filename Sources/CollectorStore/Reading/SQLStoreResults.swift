import Readiness
import Results
import Units

extension SQLStore {
    public func results(_ query: ResultQuery) async throws -> ResultPage {
        let select = try ResultSelect(query)
        return try await database.read { session in
            let rows = try select.rows(session)
            let page = Array(rows.prefix(select.limit))
            return ResultPage(rows: page, next: rows.count > page.count ? page.last.map(select.cursor(after:)) : nil)
        }
    }

    public func document(site: String, id: String) async throws -> KeptDocument? {
        try await database.read { try Self.document(site: site, id: id, $0) }
    }

    static func document(site: String, id: String, _ session: any SQLSession) throws -> KeptDocument? {
        // No document has such a name, and PostgreSQL would not even look.
        guard !site.utf8.contains(0), !id.utf8.contains(0) else { return nil }
        let rows = try session.query(
            "SELECT kind, received_at, octets, body FROM document WHERE site = $1 AND id = $2",
            [.text(site), .text(id)]
        )
        return try rows.first.map { row in
            guard let kind = DocumentKind(rawValue: try row.text(0)),
                let json = Compression.expand(try row.blob(3), count: Int(clamping: try row.integer(2)))
            else { throw StoreError.failed("the document \(id) of \(site) is damaged") }
            return KeptDocument(
                site: site,
                id: id,
                kind: kind,
                receivedAt: UTCTime(microseconds: try row.integer(1)),
                json: json
            )
        }
    }

    public func assessments(of site: String?, limit: Int) async throws -> [AssessmentRow] {
        let condition = site == nil ? "true" : "site = $2"
        let values = [.integer(Int64(max(1, min(limit, 10_000))))] + (site.map { [SQLValue.text($0)] } ?? [])
        return try await database.read { session in
            try session.query(
                """
                SELECT \(Tables.assessment.columnList) FROM assessment WHERE \(condition)
                ORDER BY at DESC, site, id LIMIT $1
                """,
                values
            ).map(AssessmentRow.init)
        }
    }
}

/// The statement of a page of results.
struct ResultSelect {
    let query: ResultQuery
    let limit: Int
    private let position: PageCursor?

    init(_ query: ResultQuery) throws {
        self.query = query
        limit = min(max(query.limit, 1), ResultQuery.mostRows)
        position = try query.after.map { try PageCursor($0, order: Self.name(query.order), numbers: 1, texts: 2) }
    }

    private static func name(_ order: ResultQuery.Order) -> String {
        switch order {
        case .oldestFirst: "oldest"
        case .latestFirst: "latest"
        }
    }

    func cursor(after row: ResultRow) -> String {
        PageCursor(
            order: Self.name(query.order),
            numbers: [row.at.microsecondsSinceUnixEpoch],
            texts: [row.site, row.id]
        ).text
    }

    /// One more than the page has, where there are more.
    func rows(_ session: any SQLSession) throws -> [ResultRow] {
        var (conditions, values) = conditions
        values.append(.integer(Int64(limit) + 1))
        let direction = query.order == .latestFirst ? "DESC" : "ASC"
        let figures = Tables.figure.columns.dropFirst(3).map { "figure.\($0.name)" }.joined(separator: ", ")
        let results = Tables.result.columns.map { "page.\($0.name)" }.joined(separator: ", ")
        let sql = """
            SELECT \(results), \(figures) FROM (
                SELECT \(Tables.result.columnList) FROM result WHERE \(conditions)
                ORDER BY site, at \(direction), id \(direction) LIMIT $\(values.count)
            ) AS page
            LEFT JOIN figure ON figure.site = page.site AND figure.at = page.at AND figure.id = page.id
            ORDER BY page.site, page.at \(direction), page.id \(direction), figure.endpoint, figure.direction
            """
        return try grouped(try session.query(sql, values))
    }

    private var conditions: (String, [SQLValue]) {
        var (conditions, values) = (["true"], [SQLValue]())
        func add(_ value: SQLValue, _ condition: (String) -> String) {
            values.append(value)
            conditions.append(condition("$\(values.count)"))
        }
        if let site = query.site { add(.text(TextRules.storable(site))) { "site = \($0)" } }
        if let from = query.from { add(.integer(from.microsecondsSinceUnixEpoch)) { "at >= \($0)" } }
        if let until = query.until { add(.integer(until.microsecondsSinceUnixEpoch)) { "at < \($0)" } }
        if !query.grades.isEmpty {
            let grades = query.grades.map { "\($0.column)" }.sorted().joined(separator: ", ")
            conditions.append("grade IN (\(grades))")
        }
        if let trigger = query.trigger { add(.text(trigger.rawValue)) { "cause = \($0)" } }
        if let agent = query.agent { add(.text(TextRules.storable(agent))) { "agent = \($0)" } }
        if let finding = query.finding {
            add(.text(TextRules.storable(finding, upTo: 128))) {
                """
                EXISTS (SELECT 1 FROM finding WHERE finding.site = result.site AND finding.at = result.at
                    AND finding.id = result.id AND finding.code = \($0))
                """
            }
        }
        if let position {
            let first = values.count + 1
            values += [.text(position.texts[0]), .integer(position.numbers[0]), .text(position.texts[1])]
            conditions.append(
                query.order == .oldestFirst
                    ? "(site, at, id) > ($\(first), $\(first + 1), $\(first + 2))"
                    : "site >= $\(first) AND (site > $\(first) OR (at, id) < ($\(first + 1), $\(first + 2)))"
            )
        }
        return (conditions.joined(separator: " AND "), values)
    }

    /// Rows of one result follow each other.
    private func grouped(_ rows: [SQLRow]) throws -> [ResultRow] {
        var results: [ResultRow] = []
        for row in rows {
            if try results.last.map({ try $0.site == row.text(0) && $0.id == row.text(2) }) != true {
                results.append(try ResultRow(row))
            }
            let first = Tables.result.columns.count
            if !row.isNull(first) { results[results.count - 1].figures.append(try FigureFacts(row, from: first)) }
        }
        return results
    }
}

extension ResultRow {
    /// From the columns of ``Tables/result``.
    init(_ row: SQLRow) throws {
        guard let trigger = CheckDescription.Trigger(rawValue: try row.text(8)) else {
            throw StoreError.failed("'\(try row.text(8))' is nothing that can ask for a check")
        }
        self.init(
            site: try row.text(0),
            id: try row.text(2),
            at: UTCTime(microseconds: try row.integer(1)),
            receivedAt: UTCTime(microseconds: try row.integer(3)),
            startedAt: UTCTime(microseconds: try row.integer(4)),
            endedAt: UTCTime(microseconds: try row.integer(5)),
            agent: try row.text(6),
            version: try row.text(7),
            trigger: trigger,
            schedule: try row.optionalText(9),
            profile: try row.text(10),
            grade: try Grade(column: row.integer(11)),
            decider: DeciderColumn.decider(try row.optionalText(12)),
            findings: try row.text(13).split(separator: "\n").map(String.init),
            figures: []
        )
    }
}

extension FigureFacts {
    /// From the columns of ``Tables/figure`` that follow those of the result, in the same order.
    init(_ row: SQLRow, from first: Int) throws {
        guard let direction = FigureDirection(rawValue: try row.text(first + 1)) else {
            throw StoreError.failed("'\(try row.text(first + 1))' is no direction")
        }
        self.init(
            endpoint: try row.text(first),
            direction: direction,
            figures: try FigureColumns.figures(row, from: first + 5),
            offered: try row.optionalInteger(first + 2).map(Int.init),
            lost: try row.optionalInteger(first + 3).map(Int.init),
            marks: MarkColumn.marks(try row.optionalText(first + 4))
        )
    }
}

extension AssessmentRow {
    /// From the columns of ``Tables/assessment``.
    init(_ row: SQLRow) throws {
        guard let verdict = AssessmentVerdict(rawValue: try row.text(7)) else {
            throw StoreError.failed("'\(try row.text(7))' is no verdict")
        }
        self.init(
            site: try row.text(0),
            id: try row.text(2),
            receivedAt: UTCTime(microseconds: try row.integer(3)),
            facts: AssessmentFacts(
                agent: try row.text(4),
                version: try row.text(5),
                name: try row.text(6),
                verdict: verdict,
                isFinal: try row.integer(8) != 0,
                from: UTCTime(microseconds: try row.integer(9)),
                until: UTCTime(microseconds: try row.integer(10))
            )
        )
    }
}
