import ProbeCore
import Units
import Wire

/// What one stream speaks, and what each of its packets is.
public enum ProbeConfiguration: Sendable {
    case stamp(SessionSenderConfiguration)
    case stun(StunClientConfiguration)

    /// UDP payload octets of every request.
    public var payloadLength: Int {
        switch self {
        case .stamp(let configuration): configuration.payloadLength
        case .stun(let configuration): configuration.payloadLength
        }
    }
}

/// One stream of probes: where to, and what each packet is.
public struct StreamPlan: Sendable {
    public var destination: SocketAddress
    public var dscp: DSCP
    public var probe: ProbeConfiguration
    /// The stream sends in every so manieth round of the grid.
    public var roundsPerPacket: Int

    public init(destination: SocketAddress, dscp: DSCP, probe: ProbeConfiguration, roundsPerPacket: Int = 1) {
        self.destination = destination
        self.dscp = dscp
        self.probe = probe
        self.roundsPerPacket = max(1, roundsPerPacket)
    }

    public init(destination: SocketAddress, dscp: DSCP, sender: SessionSenderConfiguration) {
        self.init(destination: destination, dscp: dscp, probe: .stamp(sender))
    }
}

/// A whole run of the probe thread.
public struct ProbePlan: Sendable {
    public var streams: [StreamPlan]
    public var run: RunPlan
    public var interval: Nanoseconds
    /// How long after its request a reply may come.
    public var replyTimeout: Nanoseconds
    /// What this host says of its clock in every request.
    public var errorEstimate: ErrorEstimate

    public init(
        streams: [StreamPlan],
        run: RunPlan,
        interval: Nanoseconds,
        replyTimeout: Nanoseconds,
        errorEstimate: ErrorEstimate
    ) {
        self.streams = streams
        self.run = run
        self.interval = interval
        self.replyTimeout = replyTimeout
        self.errorEstimate = errorEstimate
    }
}
