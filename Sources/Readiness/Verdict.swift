import Units

/// A grade, for one criterion or for a site. Ordered from best to worst, as a site's grade is its worst criterion.
public enum Grade: String, Hashable, Sendable, CaseIterable {
    case ready
    case inconclusive
    case atRisk = "at_risk"
    case notReady = "not_ready"
}

extension Grade: Comparable {
    /// 0 for the best, 3 for the worst.
    private var rank: Int {
        switch self {
        case .ready: 0
        case .inconclusive: 1
        case .atRisk: 2
        case .notReady: 3
        }
    }

    /// The better grade is the lesser.
    public static func < (left: Grade, right: Grade) -> Bool { left.rank < right.rank }

    /// What a command that reached this grade exits with, by the monitoring-plugin convention: OK, WARNING,
    /// CRITICAL, UNKNOWN.
    public var exitStatus: Int32 {
        switch self {
        case .ready: 0
        case .atRisk: 1
        case .notReady: 2
        case .inconclusive: 3
        }
    }
}

/// What a check comes to: can calls go live here, and if not, what must change?
public struct Verdict: Hashable, Sendable {
    /// The worst of the criteria, and of what is wrong with the way that media takes out of the host, which no number
    /// tells; inconclusive when there are no criteria.
    public var grade: Grade
    /// The name of the profile that was graded against.
    public var profile: String
    /// In the order of the endpoints, within each in the order of the profile.
    public var criteria: [Criterion]
    /// Worst first.
    public var findings: [Finding]

    public init(profile: String, criteria: [Criterion], findings: [Finding]) {
        self.grade = criteria.map(\.grade).max() ?? .inconclusive
        self.profile = profile
        self.criteria = criteria
        self.findings = findings
    }
}
