import Results
import Units

/// Drops what is kept no longer, one site after another, each once a day.
struct RetentionKeeper {
    let policy: KeepingPolicy
    /// Results that came before this go: a day begins with it, so that no site is visited more than once a day.
    let cutoff: UTCTime
    private let now: UTCTime

    init(policy: KeepingPolicy, now: UTCTime) {
        self.policy = policy
        self.now = now
        cutoff = TimeGrid.start(TimeGrid.index(now - policy.raw, of: TimeGrid.day), of: TimeGrid.day)
    }

    /// Results that came before ``cutoff`` began their checks before this.
    private var begunBefore: UTCTime { cutoff + ClockSanity.tolerance }

    /// Closes the days that are about to lose checks, unless some of their roll-ups are not up to date.
    ///
    /// - Returns: whether checks may be dropped now.
    func close(_ session: any SQLSession) throws -> Bool {
        let firstOpen = TimeGrid.start(TimeGrid.index(begunBefore, of: TimeGrid.day) + 1, of: TimeGrid.day)
        let waiting = try session.query(
            "SELECT 1 FROM stale_hour WHERE hour < $1 LIMIT 1",
            [.integer(TimeGrid.index(firstOpen, of: TimeGrid.hour))]
        )
        guard waiting.isEmpty else { return false }
        try ClosedDays.close(before: firstOpen, session)
        return true
    }

    /// The next site that has not been visited since the cutoff moved.
    func nextSite(_ session: any SQLSession) throws -> String? {
        try session.query(
            "SELECT site FROM site WHERE purged_before < $1 ORDER BY site LIMIT 1",
            [.integer(cutoff.microsecondsSinceUnixEpoch)]
        ).first?.text(0)
    }

    /// Drops so many results at most, and, when there were fewer, has done with the site until the cutoff moves.
    func drop(_ site: String, upTo limit: Int, _ report: inout KeepingReport, _ session: any SQLSession) throws {
        let dropped = try dropResults(site, upTo: limit, session)
        report.resultsDropped += dropped
        guard dropped < limit else { return }
        report.assessmentsDropped += try dropAssessments(site, session)
        report.rollUpsDropped += try dropRollUps(site, session)
        try session.change(
            "UPDATE site SET purged_before = $2 WHERE site = $1",
            [.text(site), .integer(cutoff.microsecondsSinceUnixEpoch)]
        )
    }

    private func dropResults(_ site: String, upTo limit: Int, _ session: any SQLSession) throws -> Int {
        let rows = try session.query(
            """
            SELECT at, id FROM result WHERE site = $1 AND at < $2 AND received_at < $3 ORDER BY at, id LIMIT $4
            """,
            [
                .text(site), .integer(begunBefore.microsecondsSinceUnixEpoch),
                .integer(cutoff.microsecondsSinceUnixEpoch), .integer(Int64(limit)),
            ]
        )
        guard let first = rows.first, let last = rows.last else { return 0 }
        let ids = SQLValue.texts(try rows.map { try $0.text(1) })
        try session.change(
            "DELETE FROM document WHERE site = $1 AND \(session.dialect.isOneOf("id", 2))",
            [.text(site), ids]
        )
        for table in ["finding", "figure", "result"] {
            try session.change(
                """
                DELETE FROM \(table) WHERE site = $1 AND at >= $3 AND at <= $4 AND \(session.dialect.isOneOf("id", 2))
                """,
                [.text(site), ids, .integer(try first.integer(0)), .integer(try last.integer(0))]
            )
        }
        return rows.count
    }

    private func dropAssessments(_ site: String, _ session: any SQLSession) throws -> Int {
        guard let kept = policy.assessments else { return 0 }
        let values: [SQLValue] = [.text(site), .integer((now - kept).microsecondsSinceUnixEpoch)]
        let kind = DocumentKind.assessment.rawValue
        try session.change(
            "DELETE FROM document WHERE site = $1 AND kind = '\(kind)' AND received_at < $2",
            values
        )
        return try session.change("DELETE FROM assessment WHERE site = $1 AND received_at < $2", values)
    }

    private func dropRollUps(_ site: String, _ session: any SQLSession) throws -> Int {
        var dropped = 0
        for (resolution, kept) in [(HistoryQuery.Resolution.hour, policy.hourly), (.day, policy.daily)] {
            guard let kept else { continue }
            for table in ["figure_rollup", "grade_rollup"] {
                dropped += try session.change(
                    "DELETE FROM \(table) WHERE site = $1 AND period = $2 AND start < $3",
                    [
                        .text(site), .text(resolution.rawValue),
                        .integer((now - kept).microsecondsSinceUnixEpoch),
                    ]
                )
            }
        }
        return dropped
    }
}
