import Readiness
import Results
import Units

/// Figures of one site over a stretch of time.
public struct HistoryQuery: Hashable, Sendable {
    public enum Resolution: String, Hashable, Sendable, CaseIterable {
        /// Every check; those that were dropped are gone.
        case raw
        case hour
        case day
    }

    public var site: String
    public var from: UTCTime
    /// Not included.
    public var until: UTCTime
    public var resolution: Resolution
    /// Nil for all.
    public var endpoint: String?
    /// The first so many points of each series. A single answer never rests on more than 100,000 rows of the database,
    /// so that none outgrows the memory.
    public var limit: Int

    public init(
        site: String,
        from: UTCTime,
        until: UTCTime,
        resolution: Resolution,
        endpoint: String? = nil,
        limit: Int = 10_000
    ) {
        self.site = site
        self.from = from
        self.until = until
        self.resolution = resolution
        self.endpoint = endpoint
        self.limit = limit
    }
}

public struct HistorySeries: Hashable, Sendable {
    public var endpoint: String
    public var direction: FigureDirection
    public var points: [HistoryPoint]

    public init(endpoint: String, direction: FigureDirection, points: [HistoryPoint]) {
        self.endpoint = endpoint
        self.direction = direction
        self.points = points
    }
}

/// One check, or the checks that began in an hour or a day (UTC).
public struct HistoryPoint: Hashable, Sendable {
    /// When the check, the hour or the day began.
    public var at: UTCTime
    public var checks: Int
    /// A metric that no check measured is absent.
    public var metrics: [Metric: Spread]
    /// Sums over the checks that could tell.
    public var offered: Int?
    public var lost: Int?

    public init(at: UTCTime, checks: Int, metrics: [Metric: Spread], offered: Int? = nil, lost: Int? = nil) {
        self.at = at
        self.checks = checks
        self.metrics = metrics
        self.offered = offered
        self.lost = lost
    }
}

/// One metric over the checks of a point. With one check minimum, median and maximum are the same.
public struct Spread: Hashable, Sendable {
    public var minimum: Double
    /// The mean of the middle two of an even number.
    public var median: Double
    public var maximum: Double
    /// The medians of the lower and of the upper ends of the checks' uncertainties: how uncertain a typical check was.
    public var low: Double
    public var high: Double

    public init(minimum: Double, median: Double, maximum: Double, low: Double, high: Double) {
        self.minimum = minimum
        self.median = median
        self.maximum = maximum
        self.low = low
        self.high = high
    }
}

/// How many checks of a stretch were graded how.
public struct GradePoint: Hashable, Sendable {
    public var at: UTCTime
    public var ready: Int
    public var inconclusive: Int
    public var atRisk: Int
    public var notReady: Int

    public init(at: UTCTime, ready: Int, inconclusive: Int, atRisk: Int, notReady: Int) {
        self.at = at
        self.ready = ready
        self.inconclusive = inconclusive
        self.atRisk = atRisk
        self.notReady = notReady
    }

    public var checks: Int { ready + inconclusive + atRisk + notReady }
}
