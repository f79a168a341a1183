import ProbeCore
import Units
import Wire

/// One stream of probes: where to, and what each packet is.
public struct StreamPlan: Sendable {
    public var destination: SocketAddress
    public var dscp: DSCP
    public var sender: SessionSenderConfiguration

    public init(destination: SocketAddress, dscp: DSCP, sender: SessionSenderConfiguration) {
        self.destination = destination
        self.dscp = dscp
        self.sender = sender
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
