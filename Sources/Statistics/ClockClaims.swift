import Units

/// What the two hosts claim about their clocks during one run.
public struct ClockClaims: Hashable, Sendable {
    /// The greatest error of this host's clock against UTC that its kernel or its operator vouches for; nil when
    /// the clock is not synchronised.
    public var localError: Nanoseconds?
    /// The same for the far end, from its Error Estimates; nil when it does not claim to be synchronised.
    public var farError: Nanoseconds?

    public init(localError: Nanoseconds?, farError: Nanoseconds?) {
        self.localError = localError
        self.farError = farError
    }

    /// The greatest offset between the two clocks that the claims allow; nil unless both ends vouch.
    public var offsetBound: Nanoseconds? {
        guard let localError, let farError else { return nil }
        return localError + farError
    }
}

/// How well the timestamps themselves were taken, apart from what the clocks show.
public struct TimestampQuality: Hashable, Sendable {
    /// A local timestamp is right to within this.
    public var local: Nanoseconds
    /// A far-end timestamp is right to within this.
    public var far: Nanoseconds

    public init(local: Nanoseconds, far: Nanoseconds) {
        self.local = local
        self.far = far
    }
}

/// A step of either host's clock during the run.
public struct ClockStep: Hashable, Sendable {
    /// When, on the run's own clock.
    public var at: WallInstant
    /// By how much the far clock jumped against the local one; positive when the far clock went forward.
    public var by: Nanoseconds

    public init(at: WallInstant, by: Nanoseconds) {
        self.at = at
        self.by = by
    }
}

/// What is known of the far clock against the run's own clock. Offset is far minus local, positive when the far
/// clock is ahead.
public struct ClockRelation: Hashable, Sendable {
    public var method: DelayMethod
    /// The estimated offset at the middle of the run (of its last segment where a clock stepped).
    public var offset: Nanoseconds
    /// The offset, anywhere in the run, is right to within ± this.
    public var uncertainty: Nanoseconds
    /// Estimated skew of the far clock against the local one, parts per million, positive when it runs fast; nil
    /// when the run was too short or too noisy to tell.
    public var skewPPM: Double?
    /// Half-width of the skew estimate, parts per million.
    public var skewUncertaintyPPM: Double?
    public var steps: [ClockStep]
    /// The claims exclude what was measured: at least one host's clock is further off than it says.
    public var claimsContradicted: Bool

    public init(
        method: DelayMethod,
        offset: Nanoseconds,
        uncertainty: Nanoseconds,
        skewPPM: Double?,
        skewUncertaintyPPM: Double?,
        steps: [ClockStep],
        claimsContradicted: Bool
    ) {
        self.method = method
        self.offset = offset
        self.uncertainty = uncertainty
        self.skewPPM = skewPPM
        self.skewUncertaintyPPM = skewUncertaintyPPM
        self.steps = steps
        self.claimsContradicted = claimsContradicted
    }
}

/// The worse direction's p95 of one-way delay, whichever direction that is: the two directions share one unknown
/// offset, so their sum is known better than either.
public struct WorseDirectionDelay: Hashable, Sendable {
    public enum Direction: String, Hashable, Sendable {
        case forward, reverse
    }

    public var value: Nanoseconds
    /// Every value that the offset's bounds and sampling allow.
    public var interval: ClosedRange<Nanoseconds>
    public var direction: Direction

    public init(value: Nanoseconds, interval: ClosedRange<Nanoseconds>, direction: Direction) {
        self.value = value
        self.interval = interval
        self.direction = direction
    }
}

/// The statistics of one endpoint: its streams, which share the two hosts' clocks, analysed together.
public struct EndpointStatistics: Hashable, Sendable {
    /// Nil when no reply carried usable far-end timestamps.
    public var clock: ClockRelation?
    /// One for each observation, in the same order.
    public var streams: [StreamStatistics]
    /// The worst over all streams of the worse direction's p95 delay; nil when nothing was answered.
    public var worseDirectionDelay: WorseDirectionDelay?
    /// p95 of the round trip of the slowest stream, with its sampling interval widened by timestamping.
    public var roundTripP95: Nanoseconds?
    public var roundTripP95Interval: ClosedRange<Nanoseconds>?
    /// Losses of all streams that were answered at all, pooled; forward and reverse nil where direction cannot be
    /// told; all nil when nothing was answered.
    public var forwardLoss: LossStatistics?
    public var reverseLoss: LossStatistics?
    public var roundTripLoss: LossStatistics?
    /// Round-trip loss in each 15 s of the check; empty when nothing was answered.
    public var lossWindows: [LossWindow] = []

    public init(
        clock: ClockRelation?,
        streams: [StreamStatistics],
        worseDirectionDelay: WorseDirectionDelay?,
        roundTripP95: Nanoseconds?,
        roundTripP95Interval: ClosedRange<Nanoseconds>?,
        forwardLoss: LossStatistics?,
        reverseLoss: LossStatistics?,
        roundTripLoss: LossStatistics?
    ) {
        self.clock = clock
        self.streams = streams
        self.worseDirectionDelay = worseDirectionDelay
        self.roundTripP95 = roundTripP95
        self.roundTripP95Interval = roundTripP95Interval
        self.forwardLoss = forwardLoss
        self.reverseLoss = reverseLoss
        self.roundTripLoss = roundTripLoss
    }
}
