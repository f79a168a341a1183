import Units

/// What the checks of a window must come to together, for calls to go live.
public struct AssessmentRules: Hashable, Sendable {
    /// The share of conclusive checks that must be ready, 0...1.
    public var shareMeetingTarget: Double
    /// So many checks may be over a hard limit, which is what `not_ready` means.
    public var overLimitAtMost: Int
    /// The share that must be answered for, 0...1: of the slots by a conclusive check, and of each port's checks by
    /// one that can say what becomes of that port.
    public var coverage: Double

    public init(shareMeetingTarget: Double = 0.95, overLimitAtMost: Int = 0, coverage: Double = 0.9) {
        self.shareMeetingTarget = shareMeetingTarget
        self.overLimitAtMost = overLimitAtMost
        self.coverage = coverage
    }

    /// Why nothing can be assessed by these rules, naming the value and its bound; nil when it can.
    public var refusal: TextRefusal? {
        for (name, share) in [("share meeting target", shareMeetingTarget), ("coverage", coverage)] {
            guard share.isFinite, share > 0, share <= 1 else {
                return TextRefusal("the \(name) \(share) must be above 0 and not above 1, which is 100 %")
            }
        }
        guard overLimitAtMost >= 0 else {
            return TextRefusal("the number of checks over the limit \(overLimitAtMost) must not be below 0")
        }
        return nil
    }

    /// The fewest of so many that are at least a share of them.
    static func fewest(_ share: Double, of count: Int) -> Int {
        guard count > 0 else { return 0 }
        // A quotient of two counts is the number nearest to the true one, as is a share written in decimal. So 19 of
        // 20 are 0.95, which a product would not always say.
        var fewest = min(count, max(0, Int((share * Double(count)).rounded(.down)) - 1))
        while fewest < count, Double(fewest) / Double(count) < share { fewest += 1 }
        return fewest
    }
}
