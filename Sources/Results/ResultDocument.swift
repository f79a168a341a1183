import Readiness
import Units

/// One check's result, as it is stored, sent and rendered: schema `linecheck.result/1`, described by
/// `config/result.schema.json`.
///
/// Absent means absent: a key stands only where there is a value. Within version 1 keys may be added, never renamed
/// or given another meaning; a reader passes over keys it does not know.
public struct ResultDocument: Codable, Hashable, Sendable {
    /// What ``schema`` begins with in every document that this version reads.
    public static let schemaName = "linecheck.result"
    public static let schemaMajor = 1

    /// `linecheck.result/1`; a later minor version may follow after a dot.
    public var schema: String
    /// A version 7 UUID in lower case.
    public var id: String
    public var site: String
    public var agent: String
    public var version: String
    public var startedAt: UTCTime
    public var endedAt: UTCTime
    public var trigger: CheckDescription.Trigger
    public var profile: String
    public var durationSeconds: Double
    public var intendedDurationSeconds: Double
    public var grade: Grade
    public var criteria: [CriterionDocument]
    public var findings: [FindingDocument]
    public var clock: ClockDocument
    public var probeQuality: ProbeQualityDocument
    public var endpoints: [EndpointDocument]
    public var streams: [StreamDocument]
    public var dscp: MarkingDocument
    /// When 15 s broke a bound, worst first, packet by packet; absent where nothing did.
    public var incidents: [IncidentDocument]?
    /// Absent where nothing was left out.
    public var incidentsLeftOut: IncidentsLeftOutDocument?
    /// What the check put on the line.
    public var load: LoadDocument?
    /// How many calls the site carries; absent where it was not looked for.
    public var capacity: CapacityDocument?
    /// How the results before this one fared; absent where there is no agent.
    public var delivery: DeliveryDocument?
    /// How media leaves this host; absent where nobody looked.
    public var path: PathDocument?
    public var location: LocationDocument?
    /// The schedule that asked for the check; absent where somebody else did.
    public var schedule: ScheduledSlotDocument?
    /// How the assessment stands that the check counts in; absent where it counts in none.
    public var assessment: RunningAssessmentDocument?
    /// The run without end that this is a part of; absent for a check of its own.
    public var continuous: ContinuousDocument?

    enum CodingKeys: String, CodingKey {
        case schema, id, site, agent, version, trigger, profile, grade, criteria, findings, clock, endpoints, streams
        case dscp, incidents, load, capacity, delivery, path, location, schedule, assessment, continuous
        case incidentsLeftOut = "incidents_left_out"
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case durationSeconds = "duration_s"
        case intendedDurationSeconds = "intended_duration_s"
        case probeQuality = "probe_quality"
    }
}

extension Grade: Codable {}

public struct CriterionDocument: Codable, Hashable, Sendable {
    public var name: String
    public var endpoint: String
    public var port: UInt16?
    public var direction: String?
    public var value: Double?
    public var unit: String
    /// The low and the high end.
    public var interval: [Double]?
    public var target: Double?
    public var limit: Double?
    public var statistic: String
    public var basis: String
    public var grade: Grade
    public var settle: String?

    enum CodingKeys: String, CodingKey {
        case name, endpoint, port, direction, value, unit, interval, target, limit, statistic, basis, grade, settle
    }
}

public struct FindingDocument: Codable, Hashable, Sendable {
    public var code: String
    /// `info`, or the grade that the finding stands for.
    public var severity: String
    public var summary: String
    public var evidence: [String: EvidenceDocument]
    public var remedy: String

    enum CodingKeys: String, CodingKey {
        case code, severity, summary, evidence, remedy
    }
}

/// One piece of evidence: a text or a number.
public enum EvidenceDocument: Codable, Hashable, Sendable {
    case text(String)
    case number(Double)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        }
    }
}

/// The measuring host's own clock.
public struct ClockDocument: Codable, Hashable, Sendable {
    public var synchronized: Bool
    public var maxErrorMilliseconds: Double?
    public var source: String

    enum CodingKeys: String, CodingKey {
        case synchronized, source
        case maxErrorMilliseconds = "max_error_ms"
    }
}

public struct ProbeQualityDocument: Codable, Hashable, Sendable {
    public struct SendError: Codable, Hashable, Sendable {
        public var p50: Double
        public var p99: Double
        public var max: Double

        enum CodingKeys: String, CodingKey {
            case p50, p99, max
        }
    }

    public var sendErrorMicroseconds: SendError
    public var missedSends: Int
    public var kernelTimestampsRatio: Double
    public var socketDrops: Int

    enum CodingKeys: String, CodingKey {
        case sendErrorMicroseconds = "send_error_us"
        case missedSends = "missed_sends"
        case kernelTimestampsRatio = "kernel_timestamps_ratio"
        case socketDrops = "socket_drops"
    }
}

/// Marks of all streams together; packets by value. A key is absent where nobody looked.
public struct MarkingDocument: Codable, Hashable, Sendable {
    /// What voice needs here; absent when marking is not required.
    public var required: Int?
    /// As packets left this host, by a capture on the wire.
    public var egress: [String: Int]?
    public var farEnd: [String: Int]?
    /// On replies as they arrived here.
    public var returned: [String: Int]?
    /// The ECN bits at the same places, which are no part of the mark.
    public var ecn: ECNDocument?
    /// Absent where nothing was captured.
    public var capture: CaptureDocument?

    enum CodingKeys: String, CodingKey {
        case required, egress, ecn, capture
        case farEnd = "far_end"
        case returned = "return"
    }
}
