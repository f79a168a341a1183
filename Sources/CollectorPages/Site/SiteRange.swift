import CollectorStore
import Results
import Units

/// How far back a site's page looks.
public enum SiteRange: String, Hashable, Sendable, CaseIterable {
    case day = "24h"
    case week = "7d"
    case month = "30d"
    case year = "365d"

    public var length: Nanoseconds { .seconds(Int64(days) * 86_400) }

    /// How finely, so that a chart has a few hundred points.
    public var resolution: HistoryQuery.Resolution {
        switch self {
        case .day: .raw
        case .week, .month: .hour
        case .year: .day
        }
    }

    private var days: Int {
        switch self {
        case .day: 1
        case .week: 7
        case .month: 30
        case .year: 365
        }
    }

    var words: String {
        switch self {
        case .day: "24 hours"
        case .week: "7 days"
        case .month: "30 days"
        case .year: "365 days"
        }
    }

    /// Microseconds between two points beyond which nothing was measured between them, as far as one can tell.
    var gap: Double {
        switch resolution {
        case .raw: 2 * 3_600e6
        case .hour: 3 * 3_600e6
        case .day: 2 * 86_400e6
        }
    }

    /// What to ask the store for.
    public func history(of site: String, endpoint: String? = nil, now: UTCTime) -> HistoryQuery {
        HistoryQuery(
            site: site,
            from: now - length,
            until: now + .microseconds(1),
            resolution: resolution,
            endpoint: endpoint
        )
    }
}
