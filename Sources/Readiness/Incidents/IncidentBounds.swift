import Statistics
import Units

extension Profile {
    /// What each 15 s window is held against: the profile's own bounds, where they are of something that a window of
    /// 15 s has. Of two rules of one metric the one about 15 s counts, else the first.
    public var windowBounds: [WindowBound] {
        WindowBound.Metric.allCases.compactMap { metric in
            let rules = rules.filter { $0.windowMetric == metric }
            let rule = rules.first { $0.statistic == .worst15s } ?? rules.first
            return rule.map {
                WindowBound(metric, percentile: $0.statistic.percentile, target: $0.target, limit: $0.limit)
            }
        }
    }
}

extension Rule {
    fileprivate var windowMetric: WindowBound.Metric? {
        switch (metric, statistic) {
        case (.latencyOneWay, _): .latencyOneWay
        case (.roundTrip, _): .roundTrip
        case (.jitter, _): .jitter
        case (.loss, .worst200ms), (.reordering, _): nil
        case (.loss, _): .loss
        }
    }
}

extension Statistic {
    /// Of a sample of delays; nil for the mean, and for what is none of delay's.
    fileprivate var percentile: Int? {
        switch self {
        case .p50: 50
        case .p95: 95
        case .p99: 99
        case .maximum: 100
        case .mean, .worst15s, .worst200ms, .wholeCheck: nil
        }
    }
}
