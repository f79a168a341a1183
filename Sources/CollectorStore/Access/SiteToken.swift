import Results

/// What lets an agent write for one site. A site can have several at once, so that a new one can be handed out before
/// the old one ends.
public struct SiteToken: Hashable, Sendable {
    public var site: String
    public var digest: SecretDigest
    public var createdAt: UTCTime
    /// From then on it is not good; nil for no end.
    public var expiresAt: UTCTime?
    public var revokedAt: UTCTime?
    /// To within ten minutes; nil for never.
    public var lastUsedAt: UTCTime?

    public init(
        site: String,
        digest: SecretDigest,
        createdAt: UTCTime,
        expiresAt: UTCTime? = nil,
        revokedAt: UTCTime? = nil,
        lastUsedAt: UTCTime? = nil
    ) {
        self.site = site
        self.digest = digest
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
    }
}

/// A client certificate that lets an agent write for one site.
public struct CertificateBinding: Hashable, Sendable {
    public var site: String
    /// SHA-256 of the certificate in DER.
    public var fingerprint: SecretDigest
    public var boundAt: UTCTime

    public init(site: String, fingerprint: SecretDigest, boundAt: UTCTime) {
        self.site = site
        self.fingerprint = fingerprint
        self.boundAt = boundAt
    }
}
