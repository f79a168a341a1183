import Readiness
import Results
import Units

extension SQLStore {
    public func history(_ query: HistoryQuery) async throws -> [HistorySeries] {
        try await database.read { session in
            let select = HistorySelect(query: query, session: session)
            let points = try query.resolution.length.map { try select.rolledUp($0) } ?? select.raw()
            return Dictionary(grouping: points, by: \.key).sorted { $0.key < $1.key }.map { key, points in
                let inOrder = points.map(\.point).sorted { $0.at < $1.at }
                return HistorySeries(
                    endpoint: key.endpoint,
                    direction: key.direction,
                    points: Array(inOrder.prefix(max(0, query.limit)))
                )
            }
        }
    }

    public func gradeHistory(_ query: HistoryQuery) async throws -> [GradePoint] {
        try await database.read { session in
            let select = HistorySelect(query: query, session: session)
            let points = try query.resolution.length.map { try select.rolledUpGrades($0) } ?? select.rawGrades()
            return Array(points.sorted { $0.at < $1.at }.prefix(max(0, query.limit)))
        }
    }
}

/// The statements of a site's history.
struct HistorySelect {
    typealias KeyedPoint = (key: SeriesKey, point: HistoryPoint)

    let query: HistoryQuery
    let session: any SQLSession

    func raw() throws -> [KeyedPoint] {
        try figures(from: query.from, until: query.until).map { check in
            (check.key, RollUp.point([check.facts], at: check.at))
        }
    }

    func rawGrades() throws -> [GradePoint] {
        try RawChecks.grades(query.site, from: query.from, until: query.until, session).map { check in
            var point = GradePoint(at: check.at)
            point.count(check.grade)
            return point
        }
    }

    /// What was rolled up, and, in its place, what has come since.
    func rolledUp(_ length: Nanoseconds) throws -> [KeyedPoint] {
        let stale = try staleStretches(length)
        let kept = try rolledUpRows().filter { !stale.contains(TimeGrid.index($0.point.at, of: length)) }
        return try kept
            + stale.sorted().flatMap { index -> [KeyedPoint] in
                let from = TimeGrid.start(index, of: length)
                let points = RollUp.points(try figures(from: from, until: from + length), by: length)
                return (points[index] ?? [:]).map { ($0.key, $0.value) }
            }
    }

    func rolledUpGrades(_ length: Nanoseconds) throws -> [GradePoint] {
        let stale = try staleStretches(length)
        let kept = try rolledUpGradeRows().filter { !stale.contains(TimeGrid.index($0.at, of: length)) }
        return try kept
            + stale.sorted().flatMap { index -> [GradePoint] in
                let from = TimeGrid.start(index, of: length)
                let checks = try RawChecks.grades(query.site, from: from, until: from + length, session)
                return Array(GradePoint.points(checks, by: length).values)
            }
    }

    private func figures(from: UTCTime, until: UTCTime) throws -> [DatedFigures] {
        try RawChecks.figures(query.site, from: from, until: until, endpoint: query.endpoint, session)
    }

    /// The stretch that `from` lies in is meant, too.
    private var range: [SQLValue] {
        let length = query.resolution.length ?? TimeGrid.hour
        let from = TimeGrid.start(TimeGrid.index(query.from, of: length), of: length)
        return [
            .text(query.site), .text(query.resolution.rawValue), .integer(from.microsecondsSinceUnixEpoch),
            .integer(query.until.microsecondsSinceUnixEpoch),
        ]
    }

    private func staleStretches(_ length: Nanoseconds) throws -> Set<Int64> {
        let first = TimeGrid.start(TimeGrid.index(query.from, of: length), of: length)
        let end = TimeGrid.start(TimeGrid.index(query.until - .microseconds(1), of: length) + 1, of: length)
        let rows = try session.query(
            "SELECT hour FROM stale_hour WHERE site = $1 AND hour >= $2 AND hour < $3",
            [
                .text(query.site), .integer(TimeGrid.index(first, of: TimeGrid.hour)),
                .integer(TimeGrid.index(end, of: TimeGrid.hour)),
            ]
        )
        let closed = try ClosedDays.before(session)
        let starts = try rows.map { TimeGrid.start(try $0.integer(0), of: TimeGrid.hour) }
        return Set(starts.filter { $0 >= closed }.map { TimeGrid.index($0, of: length) })
    }

    private func rolledUpRows() throws -> [KeyedPoint] {
        var values = range
        if let endpoint = query.endpoint { values.append(.text(endpoint)) }
        let sql = """
            SELECT endpoint, direction, start, checks, offered, lost, \(SpreadColumns.names.joined(separator: ", "))
            FROM figure_rollup WHERE site = $1 AND period = $2 AND start >= $3 AND start < $4
                \(query.endpoint == nil ? "" : "AND endpoint = $5")
            ORDER BY start, endpoint, direction LIMIT \(RawChecks.mostRows)
            """
        return try session.query(sql, values).compactMap { row in
            guard let direction = FigureDirection(rawValue: try row.text(1)) else { return nil }
            let point = HistoryPoint(
                at: UTCTime(microseconds: try row.integer(2)),
                checks: Int(try row.integer(3)),
                metrics: try SpreadColumns.metrics(row, from: 6),
                offered: try row.optionalInteger(4).map(Int.init),
                lost: try row.optionalInteger(5).map(Int.init)
            )
            return (SeriesKey(endpoint: try row.text(0), direction: direction), point)
        }
    }

    private func rolledUpGradeRows() throws -> [GradePoint] {
        let sql = """
            SELECT start, ready, inconclusive, at_risk, not_ready FROM grade_rollup
            WHERE site = $1 AND period = $2 AND start >= $3 AND start < $4
            ORDER BY start LIMIT \(RawChecks.mostRows)
            """
        return try session.query(sql, range).map { row in
            GradePoint(
                at: UTCTime(microseconds: try row.integer(0)),
                ready: Int(try row.integer(1)),
                inconclusive: Int(try row.integer(2)),
                atRisk: Int(try row.integer(3)),
                notReady: Int(try row.integer(4))
            )
        }
    }
}
