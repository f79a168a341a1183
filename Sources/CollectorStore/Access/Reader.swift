import Results

/// Who may read pages and the API.
public struct Reader: Hashable, Sendable {
    public var name: String
    /// Salted and slow, in whatever form its maker reads again; nil where there is no log-in.
    public var passwordHash: String?
    /// Of the token for the API; nil where there is none.
    public var tokenDigest: SecretDigest?
    public var addedAt: UTCTime

    public init(name: String, passwordHash: String? = nil, tokenDigest: SecretDigest? = nil, addedAt: UTCTime) {
        self.name = name
        self.passwordHash = passwordHash
        self.tokenDigest = tokenDigest
        self.addedAt = addedAt
    }
}
