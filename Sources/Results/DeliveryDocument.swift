/// How the agent stood with its spool and its collector before this result was spooled.
public struct DeliveryDocument: Codable, Hashable, Sendable {
    /// `durable`, `disk_full`, `read_only` or `unavailable`.
    public var spool: String
    /// Documents that waited.
    public var pending: Int
    /// How long the oldest of them had.
    public var oldestPendingSeconds: Double?
    /// Of those that waited, how many in memory only.
    public var held: Int
    /// Refused by the collector and kept, with its reasons, at the site.
    public var setAside: Int
    /// Dropped for want of room since the spool was made.
    public var dropped: Int
    public var lastSuccessAt: UTCTime?
    public var lastFailureAt: UTCTime?
    public var lastFailure: String?

    enum CodingKeys: String, CodingKey {
        case spool, pending, held, dropped
        case oldestPendingSeconds = "oldest_pending_s"
        case setAside = "set_aside"
        case lastSuccessAt = "last_success_at"
        case lastFailureAt = "last_failure_at"
        case lastFailure = "last_failure"
    }

    public init(
        spool: String,
        pending: Int,
        oldestPendingSeconds: Double?,
        held: Int,
        setAside: Int,
        dropped: Int,
        lastSuccessAt: UTCTime?,
        lastFailureAt: UTCTime?,
        lastFailure: String?
    ) {
        self.spool = spool
        self.pending = pending
        self.oldestPendingSeconds = oldestPendingSeconds
        self.held = held
        self.setAside = setAside
        self.dropped = dropped
        self.lastSuccessAt = lastSuccessAt
        self.lastFailureAt = lastFailureAt
        self.lastFailure = lastFailure
    }
}
