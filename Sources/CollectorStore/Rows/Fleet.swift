import Readiness
import Results
import Units

/// How a site stands: how its latest check was graded, unless nothing has come for too long to say.
public enum SiteStatus: Hashable, Sendable, CaseIterable {
    case graded(Grade)
    /// Nothing came for longer than it should, or ever.
    case silent

    public static var allCases: [SiteStatus] { Grade.allCases.map(SiteStatus.graded) + [.silent] }
}

public struct FleetQuery: Hashable, Sendable {
    public enum Order: String, Hashable, Sendable, CaseIterable {
        /// Worst first: not ready, silent, at risk, inconclusive, ready; within each by name.
        case status = "grade"
        case name
        /// Longest unheard first.
        case lastHeard = "last_seen"
    }

    public var now: UTCTime
    /// How long nothing may come before a site counts as silent.
    public var silentAfter: Nanoseconds
    /// Only sites that have this in their name, in whatever case; empty for all.
    public var text: String
    /// Only sites that stand so; nil for all.
    public var status: SiteStatus?
    public var order: Order
    /// As the page before this one gave it.
    public var after: String?
    /// At most; 1...``mostRows``.
    public var limit: Int

    public static let mostRows = 1_000

    public init(
        now: UTCTime,
        silentAfter: Nanoseconds,
        text: String = "",
        status: SiteStatus? = nil,
        order: Order = .status,
        after: String? = nil,
        limit: Int = 100
    ) {
        self.now = now
        self.silentAfter = silentAfter
        self.text = text
        self.status = status
        self.order = order
        self.after = after
        self.limit = limit
    }
}

public struct FleetPage: Hashable, Sendable {
    /// Of the whole fleet, whatever was asked for.
    public var counts: FleetCounts
    /// How many sites are what was asked for, on all pages.
    public var matching: Int
    public var rows: [FleetRow]
    /// What to ask for the next page with; nil on the last.
    public var next: String?

    public init(counts: FleetCounts, matching: Int, rows: [FleetRow], next: String? = nil) {
        self.counts = counts
        self.matching = matching
        self.rows = rows
        self.next = next
    }
}

/// How many sites stand how: each counts once, a silent one as silent whatever its last grade was.
public struct FleetCounts: Hashable, Sendable {
    public var ready = 0
    public var inconclusive = 0
    public var atRisk = 0
    public var notReady = 0
    public var silent = 0

    public init() {}

    public var total: Int { ready + inconclusive + atRisk + notReady + silent }

    public subscript(status: SiteStatus) -> Int {
        get {
            switch status {
            case .graded(.ready): ready
            case .graded(.inconclusive): inconclusive
            case .graded(.atRisk): atRisk
            case .graded(.notReady): notReady
            case .silent: silent
            }
        }
        set {
            switch status {
            case .graded(.ready): ready = newValue
            case .graded(.inconclusive): inconclusive = newValue
            case .graded(.atRisk): atRisk = newValue
            case .graded(.notReady): notReady = newValue
            case .silent: silent = newValue
            }
        }
    }
}

/// One site as the fleet's table shows it.
public struct FleetRow: Hashable, Sendable {
    public var site: String
    public var status: SiteStatus
    /// When the collector last received anything from it, by its own clock; nil for never.
    public var lastHeardAt: UTCTime?
    /// Of all results the one whose check began last, whenever it came; nil where there was none.
    public var latest: LatestResult?
    public var trend: Trend
    public var isRevoked: Bool

    public init(
        site: String,
        status: SiteStatus,
        lastHeardAt: UTCTime?,
        latest: LatestResult?,
        trend: Trend,
        isRevoked: Bool = false
    ) {
        self.site = site
        self.status = status
        self.lastHeardAt = lastHeardAt
        self.latest = latest
        self.trend = trend
        self.isRevoked = isRevoked
    }
}

public struct LatestResult: Hashable, Sendable {
    public var id: String
    /// When its check began; see ``IngestedDocument/at``.
    public var at: UTCTime
    public var grade: Grade
    public var decider: Decider?
    public var agent: String
    public var version: String

    public init(id: String, at: UTCTime, grade: Grade, decider: Decider?, agent: String, version: String) {
        self.id = id
        self.at = at
        self.grade = grade
        self.decider = decider
        self.agent = agent
        self.version = version
    }
}
