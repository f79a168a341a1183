import Readiness

/// What one endpoint's streams show together.
public struct EndpointDocument: Codable, Hashable, Sendable {
    public var endpoint: String
    /// The address that was measured.
    public var address: String
    public var authenticated: Bool
    /// The two hosts' clocks; absent where the endpoint gave no times.
    public var clockOffset: ClockOffsetDocument?
    /// p95 of one-way delay, the worse direction.
    public var latencyOneWayMilliseconds: WorseDelayDocument?
    /// p95 of the round trip of the slowest stream.
    public var roundTripMilliseconds: BoundedValueDocument?
    public var forwardLoss: LossDocument?
    public var reverseLoss: LossDocument?
    public var roundTripLoss: LossDocument?

    enum CodingKeys: String, CodingKey {
        case endpoint, address, authenticated
        case clockOffset = "clock_offset"
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

public struct WorseDelayDocument: Codable, Hashable, Sendable {
    public var p95: Double
    /// The low and the high end.
    public var interval: [Double]
    public var direction: String

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
