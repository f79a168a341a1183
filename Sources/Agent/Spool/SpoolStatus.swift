import Units

/// Whether what is stored is safe.
public enum SpoolCondition: Hashable, Sendable, CustomStringConvertible {
    /// What ``Spool/store(_:)`` was handed lies on the disk.
    case durable
    /// New documents wait in memory, and are lost when this process ends; what lies on the disk is safe.
    case diskFull(String)
    case readOnly(String)
    case unavailable(String)

    public var isDurable: Bool { self == .durable }

    /// `durable`, `disk_full`, `read_only` or `unavailable`, as metrics and documents have it.
    public var name: String {
        switch self {
        case .durable: "durable"
        case .diskFull: "disk_full"
        case .readOnly: "read_only"
        case .unavailable: "unavailable"
        }
    }

    public var description: String {
        switch self {
        case .durable: "durable"
        case .diskFull(let reason): "the disk is full: \(reason)"
        case .readOnly(let reason): "the spool cannot be written: \(reason)"
        case .unavailable(let reason): "the spool cannot be used: \(reason)"
        }
    }
}

/// What the spool holds, and what it could not hold.
public struct SpoolStatus: Hashable, Sendable {
    public var condition = SpoolCondition.durable
    /// Documents that wait for the collector, those in memory included.
    public var pending = 0
    /// When the oldest of them was completed.
    public var oldestPending: WallInstant?
    /// Documents that wait in memory only, since they could not be written.
    public var held = 0
    /// Documents that the collector refused, kept with its reason.
    public var setAside = 0
    /// Documents dropped for want of room since the spool was made, by kind.
    public var dropped: [DocumentKind: Int] = [:]
    /// Results whose incidents' packets were taken out for want of room since the spool was made.
    public var lightened = 0
    /// Documents that the collector took since the spool was made.
    public var delivered = 0
    /// Octets that the documents take, of those that they may.
    public var size = 0
    public var sizeLimit = 0
    public var lastSuccess: WallInstant?
    public var lastFailure: PushFailure?
    /// The last time that a damaged spool was moved out of the way, and where to.
    public var movedAside: MovedSpool?

    public init() {}

    public var droppedInAll: Int { dropped.values.reduce(0, +) }
}

/// A push that did not succeed.
public struct PushFailure: Hashable, Sendable {
    public var at: WallInstant
    public var reason: String

    public init(at: WallInstant, reason: String) {
        self.at = at
        self.reason = reason
    }
}

/// A spool's file that was damaged.
public struct MovedSpool: Hashable, Sendable {
    public var at: WallInstant
    public var path: String
    public var reason: String
}

/// A document that the collector refused.
public struct SetAsideDocument: Hashable, Sendable {
    public var id: String
    public var kind: DocumentKind
    public var completedAt: WallInstant
    public var reason: String
}

/// What became of a document.
public enum Settlement: Hashable, Sendable {
    /// The collector has it, now or since earlier.
    case delivered
    /// The collector will not have it.
    case setAside(String)
}

/// What somebody should know of, besides what ``SpoolStatus`` shows.
public enum SpoolEvent: Hashable, Sendable, CustomStringConvertible {
    case condition(SpoolCondition)
    case movedAside(MovedSpool)
    case dropped(kind: DocumentKind, id: String, reason: String)
    /// The packets of so many results' incidents were taken out.
    case lightened(Int, reason: String)

    public var description: String {
        switch self {
        case .condition(.durable): "the spool can be written again"
        case .condition(let condition): "\(condition); new results wait in memory"
        case .movedAside(let moved):
            "the spool was damaged (\(moved.reason)); it was moved to \(moved.path), and a new one begun"
        case .dropped(let kind, let id, let reason): "dropped \(kind.rawValue) \(id): \(reason)"
        case .lightened(let count, let reason): "took the packets out of \(count) results: \(reason)"
        }
    }
}
