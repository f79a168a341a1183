import Results
import Units

extension SQLStore {
    private static let siteColumns = "site, added_at, revoked_at, heard_at"

    public func addSite(_ name: String, now: UTCTime) async throws -> Site {
        try NameRules.check(site: name)
        return try await database.write { session in
            let row: [SQLValue] = [
                .text(name), .text(FoldedText.of(name)), .integer(now.microsecondsSinceUnixEpoch),
            ]
            try session.insert(into: Tables.site, [row])
            try session.change("UPDATE site SET revoked_at = NULL WHERE site = $1", [.text(name)])
            guard let site = try Self.site(name, session) else { throw StoreError.unknownSite(name) }
            return site
        }
    }

    public func sites() async throws -> [Site] {
        try await database.read { session in
            try session.query("SELECT \(Self.siteColumns) FROM site ORDER BY site").map(Site.init)
        }
    }

    public func site(_ name: String) async throws -> Site? {
        try await database.read { try Self.site(name, $0) }
    }

    public func revokeSite(_ name: String, now: UTCTime) async throws -> Bool {
        let now = SQLValue.integer(now.microsecondsSinceUnixEpoch)
        return try await database.write { session in
            try session.change(
                "UPDATE token SET revoked_at = $2 WHERE site = $1 AND revoked_at IS NULL",
                [.text(name), now]
            )
            try session.change("DELETE FROM certificate WHERE site = $1", [.text(name)])
            return try session.change(
                "UPDATE site SET revoked_at = $2 WHERE site = $1 AND revoked_at IS NULL",
                [.text(name), now]
            ) > 0
        }
    }

    static func site(_ name: String, _ session: any SQLSession) throws -> Site? {
        try session.query("SELECT \(siteColumns) FROM site WHERE site = $1", [.text(name)]).first.map(Site.init)
    }

    static func requireSite(_ name: String, _ session: any SQLSession) throws {
        guard try site(name, session) != nil else { throw StoreError.unknownSite(name) }
    }
}

extension Site {
    init(_ row: SQLRow) throws {
        name = try row.text(0)
        addedAt = UTCTime(microseconds: try row.integer(1))
        revokedAt = try row.optionalInteger(2).map(UTCTime.init(microseconds:))
        lastHeardAt = try row.optionalInteger(3).map(UTCTime.init(microseconds:))
    }
}
