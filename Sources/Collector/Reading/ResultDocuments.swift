import CollectorRequests
import CollectorStore
import Readiness
import Results

struct ResultsDocument: Encodable {
    var results: [ResultRowDocument]
    var next: String?

    init(_ page: ResultPage) {
        results = page.rows.map(ResultRowDocument.init)
        next = page.next
    }
}

/// A result as lists and exports show it.
struct ResultRowDocument: Encodable {
    var site: String
    var id: String
    var at: UTCTime
    var receivedAt: UTCTime
    var startedAt: UTCTime
    var endedAt: UTCTime
    var agent: String
    var version: String
    var trigger: String
    var schedule: String?
    var profile: String
    var grade: Grade
    var decider: DeciderDocument?
    var findings: [String]
    var figures: [FiguresDocument]

    enum CodingKeys: String, CodingKey {
        case site, id, at, agent, version, trigger, schedule, profile, grade, decider, findings, figures
        case receivedAt = "received_at"
        case startedAt = "started_at"
        case endedAt = "ended_at"
    }

    init(_ row: ResultRow) {
        site = row.site
        id = row.id
        at = row.at
        receivedAt = row.receivedAt
        startedAt = row.startedAt
        endedAt = row.endedAt
        agent = row.agent
        version = row.version
        trigger = row.trigger.rawValue
        schedule = row.schedule
        profile = row.profile
        grade = row.grade
        decider = row.decider.map(DeciderDocument.init)
        findings = row.findings
        figures = row.figures.map(FiguresDocument.init)
    }
}

/// The numbers of one endpoint and direction.
struct FiguresDocument: Encodable {
    struct Number: Encodable {
        var value: Double
        var low: Double
        var high: Double
    }

    var endpoint: String
    var direction: String
    /// By the metric's name, which ends in its unit.
    var metrics: [String: Number]
    var offered: Int?
    var lost: Int?
    var dscp: [String: Int]?

    init(_ facts: FigureFacts) {
        endpoint = facts.endpoint
        direction = facts.direction.rawValue
        metrics = facts.figures.named { Number(value: $0.value, low: $0.low, high: $0.high) }
        offered = facts.offered
        lost = facts.lost
        dscp =
            facts.marks.isEmpty
            ? nil : Dictionary(facts.marks.map { ("\($0.key)", $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}

struct HistoryDocument: Encodable {
    struct Series: Encodable {
        var endpoint: String
        var direction: String
        var points: [Point]
    }

    struct Point: Encodable {
        var at: UTCTime
        var checks: Int
        var metrics: [String: Range]
        var offered: Int?
        var lost: Int?
    }

    struct Range: Encodable {
        var min: Double
        var median: Double
        var max: Double
        var low: Double
        var high: Double
    }

    struct Grades: Encodable {
        var at: UTCTime
        var ready, inconclusive: Int
        var atRisk, notReady: Int

        enum CodingKeys: String, CodingKey {
            case at, ready, inconclusive
            case atRisk = "at_risk"
            case notReady = "not_ready"
        }
    }

    var from: UTCTime
    var until: UTCTime
    var resolution: String
    var series: [Series]
    var grades: [Grades]

    init(_ query: HistoryQuery, _ series: [HistorySeries], _ grades: [GradePoint]) {
        from = query.from
        until = query.until
        resolution = query.resolution.rawValue
        self.series = series.map { series in
            Series(
                endpoint: series.endpoint,
                direction: series.direction.rawValue,
                points: series.points.map(Self.point)
            )
        }
        self.grades = grades.map {
            Grades(
                at: $0.at,
                ready: $0.ready,
                inconclusive: $0.inconclusive,
                atRisk: $0.atRisk,
                notReady: $0.notReady
            )
        }
    }

    private static func point(_ point: HistoryPoint) -> Point {
        let metrics = point.metrics.named {
            Range(min: $0.minimum, median: $0.median, max: $0.maximum, low: $0.low, high: $0.high)
        }
        return Point(at: point.at, checks: point.checks, metrics: metrics, offered: point.offered, lost: point.lost)
    }
}

extension Dictionary where Key == Metric {
    fileprivate func named<Number>(_ number: (Value) -> Number) -> [String: Number] {
        [String: Number](map { ($0.key.rawValue, number($0.value)) }, uniquingKeysWith: { first, _ in first })
    }
}
