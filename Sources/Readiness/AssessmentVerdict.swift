/// What an assessment comes to.
public enum AssessmentVerdict: String, Hashable, Sendable, CaseIterable, Codable {
    /// Every rule is met: calls can go live.
    case go
    /// A rule is broken, whatever was not measured.
    case noGo = "no_go"
    /// No rule is broken, but not enough was measured to say that all are met.
    case insufficient

    /// What a command that reached this verdict exits with, as for grades: OK, CRITICAL, UNKNOWN.
    public var exitStatus: Int32 {
        switch self {
        case .go: 0
        case .noGo: 2
        case .insufficient: 3
        }
    }
}

/// What an assessment's checks were, counted.
public struct AssessmentTally: Hashable, Sendable {
    /// In how many of the hours asked for a port had a check that came to something.
    public struct PortCoverage: Hashable, Sendable {
        public var endpoint: String
        public var port: UInt16
        public var hoursAsked: Int
        public var hoursCovered: Int

        public init(endpoint: String, port: UInt16, hoursAsked: Int, hoursCovered: Int) {
            self.endpoint = endpoint
            self.port = port
            self.hoursAsked = hoursAsked
            self.hoursCovered = hoursCovered
        }

        /// 0...1; nothing asked is nothing covered.
        public var ratio: Double { hoursAsked > 0 ? Double(hoursCovered) / Double(hoursAsked) : 0 }
    }

    public var ready: Int
    public var atRisk: Int
    public var notReady: Int
    public var inconclusive: Int
    /// The checks that were asked for in the same time.
    public var planned: Int
    public var ports: [PortCoverage]

    public init(grades: [Grade], planned: Int, ports: [PortCoverage]) {
        func count(_ grade: Grade) -> Int { grades.count { $0 == grade } }
        ready = count(.ready)
        atRisk = count(.atRisk)
        notReady = count(.notReady)
        inconclusive = count(.inconclusive)
        self.planned = planned
        self.ports = ports
    }

    public var made: Int { ready + atRisk + notReady + inconclusive }
    public var missing: Int { max(0, planned - made) }

    /// Where the share of checks that meet every target lies: at the low end the checks that could not be settled did
    /// not meet them; at the high end they did, and so did all that were asked for and not made. Nil without a check.
    public var shareMeetingTarget: ClosedRange<Double>? {
        guard made > 0 else { return nil }
        let low = Double(ready) / Double(made)
        let high = Double(ready + inconclusive + missing) / Double(made + missing)
        return low...max(low, high)
    }

    /// That of the port covered least; 0 where there is none.
    public var coverage: Double { ports.map(\.ratio).min() ?? 0 }
}

/// One rule of an assessment, held against what was measured.
public struct RuleOutcome: Hashable, Sendable {
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case shareMeetingTarget = "share_meeting_target"
        case overLimitAtMost = "over_limit_at_most"
        case coverage
    }

    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        case met, broken, open
    }

    public var rule: Rule
    public var outcome: Outcome
    /// One sentence, with the numbers.
    public var summary: String
}

extension AssessmentVerdict {
    /// NO-GO where a rule is broken, else INSUFFICIENT where one is open, else GO.
    public init(_ outcomes: [RuleOutcome]) {
        if outcomes.contains(where: { $0.outcome == .broken }) {
            self = .noGo
        } else if outcomes.isEmpty || outcomes.contains(where: { $0.outcome == .open }) {
            self = .insufficient
        } else {
            self = .go
        }
    }
}

extension AssessmentRules {
    /// Shares are ratios of counts against numbers that people wrote in per cent: so near is equal.
    private static let tolerance = 1e-9

    public func outcomes(_ tally: AssessmentTally) -> [RuleOutcome] {
        [share(tally), overLimit(tally), coverage(tally)]
    }

    private func share(_ tally: AssessmentTally) -> RuleOutcome {
        let asked = "at least \(NumberText.percent(shareMeetingTarget)) were asked for"
        guard let share = tally.shareMeetingTarget else {
            return RuleOutcome(rule: .shareMeetingTarget, outcome: .open, summary: "No check was made; \(asked).")
        }
        let outcome: RuleOutcome.Outcome =
            share.lowerBound >= shareMeetingTarget - Self.tolerance
            ? .met : share.upperBound < shareMeetingTarget - Self.tolerance ? .broken : .open
        var summary = "\(NumberText.count(tally.ready)) of \(Self.checks(tally.made)) met every target: "
        summary += "\(NumberText.percent(share.lowerBound)); \(asked)."
        if outcome == .open {
            let open = tally.inconclusive + tally.missing
            summary += " With \(Self.checks(open)) inconclusive or not made, it may be up to "
            summary += "\(NumberText.percent(share.upperBound))."
        }
        return RuleOutcome(rule: .shareMeetingTarget, outcome: outcome, summary: summary)
    }

    private func overLimit(_ tally: AssessmentTally) -> RuleOutcome {
        let outcome: RuleOutcome.Outcome =
            tally.notReady > overLimitAtMost ? .broken : tally.made == 0 ? .open : .met
        let verb = tally.notReady == 1 ? "was" : "were"
        let bound = overLimitAtMost == 0 ? "none may be" : "at most \(NumberText.count(overLimitAtMost)) may be"
        return RuleOutcome(
            rule: .overLimitAtMost,
            outcome: outcome,
            summary: "\(Self.checks(tally.notReady)) \(verb) over a hard limit; \(bound)."
        )
    }

    private func coverage(_ tally: AssessmentTally) -> RuleOutcome {
        let asked = "at least \(NumberText.percent(coverage)) were asked for"
        guard let least = tally.ports.min(by: { ($0.ratio, $0.endpoint, $0.port) < ($1.ratio, $1.endpoint, $1.port) })
        else { return RuleOutcome(rule: .coverage, outcome: .open, summary: "No port was asked for; \(asked).") }
        let isMet = least.hoursAsked > 0 && least.ratio >= coverage - Self.tolerance
        let count = "\(NumberText.count(least.hoursCovered)) of \(NumberText.count(least.hoursAsked)) hours"
        let isAll = tally.ports.allSatisfy { $0.ratio == least.ratio }
        let place = isAll ? "every port" : "port \(least.port) of \(least.endpoint), the least covered"
        return RuleOutcome(
            rule: .coverage,
            outcome: isMet ? .met : .open,
            summary: "\(count) have a conclusive check of \(place): \(NumberText.percent(least.ratio)); \(asked)."
        )
    }

    private static func checks(_ count: Int) -> String { "\(NumberText.count(count)) check\(count == 1 ? "" : "s")" }
}
