import Units

/// A host's wall clock against true time: what it shows is true time and its offset.
public struct SimulatedClock: Hashable, Sendable {
    public struct Step: Hashable, Sendable {
        public var at: Nanoseconds
        /// Positive when the clock goes forward.
        public var by: Nanoseconds
    }

    /// A stretch in which the clock runs at another rate.
    public struct Slew: Hashable, Sendable {
        public var from: Nanoseconds
        public var to: Nanoseconds
        public var partsPerMillion: Double

        /// By how much the clock has moved in the end.
        public var total: Nanoseconds { Nanoseconds(rounding: Double((to - from).count) * partsPerMillion * 1e-6) }
    }

    /// At the start; positive when the clock is ahead.
    public var offset: Nanoseconds = .zero
    public var skewPPM = 0.0
    public var slew: Slew?
    public var steps: [Step] = []

    public init() {}

    /// True time 0 as UTC.
    public static let epoch = WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_000_000_000)

    /// How far the clock is ahead at the true time `now`.
    public func offset(at now: Nanoseconds) -> Nanoseconds {
        var drift = skewPPM * 1e-6 * Double(now.count)
        if let slew {
            drift += slew.partsPerMillion * 1e-6 * Double((min(max(now, slew.from), slew.to) - slew.from).count)
        }
        let stepped = steps.reduce(offset) { now >= $1.at ? $0 + $1.by : $0 }
        return stepped + Nanoseconds(rounding: drift)
    }

    public func reading(at now: Nanoseconds) -> WallInstant { Self.epoch + now + offset(at: now) }
}
