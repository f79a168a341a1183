import Results
import Units

/// Works out the roll-ups of hours that something has come for.
enum RollUpKeeper {
    /// Hours that are not over are left for later: reading works them out for itself.
    ///
    /// - Returns: how many hours were brought up to date.
    static func rollUp(upTo limit: Int, now: UTCTime, _ session: any SQLSession) throws -> Int {
        let rows = try session.query(
            """
            SELECT site, hour FROM stale_hour WHERE hour < $1 ORDER BY site, hour LIMIT $2 \
            \(session.dialect.forUpdateSkippingLocked)
            """,
            [.integer(TimeGrid.index(now, of: TimeGrid.hour)), .integer(Int64(limit))]
        )
        let stale = try rows.map { StaleHour(site: try $0.text(0), hour: try $0.integer(1)) }
        for hour in stale { try session.change("DELETE FROM stale_hour WHERE site = $1 AND hour = $2", hour.columns) }
        let closed = try ClosedDays.before(session)
        for (site, hours) in Dictionary(grouping: stale, by: \.site).sorted(by: { $0.key < $1.key }) {
            let days = Dictionary(grouping: hours.map(\.hour)) { day(ofHour: $0) }
            for (day, hours) in days.sorted(by: { $0.key < $1.key })
            where TimeGrid.start(day, of: TimeGrid.day) >= closed {
                try rollUp(site, day: day, hours: Set(hours), session)
            }
        }
        return stale.count
    }

    static func day(ofHour hour: Int64) -> Int64 {
        TimeGrid.index(TimeGrid.start(hour, of: TimeGrid.hour), of: TimeGrid.day)
    }

    private static func rollUp(_ site: String, day: Int64, hours: Set<Int64>, _ session: any SQLSession) throws {
        let from = TimeGrid.start(day, of: TimeGrid.day)
        let figures = try RawChecks.figures(site, from: from, until: from + TimeGrid.day, session)
        let grades = try RawChecks.grades(site, from: from, until: from + TimeGrid.day, session)
        for resolution in [HistoryQuery.Resolution.hour, .day] {
            let length = resolution == .hour ? TimeGrid.hour : TimeGrid.day
            let isMeant = { (index: Int64) in resolution == .day || hours.contains(index) }
            let points = RollUp.points(figures, by: length).filter { isMeant($0.key) }
            let rows = points.values.flatMap { $0.map { figureRow(site, resolution, $0.key, $0.value) } }
            try session.insert(into: Tables.figureRollUp, rows, onConflict: .update(columns(Tables.figureRollUp)))
            let counted = GradePoint.points(grades, by: length).filter { isMeant($0.key) }
            try session.insert(
                into: Tables.gradeRollUp,
                counted.values.map { gradeRow(site, resolution, $0) },
                onConflict: .update(columns(Tables.gradeRollUp))
            )
        }
    }

    private static func columns(_ table: SQLTable) -> [String] {
        table.columns.map(\.name).filter { !table.key.contains($0) }
    }

    private static func figureRow(
        _ site: String,
        _ resolution: HistoryQuery.Resolution,
        _ key: SeriesKey,
        _ point: HistoryPoint
    ) -> [SQLValue] {
        [
            .text(site), .text(resolution.rawValue), .integer(point.at.microsecondsSinceUnixEpoch),
            .text(key.endpoint), .text(key.direction.rawValue), .integer(Int64(point.checks)),
            SQLValue(point.offered), SQLValue(point.lost),
        ] + SpreadColumns.values(point.metrics)
    }

    private static func gradeRow(
        _ site: String,
        _ resolution: HistoryQuery.Resolution,
        _ point: GradePoint
    ) -> [SQLValue] {
        let counts = [point.ready, point.inconclusive, point.atRisk, point.notReady]
        return [.text(site), .text(resolution.rawValue), .integer(point.at.microsecondsSinceUnixEpoch)]
            + counts.map { .integer(Int64($0)) }
    }
}
