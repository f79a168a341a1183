import Readiness
import Results
import Units

@testable import CollectorStore

/// Checks of a site over a long time, and what has to come of them, worked out in another way: over all of them at once,
/// in plain loops.
struct SeededYear {
    struct Check {
        var at: UTCTime
        var grade: Grade
        var figures: [FigureFacts]
        var document: IngestedDocument
    }

    var checks: [Check] = []

    init(seed: UInt64, site: String, days: Int, every seconds: ClosedRange<Int64>) throws {
        var generator = SeededGenerator(seed: seed)
        var at = MadeUp.start
        let end = MadeUp.start + MadeUp.hours(Double(24 * days))
        while at < end {
            let grade = Grade.allCases.randomElement(using: &generator) ?? .ready
            let figures = Self.figures(&generator)
            // Most come at once, some days later.
            let delay =
                Int.random(in: 0..<10, using: &generator) == 0
                ? Int64.random(in: 60...259_200, using: &generator) : 61
            let document = try MadeUp.result("y\(checks.count)", site: site, at: at, receivedAt: at + .seconds(delay)) {
                $0.grade = grade
                $0.figures = figures
                $0.findings = []
            }
            checks.append(Check(at: at, grade: grade, figures: figures, document: document))
            at = at + .seconds(Int64.random(in: seconds, using: &generator))
        }
    }

    private static func figures(_ generator: inout SeededGenerator) -> [FigureFacts] {
        ["stamp://a:3478", "turn://b:3478"].flatMap { endpoint in
            FigureDirection.allCases.compactMap { direction in
                guard Int.random(in: 0..<8, using: &generator) > 0 else { return nil }
                var facts = FigureFacts(endpoint: endpoint, direction: direction)
                for metric in Metric.allCases where Int.random(in: 0..<8, using: &generator) > 0 {
                    let value = Double.random(in: 0...120, using: &generator)
                    let about = Double.random(in: 0...5, using: &generator)
                    facts.figures[metric] = Figure(value: value, low: value - about, high: value + about)
                }
                if Bool.random(using: &generator) {
                    facts.offered = Int.random(in: 100...3_000, using: &generator)
                    facts.lost = Int.random(in: 0...100, using: &generator)
                }
                return facts
            }
        }
    }

    /// The history that a store has to tell, in stretches of so many microseconds.
    func history(stretch: Int64, from: UTCTime, until: UTCTime) -> [HistorySeries] {
        var samples: [String: [Int64: [FigureFacts]]] = [:]
        for check in checks {
            let start = check.at.microsecondsSinceUnixEpoch / stretch * stretch
            guard start >= from.microsecondsSinceUnixEpoch, start < until.microsecondsSinceUnixEpoch else { continue }
            for facts in check.figures {
                samples["\(facts.endpoint) \(facts.direction.rawValue)", default: [:]][start, default: []].append(facts)
            }
        }
        return samples.sorted { $0.key < $1.key }.map { _, stretches in
            let any = stretches.values.first?.first
            return HistorySeries(
                endpoint: any?.endpoint ?? "",
                direction: any?.direction ?? .forward,
                points: stretches.sorted { $0.key < $1.key }.map { Self.point($0.value, UTCTime(microseconds: $0.key)) }
            )
        }
    }

    private static func point(_ facts: [FigureFacts], _ at: UTCTime) -> HistoryPoint {
        var point = HistoryPoint(at: at, checks: facts.count, metrics: [:])
        for metric in Metric.allCases {
            let values = facts.compactMap { $0.figures[metric]?.value }
            guard !values.isEmpty else { continue }
            point.metrics[metric] = Spread(
                minimum: values.reduce(.infinity, min),
                median: middle(values),
                maximum: values.reduce(-.infinity, max),
                low: middle(facts.compactMap { $0.figures[metric]?.low }),
                high: middle(facts.compactMap { $0.figures[metric]?.high })
            )
        }
        for facts in facts {
            if let offered = facts.offered { point.offered = (point.offered ?? 0) + offered }
            if let lost = facts.lost { point.lost = (point.lost ?? 0) + lost }
        }
        return point
    }

    /// By counting how many are smaller, rather than by sorting.
    private static func middle(_ values: [Double]) -> Double {
        func ranked(_ rank: Int) -> Double {
            values.first { value in
                let below = values.count { $0 < value }
                return below <= rank && rank < below + values.count { $0 == value }
            } ?? .nan
        }
        return values.count % 2 == 1
            ? ranked(values.count / 2) : ranked(values.count / 2 - 1) / 2 + ranked(values.count / 2) / 2
    }

    func grades(stretch: Int64, from: UTCTime, until: UTCTime) -> [GradePoint] {
        var points: [GradePoint] = []
        for check in checks {
            let start = UTCTime(microseconds: check.at.microsecondsSinceUnixEpoch / stretch * stretch)
            guard start >= from, start < until else { continue }
            if points.last?.at != start {
                points.append(GradePoint(at: start, ready: 0, inconclusive: 0, atRisk: 0, notReady: 0))
            }
            switch check.grade {
            case .ready: points[points.count - 1].ready += 1
            case .inconclusive: points[points.count - 1].inconclusive += 1
            case .atRisk: points[points.count - 1].atRisk += 1
            case .notReady: points[points.count - 1].notReady += 1
            }
        }
        return points
    }
}
