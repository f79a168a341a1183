import Units

/// How one rule of an assessment stands.
public struct RuleOutcome: Hashable, Sendable {
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case overLimit = "over_limit"
        case shareMeetingTarget = "share_meeting_target"
        case coverage
        case ports
    }

    public enum State: String, Hashable, Sendable, CaseIterable {
        case met
        /// It may yet be met or broken.
        case open
        /// The checks are too few to say, or can be no more than that.
        case short
        /// It can no longer be met.
        case broken
    }

    public var rule: Rule
    public var state: State
    /// A sentence with the numbers.
    public var summary: String
}

/// Holds a tally against the rules.
struct RuleJudge {
    var rules: AssessmentRules
    var tally: AssessmentTally
    var isOver: Bool

    /// In the order in which a reader wants them.
    var outcomes: [RuleOutcome] { [overLimit, share, coverage, ports] }

    private func outcome(_ rule: RuleOutcome.Rule, _ state: RuleOutcome.State, _ summary: String) -> RuleOutcome {
        RuleOutcome(rule: rule, state: state, summary: summary)
    }

    private var overLimit: RuleOutcome {
        let over = tally.count(.notReady)
        let isBroken = over > rules.overLimitAtMost
        return outcome(
            .overLimit,
            isBroken ? .broken : isOver ? .met : .open,
            "\(Self.checks(over)) over a hard limit; at most \(NumberText.count(rules.overLimitAtMost)) may be."
        )
    }

    private var share: RuleOutcome {
        let (ready, conclusive) = (tally.count(.ready), tally.conclusive)
        let percent = NumberText.percent(rules.shareMeetingTarget)
        guard conclusive + tally.pending > 0 else {
            return outcome(
                .shareMeetingTarget,
                isOver ? .short : .open,
                "No check was conclusive; \(percent) of them must meet the target."
            )
        }
        // If every check still to come were ready.
        let best = conclusive + tally.pending
        let needed = AssessmentRules.fewest(rules.shareMeetingTarget, of: best)
        let isBroken = ready + tally.pending < needed
        let met = "\(NumberText.count(ready)) of \(NumberText.count(conclusive)) conclusive checks met the target"
        let toCome = tally.pending > 0 ? " and \(NumberText.count(tally.pending)) may yet" : ""
        return outcome(
            .shareMeetingTarget,
            isBroken ? .broken : isOver ? .met : .open,
            "\(met)\(toCome); \(percent) must, which is \(NumberText.count(needed)) of \(NumberText.count(best))."
        )
    }

    private var coverage: RuleOutcome {
        guard tally.expected > 0 else {
            return outcome(.coverage, .short, "No check was asked for in this window, so nothing can be covered.")
        }
        let needed = AssessmentRules.fewest(rules.coverage, of: tally.expected)
        let lacking = needed - tally.covered
        let counts = "\(NumberText.count(tally.covered)) of \(NumberText.count(tally.expected))"
        let summary =
            "\(counts) slots asked for have a conclusive check; \(NumberText.count(needed)) "
            + "(\(NumberText.percent(rules.coverage))) must"
            + (lacking > 0 ? ", so \(NumberText.count(lacking)) \(lacking == 1 ? "is" : "are") missing." : ".")
        let canBeMet = lacking <= tally.pending
        return outcome(.coverage, lacking <= 0 && isOver ? .met : canBeMet && !isOver ? .open : .short, summary)
    }

    private var ports: RuleOutcome {
        guard !tally.ports.isEmpty else {
            return outcome(.ports, .short, "No port was asked for, so none is answered for.")
        }
        let unanswered = tally.ports.filter { !$0.isAnswered(for: rules.coverage) }
        let share = NumberText.percent(rules.coverage)
        guard !unanswered.isEmpty else {
            let count = tally.ports.count
            let all = count == 1 ? "The port asked for is" : "All \(NumberText.count(count)) ports asked for are"
            return outcome(.ports, isOver ? .met : .open, "\(all) answered for in at least \(share) of their checks.")
        }
        let list = unanswered.map { coverage in
            "\(coverage.port.port) of \(coverage.port.endpoint) "
                + "(\(NumberText.count(coverage.answered)) of \(Self.checks(coverage.checks)))"
        }
        return outcome(
            .ports,
            isOver ? .short : .open,
            "Not answered for in at least \(share) of their checks: port \(list.joined(separator: ", ")), of "
                + "\(NumberText.count(tally.ports.count)) ports asked for."
        )
    }

    private static func checks(_ count: Int) -> String { "\(NumberText.count(count)) check\(count == 1 ? "" : "s")" }
}
