import Results

public struct Site: Hashable, Sendable {
    public var name: String
    public var addedAt: UTCTime
    /// Since when nobody may write for it; nil while somebody may.
    public var revokedAt: UTCTime?
    /// When the collector last received anything from it; nil for never.
    public var lastHeardAt: UTCTime?

    public init(name: String, addedAt: UTCTime, revokedAt: UTCTime? = nil, lastHeardAt: UTCTime? = nil) {
        self.name = name
        self.addedAt = addedAt
        self.revokedAt = revokedAt
        self.lastHeardAt = lastHeardAt
    }
}
