import Readiness

/// One port of one endpoint.
public struct StreamDocument: Codable, Hashable, Sendable {
    public struct Sequence: Codable, Hashable, Sendable {
        public var first: UInt32
        public var last: UInt32

        enum CodingKeys: String, CodingKey {
            case first, last
        }
    }

    public var endpoint: String
    public var probeProtocol: CheckDescription.ProbeProtocol?
    public var address: String
    public var port: UInt16
    public var intervalMilliseconds: Double
    public var payloadBytes: Int
    /// As sent.
    public var dscp: Int
    public var durationSeconds: Double?
    /// How many calls' streams are pooled here; absent where it is one.
    public var calls: Int?
    /// The measured packets' numbers.
    public var sequence: Sequence?
    public var reachability: ReachabilityDocument
    /// Replies that could not be accepted, by reason.
    public var refusedReplies: [String: Int]
    /// How one-way delays were obtained; absent when nothing was answered.
    public var method: String?
    public var packets: PacketsDocument
    public var forward: DirectionDocument?
    public var reverse: DirectionDocument?
    public var roundTrip: DirectionDocument?
    /// Marks as a capture saw them; absent where nothing was captured.
    public var wire: WireMarksDocument?
    public var rFactor: Double?
    public var mos: Double?

    enum CodingKeys: String, CodingKey {
        case endpoint, address, port, dscp, calls, sequence, reachability, method, packets, forward, reverse, wire, mos
        case probeProtocol = "protocol"
        case intervalMilliseconds = "interval_ms"
        case payloadBytes = "payload_bytes"
        case durationSeconds = "duration_s"
        case refusedReplies = "refused_replies"
        case roundTrip = "round_trip"
        case rFactor = "r_factor"
    }
}

public struct ReachabilityDocument: Codable, Hashable, Sendable {
    public enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case answered, refused, silent
        case notSent = "not_sent"
    }

    public var state: State
    /// Why it was refused, or could not be sent.
    public var reason: String?
    /// Who sent the ICMP error.
    public var icmpSource: String?
    /// Whether that was the endpoint itself.
    public var byEndpoint: Bool?
    /// What a few packets of other kinds did, where those of the check fared badly.
    public var tried: [TriedDocument]?

    enum CodingKeys: String, CodingKey {
        case state, reason, tried
        case icmpSource = "icmp_source"
        case byEndpoint = "by_endpoint"
    }
}

public struct PacketsDocument: Codable, Hashable, Sendable {
    public var sent: Int
    public var forwardReceived: Int?
    public var received: Int
    public var duplicates: Int
    public var reordered: Int
    public var late: Int

    enum CodingKeys: String, CodingKey {
        case sent, received, duplicates, reordered, late
        case forwardReceived = "forward_received"
    }
}

/// What one direction did, or the round trip.
public struct DirectionDocument: Codable, Hashable, Sendable {
    public var delayMilliseconds: DelayDocument?
    public var jitterMilliseconds: JitterDocument?
    public var ipdvMilliseconds: DelayVariationDocument?
    public var loss: LossDocument?
    public var reordered: Int?
    public var duplicates: Int?
    /// Packets by DSCP as they arrived.
    public var dscp: [String: Int]?

    enum CodingKeys: String, CodingKey {
        case loss, reordered, duplicates, dscp
        case delayMilliseconds = "delay_ms"
        case jitterMilliseconds = "jitter_ms"
        case ipdvMilliseconds = "ipdv_ms"
    }
}

public struct DelayDocument: Codable, Hashable, Sendable {
    public var count: Int
    public var min: Double
    public var p50: Double
    public var mean: Double
    public var p95: Double
    public var p99: Double
    public var max: Double
    /// Each of the above is right to within ± this.
    public var uncertainty: Double
    /// Where sampling alone puts the p95: the low and the high end.
    public var p95Sampling: [Double]

    enum CodingKeys: String, CodingKey {
        case count, min, p50, mean, p95, p99, max, uncertainty
        case p95Sampling = "p95_sampling"
    }
}

public struct JitterDocument: Codable, Hashable, Sendable {
    public var last: Double
    public var mean: Double
    public var max: Double
    /// Absent when the run was shorter.
    public var worst15s: Double?
    public var uncertainty: Double

    enum CodingKeys: String, CodingKey {
        case last, mean, max, uncertainty
        case worst15s = "worst_15s"
    }
}

public struct DelayVariationDocument: Codable, Hashable, Sendable {
    public var p50: Double
    public var p95: Double
    public var p99: Double
    public var max: Double

    enum CodingKeys: String, CodingKey {
        case p50, p95, p99, max
    }
}

/// Shares are of 1.
public struct LossDocument: Codable, Hashable, Sendable {
    public var offered: Int
    public var lost: Int
    /// Lost in one direction or the other, nobody can say which; allowed for in `high`.
    public var unattributed: Int
    public var ratio: Double
    public var low: Double
    public var high: Double
    public var worst15s: Double?
    public var worst200ms: Double?
    public var lossPeriods: Int
    public var longestLossPeriod: Int
    public var burstRatio: Double

    enum CodingKeys: String, CodingKey {
        case offered, lost, unattributed, ratio, low, high
        case worst15s = "worst_15s"
        case worst200ms = "worst_200ms"
        case lossPeriods = "loss_periods"
        case longestLossPeriod = "longest_loss_period"
        case burstRatio = "burst_ratio"
    }
}
