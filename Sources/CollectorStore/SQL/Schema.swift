/// The tables, and how an older database becomes a newer one.
///
/// A migration that has been released never changes: another one follows it. Every key begins with the site, so that a
/// cluster that shares tables out by their first key column (Citus and the like) takes them as they are; `reader`,
/// `keeping` and `linecheck_schema` are small and of no site.
enum Schema {
    /// By number, from 1 on: the statements that lead there.
    static func migrations(_ dialect: SQLDialect) -> [[String]] { [first(dialect)] }

    /// Brings the database up to date, under a lock that other collectors wait for.
    ///
    /// - Throws: ``StoreError/newerSchema(found:known:)``.
    static func migrate(_ session: any SQLSession) throws {
        try session.claimMigration()
        let migrations = migrations(session.dialect)
        let type = session.dialect.integer
        try session.query("CREATE TABLE IF NOT EXISTS linecheck_schema (version \(type) NOT NULL PRIMARY KEY)")
        let rows = try session.query("SELECT max(version) FROM linecheck_schema")
        let found = try Int(rows.first?.optionalInteger(0) ?? 0)
        guard found <= migrations.count else {
            throw StoreError.newerSchema(found: found, known: migrations.count)
        }
        for (index, statements) in migrations.enumerated().dropFirst(found) {
            for statement in statements { try session.query(statement) }
            try session.query("INSERT INTO linecheck_schema (version) VALUES ($1)", [.integer(Int64(index + 1))])
        }
    }

    private static func first(_ dialect: SQLDialect) -> [String] {
        access(dialect) + documents(dialect) + rollUps(dialect)
    }

    private static func access(_ dialect: SQLDialect) -> [String] {
        let (integer, text, blob) = (dialect.integer, dialect.text, dialect.blob)
        return [
            """
            CREATE TABLE site (
                site \(text) NOT NULL PRIMARY KEY,
                folded \(text) NOT NULL,
                added_at \(integer) NOT NULL,
                revoked_at \(integer),
                heard_at \(integer),
                latest_id \(text),
                latest_at \(integer),
                latest_grade \(integer),
                latest_decider \(text),
                latest_agent \(text),
                latest_version \(text),
                trend_until \(integer),
                trend \(text),
                purged_before \(integer) NOT NULL DEFAULT 0
            ) \(dialect.clustered)
            """,
            """
            CREATE TABLE token (
                site \(text) NOT NULL,
                digest \(blob) NOT NULL,
                created_at \(integer) NOT NULL,
                expires_at \(integer),
                revoked_at \(integer),
                used_at \(integer),
                PRIMARY KEY (site, digest)
            ) \(dialect.clustered)
            """,
            "CREATE INDEX token_digest ON token (digest)",
            """
            CREATE TABLE certificate (
                site \(text) NOT NULL,
                fingerprint \(blob) NOT NULL,
                bound_at \(integer) NOT NULL,
                PRIMARY KEY (site, fingerprint)
            ) \(dialect.clustered)
            """,
            "CREATE INDEX certificate_fingerprint ON certificate (fingerprint)",
            """
            CREATE TABLE reader (
                name \(text) NOT NULL PRIMARY KEY,
                password_hash \(text),
                token_digest \(blob),
                added_at \(integer) NOT NULL
            ) \(dialect.clustered)
            """,
        ]
    }

    private static func documents(_ dialect: SQLDialect) -> [String] {
        let (integer, real, text, blob) = (dialect.integer, dialect.real, dialect.text, dialect.blob)
        let metrics = ["delay_p50_ms", "delay_p95_ms", "jitter_worst_15s_ms", "loss_ratio"]
            .flatMap { [$0, "\($0)_low", "\($0)_high"] }
        return [
            """
            CREATE TABLE document (
                site \(text) NOT NULL,
                id \(text) NOT NULL,
                kind \(text) NOT NULL,
                received_at \(integer) NOT NULL,
                octets \(integer) NOT NULL,
                body \(blob) NOT NULL,
                PRIMARY KEY (site, id)
            ) \(dialect.unclustered)
            """,
            """
            CREATE TABLE result (
                site \(text) NOT NULL,
                at \(integer) NOT NULL,
                id \(text) NOT NULL,
                received_at \(integer) NOT NULL,
                started_at \(integer) NOT NULL,
                ended_at \(integer) NOT NULL,
                agent \(text) NOT NULL,
                version \(text) NOT NULL,
                cause \(text) NOT NULL,
                schedule \(text),
                profile \(text) NOT NULL,
                grade \(integer) NOT NULL,
                decider \(text),
                findings \(text) NOT NULL,
                PRIMARY KEY (site, at, id)
            ) \(dialect.clustered)
            """,
            """
            CREATE TABLE figure (
                site \(text) NOT NULL,
                at \(integer) NOT NULL,
                id \(text) NOT NULL,
                endpoint \(text) NOT NULL,
                direction \(text) NOT NULL,
                offered \(integer),
                lost \(integer),
                marks \(text),
                \(metrics.map { "\($0) \(real)" }.joined(separator: ",\n    ")),
                PRIMARY KEY (site, at, id, endpoint, direction)
            ) \(dialect.clustered)
            """,
            """
            CREATE TABLE finding (
                site \(text) NOT NULL,
                at \(integer) NOT NULL,
                id \(text) NOT NULL,
                code \(text) NOT NULL,
                severity \(text),
                PRIMARY KEY (site, at, id, code)
            ) \(dialect.clustered)
            """,
            """
            CREATE TABLE assessment (
                site \(text) NOT NULL,
                at \(integer) NOT NULL,
                id \(text) NOT NULL,
                received_at \(integer) NOT NULL,
                agent \(text) NOT NULL,
                version \(text) NOT NULL,
                name \(text) NOT NULL,
                verdict \(text) NOT NULL,
                final \(integer) NOT NULL,
                from_at \(integer) NOT NULL,
                until_at \(integer) NOT NULL,
                PRIMARY KEY (site, at, id)
            ) \(dialect.clustered)
            """,
        ]
    }

    private static func rollUps(_ dialect: SQLDialect) -> [String] {
        let (integer, real, text) = (dialect.integer, dialect.real, dialect.text)
        let metrics = ["delay_p50_ms", "delay_p95_ms", "jitter_worst_15s_ms", "loss_ratio"]
            .flatMap { name in ["min", "median", "max", "low", "high"].map { "\(name)_\($0)" } }
        return [
            """
            CREATE TABLE stale_hour (
                site \(text) NOT NULL,
                hour \(integer) NOT NULL,
                PRIMARY KEY (site, hour)
            ) \(dialect.clustered)
            """,
            """
            CREATE TABLE figure_rollup (
                site \(text) NOT NULL,
                period \(text) NOT NULL,
                start \(integer) NOT NULL,
                endpoint \(text) NOT NULL,
                direction \(text) NOT NULL,
                checks \(integer) NOT NULL,
                offered \(integer),
                lost \(integer),
                \(metrics.map { "\($0) \(real)" }.joined(separator: ",\n    ")),
                PRIMARY KEY (site, period, start, endpoint, direction)
            ) \(dialect.clustered)
            """,
            """
            CREATE TABLE grade_rollup (
                site \(text) NOT NULL,
                period \(text) NOT NULL,
                start \(integer) NOT NULL,
                ready \(integer) NOT NULL,
                inconclusive \(integer) NOT NULL,
                at_risk \(integer) NOT NULL,
                not_ready \(integer) NOT NULL,
                PRIMARY KEY (site, period, start)
            ) \(dialect.clustered)
            """,
            "CREATE TABLE keeping (name \(text) NOT NULL PRIMARY KEY, value \(integer) NOT NULL) \(dialect.clustered)",
        ]
    }
}
