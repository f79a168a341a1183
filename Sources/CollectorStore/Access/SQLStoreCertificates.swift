import Results

extension SQLStore {
    public func bindCertificate(_ fingerprint: SecretDigest, to site: String, now: UTCTime) async throws {
        try await database.write { session in
            try Self.requireSite(site, session)
            try session.change(
                "DELETE FROM certificate WHERE fingerprint = $1 AND site <> $2",
                [.blob(fingerprint.octets), .text(site)]
            )
            let row: [SQLValue] = [
                .text(site), .blob(fingerprint.octets), .integer(now.microsecondsSinceUnixEpoch),
            ]
            try session.insert(into: Tables.certificate, [row])
        }
    }

    public func unbindCertificate(_ fingerprint: SecretDigest) async throws -> Bool {
        try await database.write { session in
            try session.change("DELETE FROM certificate WHERE fingerprint = $1", [.blob(fingerprint.octets)]) > 0
        }
    }

    public func certificates(of site: String) async throws -> [CertificateBinding] {
        try await database.read { session in
            try session.query(
                "SELECT site, fingerprint, bound_at FROM certificate WHERE site = $1 ORDER BY bound_at, fingerprint",
                [.text(site)]
            ).compactMap { row in
                guard let fingerprint = SecretDigest(octets: try row.blob(1)) else { return nil }
                return CertificateBinding(
                    site: try row.text(0),
                    fingerprint: fingerprint,
                    boundAt: UTCTime(microseconds: try row.integer(2))
                )
            }
        }
    }

    public func site(certificate fingerprint: SecretDigest) async throws -> String? {
        try await database.read { session in
            try session.query(
                """
                SELECT certificate.site FROM certificate JOIN site ON site.site = certificate.site
                WHERE certificate.fingerprint = $1 AND site.revoked_at IS NULL
                ORDER BY certificate.bound_at DESC
                """,
                [.blob(fingerprint.octets)]
            ).first.map { try $0.text(0) }
        }
    }
}
