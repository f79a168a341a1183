import Units

/// How the one-way delays were obtained.
public enum DelayMethod: String, Hashable, Sendable {
    /// The clocks' claims bound the offset more tightly than physics does.
    case synchronized
    /// No delay is negative: the offset lies between −min(reverse) and +min(forward). The midpoint is the estimate,
    /// half the minimum round trip the uncertainty.
    case roundTripBounded = "rtt_bounded"
    /// The far end gave no timestamps: half of each round trip, ± half of it.
    case halfRoundTrip = "half_round_trip"
}

/// A sample's delay statistics (RFC 7679 §5 for one direction, RFC 2681 for the round trip).
public struct DelayStatistics: Hashable, Sendable {
    /// How many singletons stand behind them.
    public var count: Int
    public var minimum: Nanoseconds
    public var median: Nanoseconds
    public var mean: Nanoseconds
    public var p95: Nanoseconds
    public var p99: Nanoseconds
    public var maximum: Nanoseconds
    /// Every one of the above is right to within ± this (clock offset, skew and timestamping together; sampling
    /// is not in it). Timestamping alone for the round trip. With ``DelayMethod/halfRoundTrip`` it is half of p95's
    /// round trip, and `p99` and `maximum` are right only to within ± themselves.
    public var uncertainty: Nanoseconds
    /// The 95 % order-statistic confidence interval of `p95` (one-sided at each end), sampling alone, as if singletons
    /// were independent. Under 59 singletons have no such upper bound: their maximum stands there.
    public var p95Sampling: ClosedRange<Nanoseconds>

    public init(
        count: Int,
        minimum: Nanoseconds,
        median: Nanoseconds,
        mean: Nanoseconds,
        p95: Nanoseconds,
        p99: Nanoseconds,
        maximum: Nanoseconds,
        uncertainty: Nanoseconds,
        p95Sampling: ClosedRange<Nanoseconds>
    ) {
        self.count = count
        self.minimum = minimum
        self.median = median
        self.mean = mean
        self.p95 = p95
        self.p99 = p99
        self.maximum = maximum
        self.uncertainty = uncertainty
        self.p95Sampling = p95Sampling
    }
}

/// Interarrival jitter J (RFC 3550 §6.4.1, in floating point), packets in order of arrival, duplicates removed.
public struct JitterStatistics: Hashable, Sendable {
    public var last: Nanoseconds
    /// Mean of J over all packets but the first.
    public var mean: Nanoseconds
    public var maximum: Nanoseconds
    /// The greatest mean of J within any 15 s; nil when the run is shorter.
    public var worst15s: Nanoseconds?
    /// Timestamping noise: the statistics above are right to within ± this.
    public var uncertainty: Nanoseconds

    public init(
        last: Nanoseconds,
        mean: Nanoseconds,
        maximum: Nanoseconds,
        worst15s: Nanoseconds?,
        uncertainty: Nanoseconds
    ) {
        self.last = last
        self.mean = mean
        self.maximum = maximum
        self.worst15s = worst15s
        self.uncertainty = uncertainty
    }
}

/// IP packet delay variation between consecutive packets in the order of sending (RFC 3393): percentiles of its
/// magnitude.
public struct DelayVariationStatistics: Hashable, Sendable {
    public var p50: Nanoseconds
    public var p95: Nanoseconds
    public var p99: Nanoseconds
    public var maximum: Nanoseconds

    public init(p50: Nanoseconds, p95: Nanoseconds, p99: Nanoseconds, maximum: Nanoseconds) {
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
        self.maximum = maximum
    }
}

/// Loss of a sample (RFC 7680 for one direction, RFC 6673 for the round trip).
public struct LossStatistics: Hashable, Sendable {
    /// Distinct packets that entered this direction: replies to duplicates of a request are not counted again. A reply
    /// that is late counts as lost in reverse.
    public var offered: Int
    public var lost: Int
    /// Packets lost in one direction or the other, nobody can say which: not in `lost`, but `high` allows for them.
    public var unattributed: Int
    /// lost / offered; 0 when nothing was offered.
    public var ratio: Double
    /// Clopper-Pearson bounds, 95 % one-sided at each end, the sample size divided by the burst ratio where that is
    /// above 1, with `unattributed` counted as lost in `high`.
    public var low: Double
    public var high: Double
    /// The greatest loss ratio within any 15 s; nil when the run is shorter.
    public var worst15s: Double?
    /// The greatest loss ratio within any 200 ms; nil when the run is shorter.
    public var worst200ms: Double?
    /// Loss periods (RFC 3357 §4.3): runs of consecutive lost packets.
    public var lossPeriods: Int
    public var longestLossPeriod: Int
    /// BurstR (G.107 §7.2): mean observed run of losses over the mean expected of random loss; 1 without losses.
    public var burstRatio: Double

    public init(
        offered: Int,
        lost: Int,
        unattributed: Int,
        ratio: Double,
        low: Double,
        high: Double,
        worst15s: Double?,
        worst200ms: Double?,
        lossPeriods: Int,
        longestLossPeriod: Int,
        burstRatio: Double
    ) {
        self.offered = offered
        self.lost = lost
        self.unattributed = unattributed
        self.ratio = ratio
        self.low = low
        self.high = high
        self.worst15s = worst15s
        self.worst200ms = worst200ms
        self.lossPeriods = lossPeriods
        self.longestLossPeriod = longestLossPeriod
        self.burstRatio = burstRatio
    }
}

/// What one direction of one stream did: forward is site to far end, reverse is back.
public struct DirectionStatistics: Hashable, Sendable {
    public var delay: DelayStatistics?
    public var jitter: JitterStatistics?
    public var delayVariation: DelayVariationStatistics?
    /// Nil where direction cannot be told (stateless reflector).
    public var loss: LossStatistics?
    /// Reordered packets (RFC 4737 §3.3); nil where direction cannot be told.
    public var reordered: Int?
    /// Extra copies (RFC 5560); nil where direction cannot be told.
    public var duplicates: Int?

    public init(
        delay: DelayStatistics?,
        jitter: JitterStatistics?,
        delayVariation: DelayVariationStatistics?,
        loss: LossStatistics?,
        reordered: Int?,
        duplicates: Int?
    ) {
        self.delay = delay
        self.jitter = jitter
        self.delayVariation = delayVariation
        self.loss = loss
        self.reordered = reordered
        self.duplicates = duplicates
    }
}

/// Counts over the measured packets of one stream.
public struct PacketCounts: Hashable, Sendable {
    public var sent: Int
    /// Distinct packets that reached the far end; nil where nobody can say.
    public var forwardReceived: Int?
    /// Distinct packets answered in time.
    public var received: Int
    /// Extra copies, of either direction.
    public var duplicates: Int
    /// Reordered packets, of either direction.
    public var reordered: Int
    /// Answers that came after the reply timeout; they count as lost.
    public var late: Int

    public init(sent: Int, forwardReceived: Int?, received: Int, duplicates: Int, reordered: Int, late: Int) {
        self.sent = sent
        self.forwardReceived = forwardReceived
        self.received = received
        self.duplicates = duplicates
        self.reordered = reordered
        self.late = late
    }
}

/// Everything one stream's observation comes to.
public struct StreamStatistics: Hashable, Sendable {
    public var packets: PacketCounts
    /// Nil when nothing was answered.
    public var method: DelayMethod?
    public var forward: DirectionStatistics
    public var reverse: DirectionStatistics
    public var roundTrip: DirectionStatistics
    /// G.107 R-factor of the worse direction; nil when nothing was answered.
    public var rFactor: Double?
    /// MOS-CQE (ITU-T P.800.1) of `rFactor`.
    public var mos: Double?

    public init(
        packets: PacketCounts,
        method: DelayMethod?,
        forward: DirectionStatistics,
        reverse: DirectionStatistics,
        roundTrip: DirectionStatistics,
        rFactor: Double?,
        mos: Double?
    ) {
        self.packets = packets
        self.method = method
        self.forward = forward
        self.reverse = reverse
        self.roundTrip = roundTrip
        self.rFactor = rFactor
        self.mos = mos
    }
}
