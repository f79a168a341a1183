import Readiness
import Results
import Units

/// What identifies a series of a site.
struct SeriesKey: Hashable, Comparable, Sendable {
    var endpoint: String
    var direction: FigureDirection

    static func < (left: Self, right: Self) -> Bool {
        (left.endpoint, left.direction.rawValue) < (right.endpoint, right.direction.rawValue)
    }
}

/// Figures of one check, with when it began.
struct DatedFigures: Hashable, Sendable {
    var at: UTCTime
    var facts: FigureFacts

    var key: SeriesKey { SeriesKey(endpoint: facts.endpoint, direction: facts.direction) }
}

/// Many checks as one point: the same in whatever order they come.
enum RollUp {
    /// - Parameter at: when the stretch that all of them lie in begins.
    static func point(_ checks: [FigureFacts], at: UTCTime) -> HistoryPoint {
        var metrics: [Metric: Spread] = [:]
        for metric in Metric.allCases {
            metrics[metric] = spread(checks.compactMap { $0.figures[metric] })
        }
        return HistoryPoint(
            at: at,
            checks: checks.count,
            metrics: metrics,
            offered: sum(checks.compactMap(\.offered)),
            lost: sum(checks.compactMap(\.lost))
        )
    }

    static func spread(_ figures: [Figure]) -> Spread? {
        let values = figures.map(\.value).sorted()
        guard let least = values.first, let greatest = values.last else { return nil }
        return Spread(
            minimum: least,
            median: median(values),
            maximum: greatest,
            low: median(figures.map(\.low).sorted()),
            high: median(figures.map(\.high).sorted())
        )
    }

    /// Of at least one, sorted.
    private static func median(_ values: [Double]) -> Double {
        let middle = values.count / 2
        // Halved first, so that two huge values have a sum.
        return values.count % 2 == 1 ? values[middle] : values[middle - 1] / 2 + values[middle] / 2
    }

    private static func sum(_ counts: [Int]) -> Int? {
        counts.isEmpty
            ? nil
            : counts.reduce(0) { sum, count in
                let (total, overflow) = sum.addingReportingOverflow(count)
                return overflow ? .max : total
            }
    }

    /// By stretch and series.
    static func points(_ checks: [DatedFigures], by length: Nanoseconds) -> [Int64: [SeriesKey: HistoryPoint]] {
        Dictionary(grouping: checks) { TimeGrid.index($0.at, of: length) }.reduce(into: [:]) { points, stretch in
            let at = TimeGrid.start(stretch.key, of: length)
            points[stretch.key] = Dictionary(grouping: stretch.value, by: \.key)
                .mapValues { point($0.map(\.facts), at: at) }
        }
    }
}

extension GradePoint {
    /// Of a stretch that nothing has been counted in yet.
    init(at: UTCTime) { self.init(at: at, ready: 0, inconclusive: 0, atRisk: 0, notReady: 0) }

    mutating func count(_ grade: Grade) {
        switch grade {
        case .ready: ready += 1
        case .inconclusive: inconclusive += 1
        case .atRisk: atRisk += 1
        case .notReady: notReady += 1
        }
    }

    static func points(
        _ checks: [(at: UTCTime, grade: Grade)],
        by length: Nanoseconds
    ) -> [Int64: GradePoint] {
        checks.reduce(into: [:]) { points, check in
            let index = TimeGrid.index(check.at, of: length)
            points[index, default: GradePoint(at: TimeGrid.start(index, of: length))].count(check.grade)
        }
    }
}

extension HistoryQuery.Resolution {
    /// Nil for single checks.
    var length: Nanoseconds? {
        switch self {
        case .raw: nil
        case .hour: TimeGrid.hour
        case .day: TimeGrid.day
        }
    }
}
