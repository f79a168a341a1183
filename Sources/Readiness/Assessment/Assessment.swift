import Units

/// May calls go live? What the checks of a window come to together.
public struct Assessment: Hashable, Sendable {
    public enum Verdict: String, Hashable, Sendable, CaseIterable {
        case go
        case noGo = "no_go"
        /// Too little is known, or the window is not over.
        case insufficient
    }

    public var verdict: Verdict
    /// Whether the window has ended; until then the verdict is the one so far.
    public var isOver: Bool
    public var window: AssessmentWindow
    public var rules: AssessmentRules
    /// How each rule stands.
    public var outcomes: [RuleOutcome]
    public var tally: AssessmentTally
    public var worst: [WorstCheck]
    public var untested: [UntestedPart]
    /// Results' identifiers, by when the checks began; nil when there were none.
    public var firstResult: String?
    public var lastResult: String?

    /// Judges checks in any order; those outside the window are passed over.
    ///
    /// GO takes that the window is over and every rule met. NO-GO comes as soon as a rule can no longer be met: too
    /// many checks over a limit, or too few ready even if all still to come were. Everything else is insufficient,
    /// short coverage too: what was not measured speaks neither for a site nor against it. An inconclusive check
    /// counts neither as meeting the target nor against it, and does not cover its slot.
    ///
    /// - Parameters:
    ///   - checks: Each once.
    ///   - missed: Why slots had no check.
    ///   - now: By this host's clock. A slot without check or reason counts as still to come until the window is over.
    public init(
        of window: AssessmentWindow,
        rules: AssessmentRules,
        checks: some Sequence<AssessedCheck>,
        missed: [AssessmentSlot.ID: String],
        now: WallInstant
    ) {
        let checks = checks.filter { window.contains($0.belongsAt) }.sorted { left, right in
            left.startedAt == right.startedAt ? left.id < right.id : left.startedAt < right.startedAt
        }
        let isOver = now >= window.until
        let tally = AssessmentTally(window, checks: checks, missed: missed, isOver: isOver)
        let outcomes = RuleJudge(rules: rules, tally: tally, isOver: isOver).outcomes
        verdict = Self.verdict(outcomes, isOver: isOver)
        self.isOver = isOver
        self.window = window
        self.rules = rules
        self.outcomes = outcomes
        self.tally = tally
        worst = WorstCheck.ranked(checks)
        untested = UntestedPart.parts(tally, checks: checks, isOver: isOver)
        firstResult = checks.first?.id
        lastResult = checks.last?.id
    }

    private static func verdict(_ outcomes: [RuleOutcome], isOver: Bool) -> Verdict {
        if outcomes.contains(where: { $0.state == .broken }) { return .noGo }
        return isOver && outcomes.allSatisfy { $0.state == .met } ? .go : .insufficient
    }
}

extension Assessment.Verdict {
    /// What a command that reached this verdict exits with, as ``Grade/exitStatus``.
    public var exitStatus: Int32 {
        switch self {
        case .go: 0
        case .noGo: 2
        case .insufficient: 3
        }
    }
}
