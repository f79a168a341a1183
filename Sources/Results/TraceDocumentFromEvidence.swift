import Foundation
import Readiness
import Statistics
import Units

/// What a trace's document says beyond what was found.
public struct TraceDescription: Sendable {
    public var id: ResultID
    public var agent: String
    public var version: String
    public var startedAt: WallInstant
    public var endedAt: WallInstant
    public var probeProtocol: CheckDescription.ProbeProtocol
    public var payloadBytes: Int
    public var queries: Int
    public var maxHops: Int
    public var interval: Nanoseconds
    public var timeout: Nanoseconds
    public var longest: Nanoseconds
    /// `raw_icmp` or `error_queue`.
    public var hearing: String
    public var ignored: [String: Int]
    public var interrupted: Bool

    public init(
        id: ResultID,
        agent: String,
        version: String,
        startedAt: WallInstant,
        endedAt: WallInstant,
        probeProtocol: CheckDescription.ProbeProtocol,
        payloadBytes: Int,
        queries: Int,
        maxHops: Int,
        interval: Nanoseconds,
        timeout: Nanoseconds,
        longest: Nanoseconds,
        hearing: String,
        ignored: [String: Int],
        interrupted: Bool
    ) {
        self.id = id
        self.agent = agent
        self.version = version
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.probeProtocol = probeProtocol
        self.payloadBytes = payloadBytes
        self.queries = queries
        self.maxHops = maxHops
        self.interval = interval
        self.timeout = timeout
        self.longest = longest
        self.hearing = hearing
        self.ignored = ignored
        self.interrupted = interrupted
    }
}

extension TraceDocument {
    public init(_ description: TraceDescription, evidence: TraceEvidence, verdict: TraceVerdict) {
        schema = Self.schema
        id = description.id.description
        agent = description.agent
        version = description.version
        startedAt = UTCTime(description.startedAt)
        endedAt = UTCTime(description.endedAt)
        endpoint = evidence.endpoint
        address = evidence.destination.description
        probeProtocol = description.probeProtocol.rawValue
        dscp = Int(evidence.dscp.value)
        payloadBytes = description.payloadBytes
        settings = TraceSettingsDocument(
            queries: description.queries,
            maxHops: description.maxHops,
            intervalSeconds: description.interval.roundedSeconds,
            timeoutSeconds: description.timeout.roundedSeconds,
            longestSeconds: description.longest.roundedSeconds
        )
        hearing = description.hearing
        grade = verdict.grade
        findings = verdict.findings.map(FindingDocument.init)
        ports = evidence.paths.map(TracePortDocument.init)
        ignored = description.ignored
        interrupted = description.interrupted
    }

    /// JSON, indented, keys in alphabetical order.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}

extension TracePortDocument {
    init(_ path: TracePath) {
        port = path.port
        sourceAddress = path.flow.source.description
        sourcePort = path.flow.sourcePort
        end = TraceEndDocument(path)
        hops = path.hops.map(TraceHopDocument.init)
        notSent = path.notSent
    }
}

extension TraceEndDocument {
    init(_ path: TracePath) {
        hop = path.end.hop
        switch path.end {
        case .answered: state = .answered
        case .portUnreachable: state = .portUnreachable
        case .silent: state = .silent
        case .refused(_, let by, let type, let code):
            state = .refused
            address = by.description
            icmpType = Int(type)
            icmpCode = Int(code)
            meaning = ICMPMeaning.unreachable(by.family, type: type, code: code)
        }
    }
}

extension TraceHopDocument {
    init(_ hop: TraceHop) {
        self.hop = hop.hop
        sent = hop.sent
        answered = hop.answered
        answeredRatio = (Double(hop.answered) / Double(max(1, hop.sent))).roundedRatio
        addresses = hop.answerers.map { TraceAddressDocument(address: $0.address.description, packets: $0.packets) }
        delayMilliseconds = hop.delay.map {
            TraceDelayDocument(
                min: $0.min.roundedMilliseconds,
                p50: $0.p50.roundedMilliseconds,
                max: $0.max.roundedMilliseconds
            )
        }
        dscp = Self.counts(hop.marks.map { (Int($0.key.value), $0.value) })
        ecn = Self.counts(hop.congestionMarks.map { (Int($0.key), $0.value) })
        let stacks = hop.labelStacks.map { $0.map(TraceLabelDocument.init) }
        mpls = stacks.isEmpty ? nil : stacks
    }

    private static func counts(_ packets: [(value: Int, count: Int)]) -> [String: Int]? {
        packets.isEmpty ? nil : Dictionary(packets.map { ("\($0.value)", $0.count) }, uniquingKeysWith: +)
    }
}

extension TraceLabelDocument {
    init(_ label: MPLSLabel) {
        self.init(label: Int(label.label), trafficClass: Int(label.trafficClass), ttl: Int(label.timeToLive))
    }
}
