import Readiness
import Units

/// What a result says about a check beyond what was measured and graded.
public struct CheckDescription: Sendable {
    public enum Trigger: String, Hashable, Sendable, Codable, CaseIterable {
        case manual, schedule, assessment
    }

    public enum ProbeProtocol: String, Hashable, Sendable, Codable, CaseIterable {
        case stamp, turn, stun
    }

    public var id: ResultID
    public var site: String
    /// The name of the host that measured.
    public var agent: String
    /// Linecheck's.
    public var version: String
    /// The first and the last moment of sending, by this host's clock.
    public var startedAt: WallInstant
    public var endedAt: WallInstant
    public var trigger: Trigger
    /// Octets of UDP payload of each packet sent.
    public var payloadBytes: Int
    /// The mark that the probes were sent with.
    public var dscp: DSCP
    public var streams: [StreamDescription]
    /// Simultaneous calls to each endpoint; nil where each port carried one stream.
    public var calls: Int?
    /// The search for how many calls the site carries, where one was made.
    public var capacity: CapacitySearch?

    public init(
        id: ResultID,
        site: String,
        agent: String,
        version: String,
        startedAt: WallInstant,
        endedAt: WallInstant,
        trigger: Trigger,
        payloadBytes: Int,
        dscp: DSCP,
        streams: [StreamDescription],
        calls: Int? = nil,
        capacity: CapacitySearch? = nil
    ) {
        self.id = id
        self.site = site
        self.agent = agent
        self.version = version
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.trigger = trigger
        self.payloadBytes = payloadBytes
        self.dscp = dscp
        self.streams = streams
        self.calls = calls
        self.capacity = capacity
    }

    func stream(of endpoint: String, port: UInt16) -> StreamDescription? {
        streams.first { $0.endpoint == endpoint && $0.port == port }
    }
}

/// One stream of a check: a port of an endpoint.
public struct StreamDescription: Hashable, Sendable {
    /// As in the evidence: `stamp://host:3478-3481`.
    public var endpoint: String
    public var port: UInt16
    public var probeProtocol: CheckDescription.ProbeProtocol
    /// The sequence numbers of the first and the last packet that counts; nil when none was sent.
    public var measuredSequence: ClosedRange<UInt32>?
    /// How long measured packets were sent for.
    public var duration: Nanoseconds
    /// How many streams, one for each call, the port carried.
    public var calls: Int
    /// Where they are not those of the check: servers that are not ours are asked less often, with short requests.
    public var interval: Nanoseconds?
    public var payloadBytes: Int?

    public init(
        endpoint: String,
        port: UInt16,
        probeProtocol: CheckDescription.ProbeProtocol,
        measuredSequence: ClosedRange<UInt32>?,
        duration: Nanoseconds,
        calls: Int = 1,
        interval: Nanoseconds? = nil,
        payloadBytes: Int? = nil
    ) {
        self.endpoint = endpoint
        self.port = port
        self.probeProtocol = probeProtocol
        self.measuredSequence = measuredSequence
        self.duration = duration
        self.calls = calls
        self.interval = interval
        self.payloadBytes = payloadBytes
    }
}
