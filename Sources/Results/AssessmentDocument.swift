import Readiness

/// The last word on a window of checks: schema `linecheck.assessment/1`, described by
/// `config/assessment.schema.json`.
///
/// Absent means absent, as in ``ResultDocument``.
public struct AssessmentDocument: Codable, Hashable, Sendable {
    /// What ``schema`` begins with in every document that this version reads.
    public static let schemaName = "linecheck.assessment"
    public static let schemaMajor = 1

    public var schema: String
    /// A version 7 UUID in lower case.
    public var id: String
    public var site: String
    /// The name of the host that measured.
    public var agent: String
    /// Linecheck's.
    public var version: String
    public var name: String
    public var from: UTCTime
    /// The first moment that no longer belongs to it.
    public var until: UTCTime
    /// The zone of the hours of the day in ``coverage``.
    public var timeZone: String
    public var verdict: Assessment.Verdict
    /// False where the window had not ended: then the verdict was the one so far.
    public var isFinal: Bool
    /// How each rule stands.
    public var reasons: [AssessmentReasonDocument]
    public var rules: AssessmentRulesDocument
    public var counts: AssessmentCountsDocument
    public var coverage: AssessmentCoverageDocument
    /// By criterion, within each the worst first.
    public var worst: [AssessmentWorstDocument]
    public var notTested: [AssessmentUntestedDocument]
    /// By when the checks began; absent when there were none.
    public var firstResult: String?
    public var lastResult: String?

    enum CodingKeys: String, CodingKey {
        case schema, id, site, agent, version, name, from, until, verdict, reasons, rules, counts, coverage, worst
        case timeZone = "timezone"
        case isFinal = "final"
        case notTested = "not_tested"
        case firstResult = "first_result"
        case lastResult = "last_result"
    }
}

extension Assessment.Verdict: Codable {}
extension RuleOutcome.Rule: Codable {}
extension RuleOutcome.State: Codable {}
extension UntestedPart.Kind: Codable {}

/// How one rule stands.
public struct AssessmentReasonDocument: Codable, Hashable, Sendable {
    public var rule: RuleOutcome.Rule
    public var state: RuleOutcome.State
    public var summary: String
}

public struct AssessmentRulesDocument: Codable, Hashable, Sendable {
    public var shareMeetingTargetRatio: Double
    public var overLimitAtMost: Int
    public var coverageRatio: Double

    enum CodingKeys: String, CodingKey {
        case shareMeetingTargetRatio = "share_meeting_target_ratio"
        case overLimitAtMost = "over_limit_at_most"
        case coverageRatio = "coverage_ratio"
    }
}

public struct AssessmentCountsDocument: Codable, Hashable, Sendable {
    /// Made, and of them by grade.
    public var checks: Int
    public var ready: Int
    public var atRisk: Int
    public var notReady: Int
    public var inconclusive: Int
    /// Slots asked for, and of them those with a conclusive check and those whose check may yet come.
    public var expected: Int
    public var covered: Int
    public var pending: Int
    /// Slots without a check, and of them by reason.
    public var missed: Int
    public var missedReasons: [String: Int]

    enum CodingKeys: String, CodingKey {
        case checks, ready, inconclusive, expected, covered, pending, missed
        case atRisk = "at_risk"
        case notReady = "not_ready"
        case missedReasons = "missed_reasons"
    }
}

public struct AssessmentCoverageDocument: Codable, Hashable, Sendable {
    public struct Hour: Codable, Hashable, Sendable {
        /// 0...23, in the assessment's time zone.
        public var hour: Int
        /// Slots asked for.
        public var expected: Int
        /// Slots with a conclusive check.
        public var covered: Int
    }

    public struct Port: Codable, Hashable, Sendable {
        public var endpoint: String
        public var port: UInt16
        /// Checks that asked for it.
        public var checks: Int
        /// Checks that can say what becomes of it.
        public var answered: Int
        public var notReady: Int

        enum CodingKeys: String, CodingKey {
            case endpoint, port, checks, answered
            case notReady = "not_ready"
        }
    }

    /// Hours in which checks were asked for.
    public var hours: [Hour]
    /// Ports asked for.
    public var ports: [Port]
}

/// A check that is among the worst by one criterion.
public struct AssessmentWorstDocument: Codable, Hashable, Sendable {
    /// The result's.
    public var id: String
    public var startedAt: UTCTime
    public var criterion: AssessmentCriterionDocument

    enum CodingKeys: String, CodingKey {
        case id, criterion
        case startedAt = "started_at"
    }
}

public struct AssessmentUntestedDocument: Codable, Hashable, Sendable {
    public var kind: UntestedPart.Kind
    public var summary: String
}

/// The verdict so far, as it stands in every result of a window.
public struct RunningAssessmentDocument: Codable, Hashable, Sendable {
    /// The assessment's.
    public var id: String
    public var name: String
    public var from: UTCTime
    public var until: UTCTime
    public var verdict: Assessment.Verdict
    /// Whether the window was over.
    public var isFinal: Bool
    public var reasons: [AssessmentReasonDocument]
    public var counts: AssessmentCountsDocument

    enum CodingKeys: String, CodingKey {
        case id, name, from, until, verdict, reasons, counts
        case isFinal = "final"
    }
}
