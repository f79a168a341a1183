import Readiness

/// What one endpoint's streams show together.
public struct EndpointDocument: Codable, Hashable, Sendable {
    public var endpoint: String
    /// The address that was measured.
    public var address: String
    public var authenticated: Bool
    /// The two hosts' clocks; absent where the endpoint gave no times.
    public var clockOffset: ClockOffsetDocument?
    /// The greatest error that the endpoint claims of its own clock; absent when it does not claim to be synchronised.
    public var farMaxErrorMilliseconds: Double?
    /// How much later than they say its replies left; absent where it does not tell.
    public var sendTimeCorrection: SendTimeCorrectionDocument?
    /// p95 of one-way delay, the worse direction.
    public var latencyOneWayMilliseconds: WorseDelayDocument?
    /// p95 of the round trip of the slowest stream.
    public var roundTripMilliseconds: BoundedValueDocument?
    public var forwardLoss: LossDocument?
    public var reverseLoss: LossDocument?
    public var roundTripLoss: LossDocument?
    /// Every address that the name resolves to; absent where it is one.
    public var addresses: [AddressDocument]?
    /// What a STUN or TURN server told; absent for a reflector.
    public var server: ServerDocument?
    /// Absent where the far end does not tell where it sees packets come from.
    public var nat: NATDocument?
    /// The way by TCP and TLS; absent where it was not tried.
    public var fallback: FallbackDocument?
    /// The same stream on a port that is none of Teams'; absent where none was asked for.
    public var controlPort: ControlPortDocument?

    enum CodingKeys: String, CodingKey {
        case endpoint, address, authenticated, addresses, server, nat, fallback
        case controlPort = "control_port"
        case clockOffset = "clock_offset"
        case farMaxErrorMilliseconds = "far_max_error_ms"
        case sendTimeCorrection = "send_time_correction"
        case latencyOneWayMilliseconds = "latency_one_way_ms"
        case roundTripMilliseconds = "round_trip_ms"
        case forwardLoss = "forward_loss"
        case reverseLoss = "reverse_loss"
        case roundTripLoss = "round_trip_loss"
    }
}

/// The far clock against this host's: far minus local.
public struct ClockOffsetDocument: Codable, Hashable, Sendable {
    public struct Step: Codable, Hashable, Sendable {
        public var at: UTCTime
        public var byMilliseconds: Double

        enum CodingKeys: String, CodingKey {
            case at
            case byMilliseconds = "by_ms"
        }
    }

    public var method: String
    public var offsetMilliseconds: Double
    public var uncertaintyMilliseconds: Double
    public var skewPPM: Double?
    public var skewUncertaintyPPM: Double?
    public var claimsContradicted: Bool
    public var steps: [Step]

    enum CodingKeys: String, CodingKey {
        case method, steps
        case offsetMilliseconds = "offset_ms"
        case uncertaintyMilliseconds = "uncertainty_ms"
        case skewPPM = "skew_ppm"
        case skewUncertaintyPPM = "skew_uncertainty_ppm"
        case claimsContradicted = "claims_contradicted"
    }
}

/// What Follow-Up Telemetry changed.
public struct SendTimeCorrectionDocument: Codable, Hashable, Sendable {
    public var corrected: Int
    public var replies: Int
    public var p50Microseconds: Double
    public var maxMicroseconds: Double

    enum CodingKeys: String, CodingKey {
        case corrected, replies
        case p50Microseconds = "p50_us"
        case maxMicroseconds = "max_us"
    }
}

public struct WorseDelayDocument: Codable, Hashable, Sendable {
    public var p95: Double
    /// The low and the high end.
    public var interval: [Double]
    /// Absent where the endpoint gave no times.
    public var direction: String?

    enum CodingKeys: String, CodingKey {
        case p95, interval, direction
    }
}

public struct BoundedValueDocument: Codable, Hashable, Sendable {
    public var p95: Double
    /// The low and the high end; absent where sampling bounds nothing.
    public var interval: [Double]?

    enum CodingKeys: String, CodingKey {
        case p95, interval
    }
}
