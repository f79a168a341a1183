import Foundation
import Readiness
import Units

/// An audit of the marks on real media, as it is stored: schema `linecheck.dscp/1`, described by
/// `config/dscp.schema.json`.
///
/// Absent means absent; within version 1 keys may be added, never renamed or given another meaning.
public struct AuditDocument: Codable, Hashable, Sendable {
    public static let schemaName = "linecheck.dscp/1"

    public var schema = Self.schemaName
    public var version: String
    /// The host that captured or read.
    public var agent: String
    public var source: AuditSource
    /// Of the first and the last frame, by the clock of whoever captured; absent where there was none.
    public var startedAt: UTCTime?
    public var endedAt: UTCTime?
    public var grade: Grade
    public var packets: AuditPackets
    /// What was taken for media.
    public var media: AuditMedia
    public var classes: [AuditClass]
    /// With the most packets that should be marked otherwise first.
    public var hosts: [AuditHost]
    /// All hosts for which there was no room in ``hosts``; absent where there was for all.
    public var otherHosts: AuditHost?
    public var findings: [FindingDocument]

    public init(
        version: String,
        agent: String,
        source: AuditSource,
        startedAt: UTCTime?,
        endedAt: UTCTime?,
        grade: Grade,
        packets: AuditPackets,
        media: AuditMedia,
        classes: [AuditClass],
        hosts: [AuditHost],
        otherHosts: AuditHost?,
        findings: [Finding]
    ) {
        self.version = version
        self.agent = agent
        self.source = source
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.grade = grade
        self.packets = packets
        self.media = media
        self.classes = classes
        self.hosts = hosts
        self.otherHosts = otherHosts
        self.findings = findings.map(FindingDocument.init)
    }

    enum CodingKeys: String, CodingKey {
        case schema, version, agent, source, grade, packets, media, classes, hosts, findings
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case otherHosts = "other_hosts"
    }

    /// JSON, indented, keys in alphabetical order.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}

/// Where the frames came from: an interface, or files in the order in which they were read.
public struct AuditSource: Codable, Hashable, Sendable {
    public var interface: String?
    public var files: [String]?

    public init(interface: String? = nil, files: [String]? = nil) {
        self.interface = interface
        self.files = files
    }
}

public struct AuditPackets: Codable, Hashable, Sendable {
    /// Frames that were read.
    public var captured: Int
    public var media: Int
    /// That the capture had no room for; absent for files.
    public var dropped: Int?
    public var droppedByInterface: Int?
    /// Frames in which no UDP packet with ports could be read, by reason.
    public var withoutUDP: [String: Int]

    public init(captured: Int, media: Int, dropped: Int?, droppedByInterface: Int?, withoutUDP: [String: Int]) {
        self.captured = captured
        self.media = media
        self.dropped = dropped
        self.droppedByInterface = droppedByInterface
        self.withoutUDP = withoutUDP
    }

    enum CodingKeys: String, CodingKey {
        case captured, media, dropped
        case droppedByInterface = "dropped_by_interface"
        case withoutUDP = "without_udp"
    }
}

/// By what media was told from the rest.
public struct AuditMedia: Codable, Hashable, Sendable {
    public var relayPorts: String
    public var ranges: [String]
    /// Who says so, and as of when.
    public var rangesSource: String

    public init(relayPorts: String, ranges: [String], rangesSource: String) {
        self.relayPorts = relayPorts
        self.ranges = ranges
        self.rangesSource = rangesSource
    }

    enum CodingKeys: String, CodingKey {
        case ranges
        case relayPorts = "relay_ports"
        case rangesSource = "ranges_source"
    }
}

/// Marks against what they should be; where no mark is required, `wrong` are those with any.
public struct AuditCounts: Codable, Hashable, Sendable {
    public var packets: Int
    public var marked: Int
    public var wrong: Int
    public var unmarked: Int

    public init(packets: Int, marked: Int, wrong: Int, unmarked: Int) {
        self.packets = packets
        self.marked = marked
        self.wrong = wrong
        self.unmarked = unmarked
    }

    enum CodingKeys: String, CodingKey {
        case packets, marked, wrong, unmarked
    }
}

/// One class of media in one direction.
public struct AuditClass: Codable, Hashable, Sendable {
    /// `audio`, `video`, `sharing`, or `unclassed` for media from ports of no class.
    public var name: String
    /// `outbound` from the clients, `inbound` to them.
    public var direction: String
    public var clientPorts: String?
    public var requiredDSCP: Int?
    /// Whether it counts in the grade.
    public var isGraded: Bool
    public var hosts: Int
    /// Octets of IP packets.
    public var octets: Int
    public var counts: AuditCounts
    /// Packets by value.
    public var dscp: [String: Int]
    public var ecn: [String: Int]

    public init(
        name: String,
        direction: String,
        clientPorts: String?,
        requiredDSCP: Int?,
        isGraded: Bool,
        hosts: Int,
        octets: Int,
        counts: AuditCounts,
        dscp: [DSCP: Int],
        ecn: [ECN: Int]
    ) {
        self.name = name
        self.direction = direction
        self.clientPorts = clientPorts
        self.requiredDSCP = requiredDSCP
        self.isGraded = isGraded
        self.hosts = hosts
        self.octets = octets
        self.counts = counts
        self.dscp = Dictionary(uniqueKeysWithValues: dscp.map { ("\($0.key.value)", $0.value) })
        self.ecn = Dictionary(uniqueKeysWithValues: ecn.map { ($0.key.name, $0.value) })
    }

    enum CodingKeys: String, CodingKey {
        case direction, hosts, octets, counts, dscp, ecn
        case name = "class"
        case clientPorts = "client_ports"
        case requiredDSCP = "required_dscp"
        case isGraded = "graded"
    }
}

public struct AuditHost: Codable, Hashable, Sendable {
    public struct Class: Codable, Hashable, Sendable {
        public var name: String
        public var direction: String
        public var counts: AuditCounts
        /// The values seen, without their numbers.
        public var marks: [Int]

        public init(name: String, direction: String, counts: AuditCounts, marks: [Int]) {
            self.name = name
            self.direction = direction
            self.counts = counts
            self.marks = marks
        }

        enum CodingKeys: String, CodingKey {
            case direction, counts, marks
            case name = "class"
        }
    }

    /// The client's; absent where it stands for several hosts.
    public var address: String?
    public var classes: [Class]

    public init(address: String?, classes: [Class]) {
        self.address = address
        self.classes = classes
    }

    enum CodingKeys: String, CodingKey {
        case address, classes
    }
}

extension ECN {
    /// RFC 3168 §5: `not_ect`, `ect_1`, `ect_0`, `ce`.
    public var name: String { ["not_ect", "ect_1", "ect_0", "ce"][Int(value & 0b11)] }
}
