import Readiness
import Statistics
import Units

/// One trace, as it is stored and rendered: schema `linecheck.trace/1`, described by `config/trace.schema.json`.
///
/// Absent means absent, as in ``ResultDocument``.
public struct TraceDocument: Codable, Hashable, Sendable {
    public static let schema = "linecheck.trace/1"

    public var schema: String
    /// A version 7 UUID in lower case.
    public var id: String
    /// The name of the host that traced.
    public var agent: String
    public var version: String
    public var startedAt: UTCTime
    public var endedAt: UTCTime
    /// As the user named it.
    public var endpoint: String
    /// The address that was traced.
    public var address: String
    public var probeProtocol: String
    /// The mark that the probes left with.
    public var dscp: Int
    public var payloadBytes: Int
    public var settings: TraceSettingsDocument
    /// `raw_icmp`, or `error_queue` where the mark at each hop could not be seen.
    public var hearing: String
    public var grade: Grade
    public var findings: [FindingDocument]
    public var ports: [TracePortDocument]
    /// Messages that were not taken for answers, by reason.
    public var ignored: [String: Int]
    /// Somebody stopped it before it had asked everything.
    public var interrupted: Bool

    enum CodingKeys: String, CodingKey {
        case schema, id, agent, version, endpoint, address, dscp, settings, hearing, grade, findings, ports, ignored
        case interrupted
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case probeProtocol = "protocol"
        case payloadBytes = "payload_bytes"
    }
}

public struct TraceSettingsDocument: Codable, Hashable, Sendable {
    public var queries: Int
    public var maxHops: Int
    public var intervalSeconds: Double
    public var timeoutSeconds: Double
    /// How long the trace could have taken.
    public var longestSeconds: Double

    enum CodingKeys: String, CodingKey {
        case queries
        case maxHops = "max_hops"
        case intervalSeconds = "interval_s"
        case timeoutSeconds = "timeout_s"
        case longestSeconds = "longest_s"
    }
}

/// One port's way.
public struct TracePortDocument: Codable, Hashable, Sendable {
    public var port: UInt16
    public var sourceAddress: String
    /// The same for every probe.
    public var sourcePort: UInt16
    public var end: TraceEndDocument
    public var hops: [TraceHopDocument]
    public var notSent: Int

    enum CodingKeys: String, CodingKey {
        case port, end, hops
        case sourceAddress = "source_address"
        case sourcePort = "source_port"
        case notSent = "not_sent"
    }
}

/// How a port's way ends.
public struct TraceEndDocument: Codable, Hashable, Sendable {
    public enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case answered, refused, silent
        case portUnreachable = "port_unreachable"
    }

    public var state: State
    /// The last hop that is known to have had the probes; 0 where none is.
    public var hop: Int
    /// Who refused, and how.
    public var address: String?
    public var icmpType: Int?
    public var icmpCode: Int?
    public var meaning: String?

    enum CodingKeys: String, CodingKey {
        case state, hop, address, meaning
        case icmpType = "icmp_type"
        case icmpCode = "icmp_code"
    }
}

public struct TraceHopDocument: Codable, Hashable, Sendable {
    public var hop: Int
    public var sent: Int
    public var answered: Int
    /// Answered of sent.
    public var answeredRatio: Double
    /// Who answered, the most frequent first.
    public var addresses: [TraceAddressDocument]
    /// Round trips to this hop.
    public var delayMilliseconds: TraceDelayDocument?
    /// Probes by the DSCP that they arrived here with; absent where that is not known.
    public var dscp: [String: Int]?
    /// The same by ECN codepoint.
    public var ecn: [String: Int]?
    /// Each MPLS label stack that probes arrived with, outermost label first.
    public var mpls: [[TraceLabelDocument]]?

    enum CodingKeys: String, CodingKey {
        case hop, sent, answered, addresses, dscp, ecn, mpls
        case answeredRatio = "answered_ratio"
        case delayMilliseconds = "delay_ms"
    }
}

public struct TraceAddressDocument: Codable, Hashable, Sendable {
    public var address: String
    public var packets: Int
}

public struct TraceDelayDocument: Codable, Hashable, Sendable {
    public var min: Double
    public var p50: Double
    public var max: Double
}

public struct TraceLabelDocument: Codable, Hashable, Sendable {
    public var label: Int
    public var trafficClass: Int
    public var ttl: Int

    enum CodingKeys: String, CodingKey {
        case label, ttl
        case trafficClass = "traffic_class"
    }
}
