import Units

/// How the agent stands with its collector.
public struct PushStatus: Hashable, Sendable {
    public var spool = SpoolStatus()
    /// How long the oldest document that waits has waited, by this host's clock.
    public var oldestPendingAge: Nanoseconds?
    /// When the next push is due after one that failed.
    public var nextAttemptIn: Nanoseconds?
    /// Pushes since this process began.
    public var succeeded = 0
    public var failed = 0

    public init() {}

    /// Whether the last push failed.
    public var isFailing: Bool {
        guard let failure = spool.lastFailure else { return false }
        return spool.lastSuccess.map { $0 < failure.at } ?? true
    }
}

/// What a log should tell of the push.
public enum PushEvent: Hashable, Sendable, CustomStringConvertible {
    case delivered(kind: DocumentKind, count: Int)
    case failed(kind: DocumentKind, reason: String)
    case setAside(kind: DocumentKind, id: String, reason: String)

    public var description: String {
        switch self {
        case .delivered(let kind, let count): "delivered \(count) \(kind.rawValue)\(count == 1 ? "" : "s")"
        case .failed(let kind, let reason): "could not deliver \(kind.rawValue)s: \(reason)"
        case .setAside(let kind, let id, let reason): "set aside \(kind.rawValue) \(id): \(reason)"
        }
    }
}
