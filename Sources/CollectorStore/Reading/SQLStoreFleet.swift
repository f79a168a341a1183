import Readiness
import Results
import Units

extension SQLStore {
    public func fleet(_ query: FleetQuery) async throws -> FleetPage {
        let select = try FleetSelect(query)
        return try await database.read { session in
            let counts = try FleetSelect.counts(query.now, silentAfter: query.silentAfter, session)
            let rows = try select.rows(session)
            let page = rows.prefix(select.limit)
            return FleetPage(
                counts: counts,
                matching: try select.matching(counts, session),
                rows: page.map(\.row),
                next: rows.count > page.count ? page.last?.cursor.text : nil
            )
        }
    }

    public func fleetCounts(now: UTCTime, silentAfter: Nanoseconds) async throws -> FleetCounts {
        try await database.read { try FleetSelect.counts(now, silentAfter: silentAfter, $0) }
    }

    public func standing(of site: String, now: UTCTime, silentAfter: Nanoseconds) async throws -> FleetRow? {
        try await database.read { session in
            let sql = """
                SELECT \(SiteStates.columns), \(FleetSelect.rank(silentBefore: 2)), revoked_at FROM site
                WHERE site = $1
                """
            return try session.query(sql, [.text(site), FleetSelect.silentBefore(now, silentAfter)]).first.map {
                try FleetRow($0, now: now)
            }
        }
    }
}

/// The statements of a fleet's page.
struct FleetSelect {
    let query: FleetQuery
    let limit: Int
    private let cursor: PageCursor?

    init(_ query: FleetQuery) throws {
        self.query = query
        limit = min(max(query.limit, 1), FleetQuery.mostRows)
        cursor = try query.after.map {
            try PageCursor($0, order: query.order.rawValue, numbers: query.order == .name ? 0 : 1, texts: 2)
        }
    }

    /// How a site stands, worst first, from a parameter that says before when it was last heard where it is silent.
    static func rank(silentBefore parameter: Int) -> String {
        """
        CASE WHEN heard_at IS NULL OR heard_at < $\(parameter) OR latest_grade IS NULL THEN 1
            WHEN latest_grade = 3 THEN 0 WHEN latest_grade = 2 THEN 2 WHEN latest_grade = 1 THEN 3 ELSE 4 END AS rank
        """
    }

    static func silentBefore(_ now: UTCTime, _ silentAfter: Nanoseconds) -> SQLValue {
        .integer((now - silentAfter).microsecondsSinceUnixEpoch)
    }

    static func counts(
        _ now: UTCTime,
        silentAfter: Nanoseconds,
        _ session: any SQLSession
    ) throws -> FleetCounts {
        let sql = """
            SELECT rank, count(*) FROM (SELECT \(rank(silentBefore: 1)) FROM site WHERE revoked_at IS NULL) AS ranked
            GROUP BY rank
            """
        var counts = FleetCounts()
        for row in try session.query(sql, [silentBefore(now, silentAfter)]) {
            counts[try SiteStatus(rank: row.integer(0))] = Int(try row.integer(1))
        }
        return counts
    }

    func matching(_ counts: FleetCounts, _ session: any SQLSession) throws -> Int {
        guard !query.text.isEmpty else { return query.status.map { counts[$0] } ?? counts.total }
        let (conditions, values) = conditions(session.dialect)
        let sql = "SELECT count(*) FROM (\(Self.ranked)) AS ranked WHERE \(conditions)"
        return Int(try session.query(sql, values).first?.integer(0) ?? 0)
    }

    func rows(_ session: any SQLSession) throws -> [(row: FleetRow, cursor: PageCursor)] {
        var (conditions, values) = conditions(session.dialect)
        if let cursor {
            let texts = cursor.texts.map(SQLValue.text)
            let parts = cursor.numbers.map(SQLValue.integer) + texts
            let names = parts.indices.map { "$\(values.count + 1 + $0)" }.joined(separator: ", ")
            conditions += " AND (\(orderColumns)) > (\(names))"
            values += parts
        }
        values.append(.integer(Int64(limit) + 1))
        let sql = """
            SELECT \(SiteStates.columns), rank, revoked_at, folded FROM (\(Self.ranked)) AS ranked
            WHERE \(conditions) ORDER BY \(orderColumns) LIMIT $\(values.count)
            """
        return try session.query(sql, values).map { row in
            (try FleetRow(row, now: query.now), try position(row))
        }
    }

    private static let ranked = """
        SELECT \(SiteStates.columns), folded, revoked_at, \(rank(silentBefore: 1)), coalesce(heard_at, 0) AS heard
        FROM site WHERE revoked_at IS NULL
        """

    private func conditions(_ dialect: SQLDialect) -> (String, [SQLValue]) {
        var conditions = ["true"]
        var values = [Self.silentBefore(query.now, query.silentAfter)]
        if !query.text.isEmpty {
            values.append(.text(FoldedText.of(TextRules.storable(query.text))))
            conditions.append(dialect.contains("folded", values.count))
        }
        if let status = query.status {
            values.append(.integer(status.rank))
            conditions.append("rank = $\(values.count)")
        }
        return (conditions.joined(separator: " AND "), values)
    }

    private var orderColumns: String {
        switch query.order {
        case .status: "rank, folded, site"
        case .name: "folded, site"
        case .lastHeard: "heard, folded, site"
        }
    }

    private func position(_ row: SQLRow) throws -> PageCursor {
        let numbers: [Int64] =
            switch query.order {
            case .status: [try row.integer(11)]
            case .name: []
            case .lastHeard: [try row.optionalInteger(2) ?? 0]
            }
        return PageCursor(
            order: query.order.rawValue,
            numbers: numbers,
            texts: [try row.text(13), try row.text(0)]
        )
    }
}

extension SiteStatus {
    /// 0 for the worst.
    var rank: Int64 {
        switch self {
        case .graded(.notReady): 0
        case .silent: 1
        case .graded(.atRisk): 2
        case .graded(.inconclusive): 3
        case .graded(.ready): 4
        }
    }

    init(rank: Int64) throws {
        guard let status = SiteStatus.allCases.first(where: { $0.rank == rank }) else {
            throw StoreError.failed("\(rank) is not how a site can stand")
        }
        self = status
    }
}

extension FleetRow {
    /// From ``SiteStates/columns``, the rank, and when it was revoked.
    init(_ row: SQLRow, now: UTCTime) throws {
        let state = try SiteState(row)
        self.init(
            site: try row.text(0),
            status: try SiteStatus(rank: row.integer(11)),
            lastHeardAt: state.heardAt,
            latest: state.latest?.latest,
            trend: state.trend.trend(now: now),
            isRevoked: !row.isNull(12)
        )
    }
}
