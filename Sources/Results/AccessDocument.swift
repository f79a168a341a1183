import Readiness
import Units

/// One of the addresses that an endpoint's name resolves to.
public struct AddressDocument: Codable, Hashable, Sendable {
    public var address: String
    /// The one that was measured.
    public var measured: Bool
    /// Absent where it was not asked.
    public var answered: Bool?
    public var roundTripMilliseconds: Double?
    /// Why it could not be asked.
    public var unreachable: String?

    enum CodingKeys: String, CodingKey {
        case address, measured, answered, unreachable
        case roundTripMilliseconds = "round_trip_ms"
    }
}

/// What a STUN or TURN server told of itself.
public struct ServerDocument: Codable, Hashable, Sendable {
    public struct Rate: Codable, Hashable, Sendable {
        public var intervalMilliseconds: Double
        public var sent: Int
        public var answered: Int

        enum CodingKeys: String, CodingKey {
            case sent, answered
            case intervalMilliseconds = "interval_ms"
        }
    }

    public struct Alternate: Codable, Hashable, Sendable {
        public var address: String
        public var port: UInt16
        public var answered: Bool
        public var roundTripMilliseconds: Double?

        enum CodingKeys: String, CodingKey {
            case address, port, answered
            case roundTripMilliseconds = "round_trip_ms"
        }
    }

    public var software: String?
    public var realm: String?
    /// Answers by error code; successes under `success`.
    public var responses: [String: Int]
    /// In the order in which they were used: more than one where the server was asked less often after a while.
    public var rates: [Rate]
    /// Whom it redirects its clients to.
    public var alternate: Alternate?
}

/// What a network address translator does.
public struct NATDocument: Codable, Hashable, Sendable {
    public struct Mapping: Codable, Hashable, Sendable {
        public var port: UInt16
        public var local: String
        public var reflexive: String
        public var portPreserved: Bool

        enum CodingKeys: String, CodingKey {
            case port, local, reflexive
            case portPreserved = "port_preserved"
        }
    }

    public struct Change: Codable, Hashable, Sendable {
        public var port: UInt16
        public var at: UTCTime
        public var afterSeconds: Double
        public var from: String
        public var to: String
        public var idleSeconds: Double

        enum CodingKeys: String, CodingKey {
            case port, at, from, to
            case afterSeconds = "after_s"
            case idleSeconds = "idle_s"
        }
    }

    /// Whether the far end sees another source than this host's own.
    public var translated: Bool
    /// In the words of RFC 5780; absent where too few destinations answered to tell.
    public var mappingBehaviour: String?
    public var mappings: [Mapping]
    public var changes: [Change]
    public var changeCount: Int

    enum CodingKeys: String, CodingKey {
        case translated, mappings, changes
        case mappingBehaviour = "mapping_behaviour"
        case changeCount = "change_count"
    }
}

/// The way by TCP and TLS.
public struct FallbackDocument: Codable, Hashable, Sendable {
    public enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case connected, refused, failed
        case timedOut = "timed_out"
    }

    public struct TLS: Codable, Hashable, Sendable {
        public enum State: String, Codable, Hashable, Sendable, CaseIterable {
            case trusted, untrusted, failed
            case locallyTrusted = "locally_trusted"
        }

        public var state: State
        public var issuer: String?
        public var subject: String?
        public var reason: String?
    }

    public var port: UInt16
    public var tcp: State
    public var reason: String?
    public var connectMilliseconds: Double?
    public var tls: TLS?

    enum CodingKeys: String, CodingKey {
        case port, tcp, reason, tls
        case connectMilliseconds = "connect_ms"
    }
}

/// The same stream on a port that is none of Teams'.
public struct ControlPortDocument: Codable, Hashable, Sendable {
    public var port: UInt16
    public var reachability: ReachabilityDocument
    public var packets: PacketsDocument
    public var roundTrip: DirectionDocument?

    enum CodingKeys: String, CodingKey {
        case port, reachability, packets
        case roundTrip = "round_trip"
    }
}

/// A few packets of another kind to a port where those of the check fared badly.
public struct TriedDocument: Codable, Hashable, Sendable {
    public var kind: String
    public var dscp: Int
    public var payloadBytes: Int
    public var sent: Int
    public var answered: Int

    enum CodingKeys: String, CodingKey {
        case kind, dscp, sent, answered
        case payloadBytes = "payload_bytes"
    }
}
