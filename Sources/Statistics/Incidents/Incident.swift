import Units

/// What a 15 s window is held against.
public struct WindowBound: Hashable, Sendable {
    public enum Metric: String, Hashable, Sendable, CaseIterable {
        /// Milliseconds: the mean of J (RFC 3550) within the window.
        case jitter
        /// A share, 0...1, of the packets of the window. One lost packet alone is no incident.
        case loss
        /// Milliseconds of one direction.
        case latencyOneWay = "latency_one_way"
        /// Milliseconds.
        case roundTrip = "round_trip"
    }

    public var metric: Metric
    /// Which percentile of delay counts, 1...100; nil for the mean. Without meaning for jitter and loss.
    public var percentile: Int?
    /// At or above it the bound is broken; in the metric's unit.
    public var target: Double
    public var limit: Double

    public init(_ metric: Metric, percentile: Int? = nil, target: Double, limit: Double) {
        self.metric = metric
        self.percentile = percentile
        self.target = target
        self.limit = limit
    }
}

/// A window of 15 s in which a bound was broken.
public struct BrokenBound: Hashable, Sendable {
    public enum Direction: String, Hashable, Sendable {
        case forward, reverse
    }

    public var bound: WindowBound
    /// Nil for what is the round trip's.
    public var direction: Direction?
    /// The window: from when its first packet was sent until an interval after its last.
    public var from: WallInstant
    public var until: WallInstant
    /// The best estimate, in the metric's unit.
    public var value: Double
    /// Every value that clocks, timestamps and unknown directions allow. A window is a count and not a sample: there
    /// is no sampling in it.
    public var interval: ClosedRange<Double>

    public init(
        bound: WindowBound,
        direction: Direction?,
        from: WallInstant,
        until: WallInstant,
        value: Double,
        interval: ClosedRange<Double>
    ) {
        self.bound = bound
        self.direction = direction
        self.from = from
        self.until = until
        self.value = value
        self.interval = interval
    }

    /// The hard limit was broken, not only the target.
    public var isOverLimit: Bool { value >= bound.limit }
    /// What it broke: the limit, else the target.
    public var brokenValue: Double { isOverLimit ? bound.limit : bound.target }
    /// The bound is broken wherever in the interval the truth lies.
    public var isProven: Bool { interval.lowerBound >= brokenValue }

    /// Limits before targets, what is proven before what is not, and then how far it is over its limit.
    public static func isWorse(_ left: BrokenBound, _ right: BrokenBound) -> Bool {
        if left.isOverLimit != right.isOverLimit { return left.isOverLimit }
        if left.isProven != right.isProven { return left.isProven }
        return left.excess > right.excess
    }

    private var excess: Double { bound.limit > 0 ? value / bound.limit : value }
}

/// A stretch of one stream in which windows broke bounds, with its packets.
public struct Incident: Hashable, Sendable {
    /// Which port of the endpoint, and which of its streams; from 0.
    public var port: Int
    public var stream: Int
    /// Worst first, at most ``IncidentLimits/windows`` of them. Never empty.
    public var broken: [BrokenBound]
    /// From the first window that broke a bound to the last one.
    public var from: WallInstant
    public var until: WallInstant
    /// What the packets cover: the stretch and ``IncidentLimits/margin`` on either side of it, as far as packets were
    /// kept; cut down around the worst window where that is too long.
    public var keptFrom: WallInstant
    public var keptUntil: WallInstant
    /// Consecutive, in the order of sending.
    public var packets: [KeptPacket]
    /// Between packets, as asked for.
    public var interval: Nanoseconds
    /// Nil where the far end told no times.
    public var clock: ClockRelation?
    /// One-way delays are right to within ± this; nil without a clock relation.
    public var oneWayUncertainty: Nanoseconds?

    public init(
        port: Int,
        stream: Int,
        broken: [BrokenBound],
        from: WallInstant,
        until: WallInstant,
        keptFrom: WallInstant,
        keptUntil: WallInstant,
        packets: [KeptPacket],
        interval: Nanoseconds,
        clock: ClockRelation?,
        oneWayUncertainty: Nanoseconds?
    ) {
        self.port = port
        self.stream = stream
        self.broken = broken
        self.from = from
        self.until = until
        self.keptFrom = keptFrom
        self.keptUntil = keptUntil
        self.packets = packets
        self.interval = interval
        self.clock = clock
        self.oneWayUncertainty = oneWayUncertainty
    }

    /// The window that is shown where only one is.
    public var worst: BrokenBound { broken[0] }
}

/// How much of what went wrong is kept.
public struct IncidentLimits: Hashable, Sendable {
    /// Kept before and after what went wrong.
    public var margin = Nanoseconds.seconds(30)
    /// The longest stretch of packets of one incident.
    public var longest = Nanoseconds.seconds(120)
    /// The most packets of one incident.
    public var packets = 12_000
    /// The most windows that one incident names.
    public var windows = 8

    public init() {}
}
