import Readiness
import Units

/// What an assessment came to, as it is stored, sent and rendered: schema `linecheck.assessment/1`, described by
/// `config/assessment.schema.json`.
public struct AssessmentDocument: Codable, Hashable, Sendable {
    public static let schemaName = "linecheck.assessment"
    public static let schemaMajor = 1

    /// `linecheck.assessment/1`; a later minor version may follow after a dot.
    public var schema: String
    /// A version 7 UUID, the same for the same assessment of the same agent however often it is worked out.
    public var id: String
    public var site: String
    public var agent: String
    public var version: String
    public var name: String
    public var verdict: AssessmentVerdict
    /// Whether its time is over; before, the verdict is on the hours that have passed.
    public var isFinal: Bool
    public var from: UTCTime
    public var until: UTCTime
    public var timezone: String
    /// The same on the clocks there, RFC 3339 with their offset.
    public var fromLocal: String
    public var untilLocal: String
    /// Up to when hours and checks are counted.
    public var countedUntil: UTCTime
    /// Of the latest check; absent without one.
    public var profile: String?
    public var schedules: [String]
    public var rules: AssessmentRulesDocument
    public var outcomes: [RuleOutcomeDocument]
    public var checks: CheckCountsDocument
    /// Of checks that met every target: the low and the high end; absent without a check.
    public var shareMeetingTarget: [Double]?
    public var coverage: CoverageDocument
    /// How each kind of criterion fared over all checks.
    public var criteria: [AssessedCriterionDocument]
    /// The worst that was seen, worst first.
    public var worst: [WorstWindowDocument]
    /// What checks found, by how many of them.
    public var findings: [FindingCountDocument]
    /// What this verdict says nothing about, a sentence each.
    public var untested: [String]

    enum CodingKeys: String, CodingKey {
        case schema, id, site, agent, version, name, verdict, from, until, timezone, profile, schedules, rules, outcomes
        case checks, coverage, criteria, worst, findings, untested
        case isFinal = "final"
        case fromLocal = "from_local"
        case untilLocal = "until_local"
        case countedUntil = "counted_until"
        case shareMeetingTarget = "share_meeting_target"
    }
}

public struct AssessmentRulesDocument: Codable, Hashable, Sendable {
    public var shareMeetingTarget: Double
    public var overLimitAtMost: Int
    public var coverage: Double
    /// `07:00-19:00`; absent where the schedules say which hours.
    public var between: String?
    /// `mon`, `tue` …; absent where the schedules say which days.
    public var days: [String]?

    enum CodingKeys: String, CodingKey {
        case coverage, between, days
        case shareMeetingTarget = "share_meeting_target"
        case overLimitAtMost = "over_limit_at_most"
    }

    public init(_ rules: AssessmentRules, between: String?, days: [String]?) {
        shareMeetingTarget = rules.shareMeetingTarget.roundedRatio
        overLimitAtMost = rules.overLimitAtMost
        coverage = rules.coverage.roundedRatio
        self.between = between
        self.days = days
    }
}

public struct RuleOutcomeDocument: Codable, Hashable, Sendable {
    public var rule: String
    /// `met`, `broken` or `open`.
    public var outcome: String
    public var summary: String

    public init(_ outcome: RuleOutcome) {
        rule = outcome.rule.rawValue
        self.outcome = outcome.outcome.rawValue
        summary = outcome.summary
    }
}

public struct CheckCountsDocument: Codable, Hashable, Sendable {
    /// Asked for by the schedules in the hours that count.
    public var planned: Int
    public var made: Int
    public var ready: Int
    public var atRisk: Int
    public var notReady: Int
    public var inconclusive: Int

    enum CodingKeys: String, CodingKey {
        case planned, made, ready, inconclusive
        case atRisk = "at_risk"
        case notReady = "not_ready"
    }

    public init(_ tally: AssessmentTally) {
        planned = tally.planned
        made = tally.made
        ready = tally.ready
        atRisk = tally.atRisk
        notReady = tally.notReady
        inconclusive = tally.inconclusive
    }
}

public struct CoverageDocument: Codable, Hashable, Sendable {
    public struct Port: Codable, Hashable, Sendable {
        public var endpoint: String
        public var port: UInt16
        public var hoursAsked: Int
        public var hoursCovered: Int

        enum CodingKeys: String, CodingKey {
            case endpoint, port
            case hoursAsked = "hours_asked"
            case hoursCovered = "hours_covered"
        }
    }

    /// That of the port covered least, 0...1.
    public var ratio: Double
    public var ports: [Port]
    /// The first hours asked for in which some port had no conclusive check, RFC 3339 by the clocks there.
    public var missedHours: [String]
    /// All such hours, those that are not listed included.
    public var missedHoursCount: Int

    enum CodingKeys: String, CodingKey {
        case ratio, ports
        case missedHours = "missed_hours"
        case missedHoursCount = "missed_hours_count"
    }

    public init(_ tally: AssessmentTally, missedHours: [String], missedHoursCount: Int) {
        ratio = tally.coverage.roundedRatio
        ports = tally.ports.map {
            Port(endpoint: $0.endpoint, port: $0.port, hoursAsked: $0.hoursAsked, hoursCovered: $0.hoursCovered)
        }
        self.missedHours = missedHours
        self.missedHoursCount = missedHoursCount
    }
}

/// One kind of criterion at one endpoint, over all checks.
public struct AssessedCriterionDocument: Codable, Hashable, Sendable {
    public var name: String
    public var endpoint: String
    public var statistic: String
    public var unit: String
    public var target: Double?
    public var limit: Double?
    public var ready: Int
    public var atRisk: Int
    public var notReady: Int
    public var inconclusive: Int
    /// The middle one of the checks' values, and the greatest; absent where none could be measured.
    public var median: Double?
    public var worst: Double?

    enum CodingKeys: String, CodingKey {
        case name, endpoint, statistic, unit, target, limit, ready, inconclusive, median, worst
        case atRisk = "at_risk"
        case notReady = "not_ready"
    }
}

/// A criterion of one check that missed its target.
public struct WorstWindowDocument: Codable, Hashable, Sendable {
    /// The check's result.
    public var result: String
    public var startedAt: UTCTime
    public var endedAt: UTCTime
    /// RFC 3339 by the clocks there.
    public var startedLocal: String
    public var endpoint: String
    public var criterion: CriterionSummary

    enum CodingKeys: String, CodingKey {
        case result, endpoint, criterion
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case startedLocal = "started_local"
    }
}

/// How many checks found something that stands for a grade.
public struct FindingCountDocument: Codable, Hashable, Sendable {
    public var code: String
    public var severity: String
    /// How many checks found it.
    public var checks: Int
    /// The result of the latest of them.
    public var latest: String

    enum CodingKeys: String, CodingKey {
        case code, severity, checks, latest
    }
}

/// How the assessment that a check belongs to stands after it: part of the check's result.
public struct RunningAssessmentDocument: Codable, Hashable, Sendable {
    public var name: String
    public var from: UTCTime
    public var until: UTCTime
    /// On the hours that have passed.
    public var verdict: AssessmentVerdict
    public var outcomes: [RuleOutcomeDocument]
    public var checks: CheckCountsDocument
    public var shareMeetingTarget: [Double]?
    /// That of the port covered least, 0...1.
    public var coverageRatio: Double

    enum CodingKeys: String, CodingKey {
        case name, from, until, verdict, outcomes, checks
        case shareMeetingTarget = "share_meeting_target"
        case coverageRatio = "coverage_ratio"
    }

    public init(_ assessment: AssessmentDocument) {
        name = assessment.name
        from = assessment.from
        until = assessment.until
        verdict = assessment.verdict
        outcomes = assessment.outcomes
        checks = assessment.checks
        shareMeetingTarget = assessment.shareMeetingTarget
        coverageRatio = assessment.coverage.ratio
    }
}

/// The schedule that asked for a check.
public struct ScheduledSlotDocument: Codable, Hashable, Sendable {
    public var name: String
    /// When the check was asked for; it began a little later.
    public var slotAt: UTCTime

    enum CodingKeys: String, CodingKey {
        case name
        case slotAt = "slot_at"
    }

    public init(name: String, slotAt: UTCTime) {
        self.name = name
        self.slotAt = slotAt
    }
}
