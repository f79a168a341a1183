import Units

/// What one direction of the path does to packets, each fault by its own name. Times count from the start of true
/// time; shares are of packets.
public struct LinkFaults: Hashable, Sendable {
    /// What queues add to the base delay, milliseconds.
    public enum Queueing: Hashable, Sendable {
        case none
        case uniform(upTo: Double)
        case exponential(mean: Double)
        /// Heavy-tailed.
        case logNormal(median: Double, sigma: Double)
        /// Now and then a packet waits as long as a slow neighbour's burst.
        case spikes(share: Double, upTo: Double)
    }

    /// Two states that packets find the link in (Gilbert and Elliott).
    public struct Loss: Hashable, Sendable {
        public var enterBad: Double
        public var leaveBad: Double
        public var lossInGood: Double
        public var lossInBad: Double

        /// The ratio in the long run.
        public var ratio: Double {
            guard enterBad > 0 else { return lossInGood }
            let bad = enterBad / (enterBad + leaveBad)
            return bad * lossInBad + (1 - bad) * lossInGood
        }
    }

    /// A share of packets that are overtaken, or doubled, by a further delay.
    public struct Detour: Hashable, Sendable {
        public var share: Double
        public var by: Nanoseconds
    }

    public struct RouteChange: Hashable, Sendable {
        public var at: Nanoseconds
        public var baseDelay: Nanoseconds
    }

    /// A stretch in which the queues are longer.
    public struct LoadJump: Hashable, Sendable {
        public var from: Nanoseconds
        public var to: Nanoseconds
        public var meanMilliseconds: Double
    }

    /// A link that sends one packet after the other and drops what finds its queue full.
    public struct Bottleneck: Hashable, Sendable {
        public var bitsPerSecond: Double
        public var longestQueue: Nanoseconds
        /// Other traffic in front of each packet, on average.
        public var crossTraffic: Nanoseconds
    }

    public struct Outage: Hashable, Sendable {
        public var from: Nanoseconds
        public var to: Nanoseconds
    }

    public var baseDelay: Nanoseconds
    public var queueing = Queueing.none
    public var loss: Loss?
    public var reordering: Detour?
    public var duplication: Detour?
    public var routeChange: RouteChange?
    public var loadJump: LoadJump?
    public var bottleneck: Bottleneck?
    public var outage: Outage?

    public init(baseDelay: Nanoseconds) { self.baseDelay = baseDelay }
}
