import Results
import Units

extension SQLStore {
    /// How old the note of a token's last use may become before it is written again: not at every request.
    private static let useGrain = Nanoseconds.seconds(600)

    public func addToken(_ token: SiteToken) async throws {
        try await database.write { session in
            try Self.requireSite(token.site, session)
            try session.insert(into: Tables.token, [token.columns], onConflict: .ignore)
        }
    }

    public func tokens(of site: String) async throws -> [SiteToken] {
        try await database.read { session in
            try session.query(
                "SELECT \(Tables.token.columnList) FROM token WHERE site = $1 ORDER BY created_at, digest",
                [.text(site)]
            ).compactMap(SiteToken.init)
        }
    }

    public func site(token digest: SecretDigest, now: UTCTime) async throws -> String? {
        let found = try await database.read { session in
            try session.query(
                """
                SELECT token.site, token.used_at FROM token JOIN site ON site.site = token.site
                WHERE token.digest = $1 AND token.revoked_at IS NULL AND site.revoked_at IS NULL
                    AND (token.expires_at IS NULL OR token.expires_at > $2)
                ORDER BY token.site
                """,
                [.blob(digest.octets), .integer(now.microsecondsSinceUnixEpoch)]
            ).first.map { (site: try $0.text(0), usedAt: try $0.optionalInteger(1)) }
        }
        guard let found else { return nil }
        let usedAt = found.usedAt.map(UTCTime.init(microseconds:))
        if usedAt.map({ $0 + Self.useGrain <= now }) ?? true { try await note(digest, of: found.site, usedAt: now) }
        return found.site
    }

    private func note(_ digest: SecretDigest, of site: String, usedAt now: UTCTime) async throws {
        _ = try await database.write { session in
            try session.change(
                "UPDATE token SET used_at = $3 WHERE site = $1 AND digest = $2",
                [.text(site), .blob(digest.octets), .integer(now.microsecondsSinceUnixEpoch)]
            )
        }
    }

    public func expireTokens(of site: String, except digest: SecretDigest?, at instant: UTCTime) async throws {
        _ = try await database.write { session in
            try session.change(
                """
                UPDATE token SET expires_at = $2
                WHERE site = $1 AND digest <> $3 AND (expires_at IS NULL OR expires_at > $2)
                """,
                [.text(site), .integer(instant.microsecondsSinceUnixEpoch), .blob(digest?.octets ?? [])]
            )
        }
    }

    public func revokeToken(_ digest: SecretDigest, of site: String, now: UTCTime) async throws -> Bool {
        try await database.write { session in
            try session.change(
                "UPDATE token SET revoked_at = $3 WHERE site = $1 AND digest = $2 AND revoked_at IS NULL",
                [.text(site), .blob(digest.octets), .integer(now.microsecondsSinceUnixEpoch)]
            ) > 0
        }
    }
}

extension SiteToken {
    var columns: [SQLValue] {
        [
            .text(site), .blob(digest.octets), .integer(createdAt.microsecondsSinceUnixEpoch),
            SQLValue(expiresAt?.microsecondsSinceUnixEpoch), SQLValue(revokedAt?.microsecondsSinceUnixEpoch),
            SQLValue(lastUsedAt?.microsecondsSinceUnixEpoch),
        ]
    }

    init?(_ row: SQLRow) throws {
        guard let digest = SecretDigest(octets: try row.blob(1)) else { return nil }
        self.init(
            site: try row.text(0),
            digest: digest,
            createdAt: UTCTime(microseconds: try row.integer(2)),
            expiresAt: try row.optionalInteger(3).map(UTCTime.init(microseconds:)),
            revokedAt: try row.optionalInteger(4).map(UTCTime.init(microseconds:)),
            lastUsedAt: try row.optionalInteger(5).map(UTCTime.init(microseconds:))
        )
    }
}
