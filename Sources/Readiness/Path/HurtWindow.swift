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
