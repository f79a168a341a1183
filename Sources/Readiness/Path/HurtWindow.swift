import Statistics
import Units

/// A stretch of the check in which an endpoint lost more packets than the profile allows for.
public struct HurtWindow: Hashable, Sendable {
    public var endpoint: String
    public var start: WallInstant
    public var end: WallInstant
    /// Of the packets sent within it, those that were not answered; 0...1.
    public var lossRatio: Double

    public init(endpoint: String, start: WallInstant, end: WallInstant, lossRatio: Double) {
        self.endpoint = endpoint
        self.start = start
        self.end = end
        self.lossRatio = lossRatio
    }

    public func contains(_ instant: WallInstant) -> Bool { start <= instant && instant < end }
}

extension CheckEvidence {
    /// The 15 s windows that lost as much as the profile's target for loss, or more.
    func hurtWindows(_ profile: Profile) -> [HurtWindow] {
        let rules = profile.rules.filter { $0.metric == .loss }
        let target = (rules.first { $0.statistic == .worst15s } ?? rules.first)?.target ?? Self.customaryLoss
        return endpoints.flatMap { endpoint in
            endpoint.statistics.lossWindows.filter { $0.ratio >= target }.map {
                HurtWindow(endpoint: endpoint.name, start: $0.start, end: $0.end, lossRatio: $0.ratio)
            }
        }
    }

    /// For a profile that does not judge loss.
    private static let customaryLoss = 0.001
}
