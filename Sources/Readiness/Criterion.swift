import Statistics
import Units

/// Forward is site to far end, reverse is back.
public enum Direction: String, Hashable, Sendable, CaseIterable {
    case forward, reverse

    init(_ direction: WorseDirectionDelay.Direction) {
        switch direction {
        case .forward: self = .forward
        case .reverse: self = .reverse
        }
    }
}

/// One question that a check answers, with the answer, what it rests on, and its grade.
public struct Criterion: Hashable, Sendable {
    public enum Name: String, Hashable, Sendable, CaseIterable {
        case reachability
        case latencyOneWay = "latency_one_way"
        case roundTrip = "round_trip"
        case jitter
        case loss
        case reordering
        case dscp
    }

    /// The unit of `value`, `interval`, `target` and `limit`.
    public enum Unit: String, Hashable, Sendable, CaseIterable {
        case milliseconds = "ms"
        /// A share of packets, 0...1.
        case ratio
    }

    public var name: Name
    /// The endpoint's name, as in ``EndpointEvidence/name``.
    public var endpoint: String
    /// The port that was worst, or whose reachability this is; nil where all ports are judged together.
    public var port: UInt16?
    /// The direction that was worse; nil where none was, or where direction cannot be told.
    public var direction: Direction?
    /// The best estimate; nil when nothing could be measured.
    public var value: Double?
    public var unit: Unit
    /// Every value that the measurement allows; nil where the value is a plain count.
    public var interval: ClosedRange<Double>?
    /// Strictly below is ready. Nil where there is no number to stay below.
    public var target: Double?
    /// Strictly below is not worse than at risk.
    public var limit: Double?
    public var statistic: Statistic
    public var basis: Basis
    public var grade: Grade
    /// What would settle a question that the interval leaves open.
    public var settle: String?

    public init(
        name: Name,
        endpoint: String,
        port: UInt16? = nil,
        direction: Direction? = nil,
        value: Double?,
        unit: Unit,
        interval: ClosedRange<Double>? = nil,
        target: Double? = nil,
        limit: Double? = nil,
        statistic: Statistic,
        basis: Basis,
        grade: Grade,
        settle: String? = nil
    ) {
        self.name = name
        self.endpoint = endpoint
        self.port = port
        self.direction = direction
        self.value = value
        self.unit = unit
        self.interval = interval
        self.target = target
        self.limit = limit
        self.statistic = statistic
        self.basis = basis
        self.grade = grade
        self.settle = settle
    }
}

/// Which number of a sample is held against the bounds.
public enum Statistic: String, Hashable, Sendable, CaseIterable {
    case p50, mean, p95, p99
    case maximum = "max"
    /// The worst 15 s window.
    case worst15s = "worst_15s"
    /// The worst 200 ms window.
    case worst200ms = "worst_200ms"
    /// All packets of the check together.
    case wholeCheck = "whole_check"
}

/// What a criterion's grade rests on.
public enum Basis: String, Hashable, Sendable, CaseIterable {
    /// One-way delay by the clocks' claims.
    case synchronized
    /// One-way delay by physics: no delay is negative.
    case roundTripBounded = "rtt_bounded"
    /// One-way delay taken as half the round trip, for want of far-end timestamps.
    case halfRoundTrip = "half_round_trip"
    /// The round trip decided, because the two directions could not be told apart well enough, or at all.
    case roundTrip = "round_trip"
    /// Each direction was measured by itself.
    case perDirection = "per_direction"
    /// Whether replies came.
    case replies
    /// An ICMP error said why none came.
    case icmp
    /// This host's own operating system refused to send.
    case localError = "local_error"
    /// The far end reported the mark that arrived there.
    case farEndReport = "far_end_report"
    /// The mark on replies as they arrived here.
    case replyMark = "reply_mark"
    /// The mark on packets as they left this host, captured on the wire.
    case egressCapture = "egress_capture"
}
