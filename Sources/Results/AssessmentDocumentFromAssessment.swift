import Readiness
import Units

/// Whose assessment it is.
public struct AssessmentDescription: Hashable, Sendable {
    public var site: String
    /// The name of the host that measured.
    public var agent: String
    /// Linecheck's.
    public var version: String
    /// The zone of the slots' hours, as in the tz database.
    public var timeZone: String

    public init(site: String, agent: String, version: String, timeZone: String) {
        self.site = site
        self.agent = agent
        self.version = version
        self.timeZone = timeZone
    }
}

extension AssessmentDocument {
    /// - Parameter id: The state's.
    public init(_ assessment: Assessment, id: String, description: AssessmentDescription) {
        self.init(
            schema: "\(Self.schemaName)/\(Self.schemaMajor)",
            id: id,
            site: description.site,
            agent: description.agent,
            version: description.version,
            name: assessment.window.name,
            from: UTCTime(assessment.window.from),
            until: UTCTime(assessment.window.until),
            timeZone: description.timeZone,
            verdict: assessment.verdict,
            isFinal: assessment.isOver,
            reasons: assessment.outcomes.map(AssessmentReasonDocument.init),
            rules: AssessmentRulesDocument(assessment.rules),
            counts: AssessmentCountsDocument(assessment.tally),
            coverage: AssessmentCoverageDocument(assessment.tally),
            worst: assessment.worst.map(AssessmentWorstDocument.init),
            notTested: assessment.untested.map { AssessmentUntestedDocument(kind: $0.kind, summary: $0.summary) },
            firstResult: assessment.firstResult,
            lastResult: assessment.lastResult
        )
    }
}

extension RunningAssessmentDocument {
    /// - Parameter id: The state's.
    public init(_ assessment: Assessment, id: String) {
        self.init(
            id: id,
            name: assessment.window.name,
            from: UTCTime(assessment.window.from),
            until: UTCTime(assessment.window.until),
            verdict: assessment.verdict,
            isFinal: assessment.isOver,
            reasons: assessment.outcomes.map(AssessmentReasonDocument.init),
            counts: AssessmentCountsDocument(assessment.tally)
        )
    }
}

extension AssessmentReasonDocument {
    init(_ outcome: RuleOutcome) {
        self.init(rule: outcome.rule, state: outcome.state, summary: outcome.summary)
    }
}

extension AssessmentRulesDocument {
    init(_ rules: AssessmentRules) {
        self.init(
            shareMeetingTargetRatio: rules.shareMeetingTarget,
            overLimitAtMost: rules.overLimitAtMost,
            coverageRatio: rules.coverage
        )
    }
}

extension AssessmentCountsDocument {
    init(_ tally: AssessmentTally) {
        self.init(
            checks: tally.checks,
            ready: tally.count(.ready),
            atRisk: tally.count(.atRisk),
            notReady: tally.count(.notReady),
            inconclusive: tally.count(.inconclusive),
            expected: tally.expected,
            covered: tally.covered,
            pending: tally.pending,
            missed: tally.missedCount,
            missedReasons: tally.missed
        )
    }
}

extension AssessmentCoverageDocument {
    init(_ tally: AssessmentTally) {
        hours = tally.hours.map { Hour(hour: $0.hour, expected: $0.expected, covered: $0.covered) }
        ports = tally.ports.map { coverage in
            Port(
                endpoint: coverage.port.endpoint,
                port: coverage.port.port,
                checks: coverage.checks,
                answered: coverage.answered,
                notReady: coverage.notReady
            )
        }
    }
}

extension AssessmentWorstDocument {
    init(_ worst: WorstCheck) {
        self.init(
            id: worst.id,
            startedAt: UTCTime(worst.startedAt),
            criterion: AssessmentCriterionDocument(worst.criterion)
        )
    }
}
