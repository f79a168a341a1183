import CollectorStore
import Readiness
import Results

/// What a site's latest result held a metric against.
struct MetricBounds: Hashable, Sendable {
    var target: Double?
    var limit: Double?

    /// By the criterion of that name, the one with the same statistic first.
    init(_ metric: Metric, _ result: ResultDocument?) {
        let (name, statistic): (Criterion.Name, Statistic) =
            switch metric {
            case .delayP50: (.latencyOneWay, .p50)
            case .delayP95: (.latencyOneWay, .p95)
            case .jitterWorst15s: (.jitter, .worst15s)
            case .lossRatio: (.loss, .wholeCheck)
            }
        let named = (result?.criteria ?? []).filter { $0.name == name.rawValue }
        let criterion = named.first { $0.statistic == statistic.rawValue } ?? named.first
        target = criterion?.target
        limit = criterion?.limit
    }
}

extension Metric {
    var unit: Criterion.Unit { self == .lossRatio ? .ratio : .milliseconds }

    var title: String {
        switch self {
        case .delayP50: "Median delay"
        case .delayP95: "Delay, 95th percentile"
        case .jitterWorst15s: "Jitter, worst 15 s"
        case .lossRatio: "Loss"
        }
    }

    /// What pages draw.
    static let drawn: [Metric] = [.delayP95, .jitterWorst15s, .lossRatio]
}

extension FigureDirection {
    var words: String {
        switch self {
        case .forward: "forward, site to far end"
        case .reverse: "reverse, back to the site"
        case .roundTrip: "round trip"
        }
    }
}
