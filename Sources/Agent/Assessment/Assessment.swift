import Foundation
import Readiness
import Results
import Units

/// One assessment as it runs: its plan, and the checks that count so far.
///
/// A pure value: what it says follows from the plan, the set of checks and the moment asked about.
public struct Assessment: Sendable {
    public struct Identity: Hashable, Sendable {
        public var site: String
        public var agent: String
        /// Linecheck's.
        public var version: String

        public init(site: String, agent: String, version: String) {
            self.site = site
            self.agent = agent
            self.version = version
        }
    }

    public let plan: AssessmentPlan
    public private(set) var checks: AssessmentChecks
    private let identity: Identity
    private let hours: AssessmentHours
    private let schedules: [Schedule]
    /// What each schedule measures against, by its name.
    private let endpoints: [String: [Endpoint]]
    private let longestCheck: Nanoseconds

    /// - Parameters:
    ///   - phase: what tells this agent from the others of its fleet, as for ``SchedulePlanner``.
    ///   - checks: what was kept when the agent ran before.
    public init(
        _ plan: AssessmentPlan,
        of configuration: Configuration,
        identity: Identity,
        phase: String,
        checks: AssessmentChecks = .init()
    ) {
        self.plan = plan
        self.checks = checks
        self.identity = identity
        schedules = configuration.schedules.filter { plan.takes($0.name) }
        hours = AssessmentHours(plan, schedules: configuration.schedules, agent: phase)
        endpoints = Dictionary(
            schedules.map { ($0.name, configuration.endpoints(of: $0)) },
            uniquingKeysWith: { first, _ in first }
        )
        longestCheck = schedules.map(configuration.checkLength).max() ?? .zero
    }

    /// Whether the check of a slot counts: its schedule is one of the plan's, and the slot lies in the hours asked
    /// for.
    public func counts(_ schedule: String, slot: WallInstant) -> Bool {
        plan.takes(schedule) && slot >= plan.from && slot < plan.until && hours.index(of: slot) != nil
    }

    /// - Returns: whether the check counts and did not before.
    @discardableResult
    public mutating func add(_ check: CheckSummary) -> Bool {
        counts(check.schedule, slot: check.slotAt.instant) && checks.add(check)
    }

    /// Checks of slots after `moment` count no more.
    ///
    /// - Returns: whether there were any.
    mutating func forget(after moment: WallInstant) -> Bool {
        let before = checks
        checks.forget(after: moment)
        return checks != before
    }

    /// When every check that counts must have ended: the last may begin late, by its schedule's grace.
    public var concludesAt: WallInstant {
        plan.until + (schedules.map(SchedulePlanner.grace).max() ?? .zero) + longestCheck
    }

    /// - Parameter now: only what lies before counts, whether as done or as missing. From the plan's end on the
    ///   document is final.
    public func document(at now: WallInstant) -> AssessmentDocument {
        let figures = AssessmentFigures(
            hours: hours,
            endpoints: endpoints,
            checks: checks.inOrder.filter { counts($0.schedule, slot: $0.slotAt.instant) },
            now: now >= plan.until ? plan.until : now
        )
        let outcomes = plan.rules.outcomes(figures.tally)
        let days = LocalDays(timeZone: plan.timeZone)
        let description = AssessmentDescription(
            id: id,
            site: identity.site,
            agent: identity.agent,
            version: identity.version,
            name: plan.name,
            from: plan.from,
            until: plan.until,
            countedUntil: now,
            timezone: plan.timeZone.name,
            schedules: schedules.map(\.name),
            rules: rulesDocument,
            missedHours: figures.missedHours,
            localText: days.text
        )
        return AssessmentDocument(
            description,
            outcomes: outcomes,
            tally: figures.tally,
            checks: figures.checks,
            untested: figures.untested(plan)
        )
    }

    private var rulesDocument: AssessmentRulesDocument {
        AssessmentRulesDocument(
            plan.rules,
            between: plan.hours?.description,
            days: plan.days.map { $0.sorted().map(\.abbreviation) }
        )
    }

    /// The same however often the document is made, so that a collector takes it once.
    private var id: ResultID {
        let until = String(plan.until.nanosecondsSinceUnixEpoch)
        let name = [identity.site, plan.name, String(plan.from.nanosecondsSinceUnixEpoch), until]
        var generator = RepeatingGenerator(
            state: SchedulePhase(agent: identity.agent, schedule: name.joined(separator: "\u{0}")).fraction
        )
        return ResultID(at: plan.until, using: &generator)
    }
}

/// SplitMix64 from a state: not random at all, as is wanted of a name.
private struct RepeatingGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
