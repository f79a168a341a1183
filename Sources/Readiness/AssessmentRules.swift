/// What an assessment asks of its checks, all of it at once.
public struct AssessmentRules: Hashable, Sendable, Codable {
    /// The least share of the checks that must meet every target: 0 to 1. A check that could not be settled counts as
    /// one that did not.
    public var shareMeetingTarget: Double
    /// How many checks may be over a hard limit.
    public var overLimitAtMost: Int
    /// The least share of the hours asked for in which every port must have been checked, with a result: 0 to 1.
    public var coverage: Double

    public init(shareMeetingTarget: Double = 0.95, overLimitAtMost: Int = 0, coverage: Double = 0.9) {
        self.shareMeetingTarget = shareMeetingTarget
        self.overLimitAtMost = overLimitAtMost
        self.coverage = coverage
    }

    public static let overLimits = 0...10_000
}
