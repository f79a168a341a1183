import Statistics
import Units

/// What became of the probes to one port, statistics apart.
public enum Reachability: Hashable, Sendable {
    /// At least one answer came.
    case answered
    /// No answer, and an ICMP error said why: `source` is the address that sent it, `byEndpoint` whether the endpoint
    /// itself said that nothing listens on the port, `reason` its meaning in words ("port unreachable",
    /// "administratively prohibited" …).
    case refused(source: String, byEndpoint: Bool, reason: String)
    /// No answer and no ICMP error.
    case silent
    /// This host could not send: the operating system's reason.
    case notSent(reason: String)
}

/// What was measured of one port of one endpoint.
public struct PortEvidence: Sendable {
    public var port: UInt16
    public var reachability: Reachability
    public var statistics: StreamStatistics
    /// DSCP as the far end saw it on arrival, packets by value; nil when the far end does not report it.
    public var farEndDSCP: [DSCP: Int]?
    /// DSCP of the replies as they arrived here, packets by value.
    public var returnDSCP: [DSCP: Int]
    /// The far end said that its policy forbids the mark asked for (RP = 1), so the return mark proves nothing.
    public var returnDSCPRefusedByPolicy: Bool
    /// Refused replies by reason: not of this session, malformed, failed authentication and so on.
    public var refusedReplies: [String: Int]
    /// Packets that could not be sent because this host's own network was down or had no route, by reason.
    public var linkFailures: [String: Int]
    /// The marks of the measured packets, place by place.
    public var trail: MarkTrail

    public init(
        port: UInt16,
        reachability: Reachability,
        statistics: StreamStatistics,
        farEndDSCP: [DSCP: Int]?,
        returnDSCP: [DSCP: Int],
        returnDSCPRefusedByPolicy: Bool,
        refusedReplies: [String: Int],
        linkFailures: [String: Int] = [:],
        trail: MarkTrail = MarkTrail()
    ) {
        self.port = port
        self.reachability = reachability
        self.statistics = statistics
        self.farEndDSCP = farEndDSCP
        self.returnDSCP = returnDSCP
        self.returnDSCPRefusedByPolicy = returnDSCPRefusedByPolicy
        self.refusedReplies = refusedReplies
        self.linkFailures = linkFailures
        self.trail = trail
    }
}

/// How far an endpoint's replies carry the time of their sending truly: its Follow-Up Telemetry tells when an earlier
/// reply left by its kernel, which then takes the place of the time in that reply.
public struct SendTimeCorrection: Hashable, Sendable {
    /// Replies whose time was replaced, of all replies.
    public var corrected: Int
    public var replies: Int
    /// How much later than they say those replies left.
    public var median: Nanoseconds
    public var maximum: Nanoseconds

    public init(corrected: Int, replies: Int, median: Nanoseconds, maximum: Nanoseconds) {
        self.corrected = corrected
        self.replies = replies
        self.median = median
        self.maximum = maximum
    }
}

/// What was measured of one endpoint.
public struct EndpointEvidence: Sendable {
    /// As the user wrote it, in full: `stamp://host:3478-3481`.
    public var name: String
    /// The address that was measured.
    public var address: String
    public var ports: [PortEvidence]
    public var statistics: EndpointStatistics
    /// Whether the far end's replies were authenticated.
    public var authenticated: Bool
    /// The greatest error that the far end claims of its clock; nil when it does not claim to be synchronised.
    public var farClockError: Nanoseconds?
    /// Nil where the far end sends no Follow-Up Telemetry.
    public var sendTimeCorrection: SendTimeCorrection?
    /// Who stands there, what sits in between, and which other ways there are.
    public var access: AccessEvidence

    public init(
        name: String,
        address: String,
        ports: [PortEvidence],
        statistics: EndpointStatistics,
        authenticated: Bool,
        farClockError: Nanoseconds? = nil,
        sendTimeCorrection: SendTimeCorrection? = nil,
        access: AccessEvidence = AccessEvidence()
    ) {
        self.name = name
        self.address = address
        self.ports = ports
        self.statistics = statistics
        self.authenticated = authenticated
        self.farClockError = farClockError
        self.sendTimeCorrection = sendTimeCorrection
        self.access = access
    }
}

/// How well the probe itself worked.
public struct ProbeQuality: Hashable, Sendable {
    /// How long after its place in the grid a packet left this host, its own queues included.
    public var sendErrorMedian: Nanoseconds
    public var sendErrorP99: Nanoseconds
    public var sendErrorMaximum: Nanoseconds
    /// Places in the grid at which no packet was sent.
    public var missedSends: Int
    /// Share of packets sent and received whose time is the kernel's, 0...1.
    public var kernelTimestampsRatio: Double
    /// Replies that this host's socket buffers dropped.
    public var socketDrops: Int

    public init(
        sendErrorMedian: Nanoseconds,
        sendErrorP99: Nanoseconds,
        sendErrorMaximum: Nanoseconds,
        missedSends: Int,
        kernelTimestampsRatio: Double,
        socketDrops: Int
    ) {
        self.sendErrorMedian = sendErrorMedian
        self.sendErrorP99 = sendErrorP99
        self.sendErrorMaximum = sendErrorMaximum
        self.missedSends = missedSends
        self.kernelTimestampsRatio = kernelTimestampsRatio
        self.socketDrops = socketDrops
    }
}

/// This host's clock during the check.
public struct LocalClock: Hashable, Sendable {
    public var synchronized: Bool
    /// The greatest error against UTC that the source vouches for; nil when it vouches for nothing.
    public var maximumError: Nanoseconds?
    /// Who says so: "operator", "kernel (chrony)", "kernel (systemd-timesyncd)", "kernel".
    public var source: String
    /// Steps of this host's wall clock during the check, seen by comparing it with the monotonic clock: the delays
    /// are not touched by them, but a clock that steps is not as right as it claims.
    public var steps: [ClockStep]

    public init(synchronized: Bool, maximumError: Nanoseconds?, source: String, steps: [ClockStep] = []) {
        self.synchronized = synchronized
        self.maximumError = maximumError
        self.source = source
        self.steps = steps
    }
}

/// Everything a verdict rests on.
public struct CheckEvidence: Sendable {
    public var endpoints: [EndpointEvidence]
    public var probeQuality: ProbeQuality
    public var clock: LocalClock
    /// The mark that voice needs and that the probes were sent with; nil when marking is not required.
    public var requiredDSCP: DSCP?
    /// Whether packets were captured on the wire.
    public var capture: CaptureEvidence
    /// How long probes were sent, and how long they should have been: shorter when the check was interrupted.
    public var duration: Nanoseconds
    public var intendedDuration: Nanoseconds
    public var interval: Nanoseconds
    /// How media leaves this host; nil where nobody looked.
    public var path: PathEvidence?
    /// When bounds were broken, worst first.
    public var incidents: [IncidentEvidence] = []

    public init(
        endpoints: [EndpointEvidence],
        probeQuality: ProbeQuality,
        clock: LocalClock,
        requiredDSCP: DSCP?,
        duration: Nanoseconds,
        intendedDuration: Nanoseconds,
        interval: Nanoseconds,
        capture: CaptureEvidence = .off
    ) {
        self.endpoints = endpoints
        self.probeQuality = probeQuality
        self.clock = clock
        self.requiredDSCP = requiredDSCP
        self.capture = capture
        self.duration = duration
        self.intendedDuration = intendedDuration
        self.interval = interval
    }
}
