import GRDB
import Units

/// The statements of the spool.
enum SpoolTables {
    /// - Parameter excluded: ids to pass over.
    static func pending(
        _ kind: DocumentKind,
        upTo count: Int,
        octets limit: Int,
        excluding excluded: Set<String>,
        _ database: Database
    ) throws -> [StoredDocument] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT id, kind, completed_at, octets, body FROM document
                WHERE state = 'pending' AND kind = ? ORDER BY sequence
                """,
            arguments: [kind.rawValue]
        )
        var found: [StoredDocument] = []
        var octets = 0
        while found.count < count, let row = try rows.next() {
            guard !excluded.contains(row["id"]), let document = StoredDocument(row) else { continue }
            octets += document.octets
            guard found.isEmpty || octets <= limit else { break }
            found.append(document)
        }
        return found
    }

    /// Whatever its state, the latest first.
    static func latest(_ kind: DocumentKind, upTo count: Int, _ database: Database) throws -> [StoredDocument] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT id, kind, completed_at, octets, body FROM document
                WHERE kind = ? ORDER BY sequence DESC LIMIT ?
                """,
            arguments: [kind.rawValue, count]
        ).compactMap(StoredDocument.init)
    }

    static func pending(ids: [String], _ database: Database) throws -> [StoredDocument] {
        try ids.compactMap { id in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT id, kind, completed_at, octets, body FROM document WHERE state = 'pending' AND id = ?
                    """,
                arguments: [id]
            ).flatMap(StoredDocument.init)
        }
    }

    static func settle(_ id: String, _ settlement: Settlement, _ database: Database) throws {
        switch settlement {
        case .delivered:
            try database.execute(sql: "DELETE FROM document WHERE id = ?", arguments: [id])
            if database.changesCount > 0 { try count("delivered", 1, database) }
        case .setAside(let reason):
            try database.execute(
                sql: "UPDATE document SET state = 'set_aside', reason = ? WHERE id = ?",
                arguments: [reason, id]
            )
        }
    }

    static func count(_ name: String, _ increment: Int, _ database: Database) throws {
        guard increment > 0 else { return }
        try database.execute(
            sql: """
                INSERT INTO counter (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
                """,
            arguments: [name, increment]
        )
    }

    static func note(_ name: String, at instant: WallInstant, _ text: String, _ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO event (name, at, text) VALUES (?, ?, ?)",
            arguments: [name, instant.nanosecondsSinceUnixEpoch, text]
        )
    }

    /// The slot of a schedule whose result was stored last: known still when the result has been delivered.
    static func fill(_ slot: RunningSlot, _ database: Database) throws {
        try note(filled + slot.schedule, at: WallInstant(nanosecondsSinceUnixEpoch: slot.slot), "", database)
    }

    static func isFilled(_ slot: RunningSlot, _ database: Database) throws -> Bool {
        let latest = try Int64.fetchOne(
            database,
            sql: "SELECT at FROM event WHERE name = ?",
            arguments: [filled + slot.schedule]
        )
        // Results tell of it to the microsecond.
        return latest.map { $0 / 1_000 } == slot.slot / 1_000
    }

    private static let filled = "filled/"

    /// The document to drop next: what the collector refused goes before what waits, results before assessments, and
    /// of these the oldest first.
    static func nextToDrop(_ database: Database) throws -> (kind: DocumentKind, id: String)? {
        for kind in [DocumentKind.result, .assessment] {
            for state in ["set_aside", "pending"] {
                let id = try String.fetchOne(
                    database,
                    sql: "SELECT id FROM document WHERE state = ? AND kind = ? ORDER BY sequence LIMIT 1",
                    arguments: [state, kind.rawValue]
                )
                if let id { return (kind, id) }
            }
        }
        return nil
    }

    /// Takes the packets of incidents out of results, the oldest first, until all take no more than `limit` octets: a
    /// check without its packets still tells how the line was, and of one that was dropped nothing is left.
    ///
    /// - Returns: how many results there are whose packets were taken out.
    static func lighten(within limit: Int, _ database: Database) throws -> Int {
        var lightened = 0
        while try SpoolDatabase.usedOctets(database) > limit {
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT sequence, id, kind, completed_at, octets, body FROM document
                    WHERE kind = 'result' AND length(body) > ? AND sequence >
                        coalesce((SELECT value FROM counter WHERE name = 'lightened_through'), -1)
                    ORDER BY sequence LIMIT 1
                    """,
                arguments: [StoredDocument.hardlyHasPackets]
            )
            guard let row else { break }
            try database.execute(
                sql: "INSERT OR REPLACE INTO counter (name, value) VALUES ('lightened_through', ?)",
                arguments: [row["sequence"] as Int64]
            )
            guard let lighter = StoredDocument(row)?.withoutPackets else { continue }
            try lighter.replace(database)
            lightened += 1
        }
        try count("lightened", lightened, database)
        return lightened
    }

    /// Drops documents until those that stay take no more than `limit` octets.
    static func makeRoom(within limit: Int, _ database: Database) throws -> [(kind: DocumentKind, id: String)] {
        var dropped: [(kind: DocumentKind, id: String)] = []
        while try SpoolDatabase.usedOctets(database) > limit, let next = try nextToDrop(database) {
            try database.execute(sql: "DELETE FROM document WHERE id = ?", arguments: [next.id])
            try count("dropped_\(next.kind.rawValue)", 1, database)
            dropped.append(next)
        }
        return dropped
    }

    static func setAside(_ database: Database) throws -> [SetAsideDocument] {
        try Row.fetchAll(
            database,
            sql: "SELECT id, kind, completed_at, reason FROM document WHERE state = 'set_aside' ORDER BY sequence"
        ).compactMap { row in
            DocumentKind(rawValue: row["kind"]).map { kind in
                SetAsideDocument(
                    id: row["id"],
                    kind: kind,
                    completedAt: WallInstant(nanosecondsSinceUnixEpoch: row["completed_at"]),
                    reason: row["reason"] ?? ""
                )
            }
        }
    }

    static func status(_ database: Database) throws -> SpoolStatus {
        var status = SpoolStatus()
        func number(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
        status.pending = try number("SELECT count(*) FROM document WHERE state = 'pending'")
        status.setAside = try number("SELECT count(*) FROM document WHERE state = 'set_aside'")
        status.oldestPending = try Int64.fetchOne(
            database,
            sql: "SELECT min(completed_at) FROM document WHERE state = 'pending'"
        ).map(WallInstant.init(nanosecondsSinceUnixEpoch:))
        status.size = try SpoolDatabase.usedOctets(database)
        for row in try Row.fetchAll(database, sql: "SELECT name, value FROM counter") {
            let name: String = row["name"]
            if name == "delivered" { status.delivered = row["value"] }
            if name == "lightened" { status.lightened = row["value"] }
            if name.hasPrefix("dropped_"), let kind = DocumentKind(rawValue: String(name.dropFirst(8))) {
                status.dropped[kind] = row["value"]
            }
        }
        for row in try Row.fetchAll(database, sql: "SELECT name, at, text FROM event") {
            let at = WallInstant(nanosecondsSinceUnixEpoch: row["at"])
            switch row["name"] as String {
            case "last_success": status.lastSuccess = at
            case "last_failure": status.lastFailure = PushFailure(at: at, reason: row["text"])
            case "moved_aside":
                let parts = (row["text"] as String).split(separator: "\n", maxSplits: 1).map(String.init)
                status.movedAside = MovedSpool(at: at, path: parts.first ?? "", reason: parts.last ?? "")
            default: break
            }
        }
        return status
    }
}
