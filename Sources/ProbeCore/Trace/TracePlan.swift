import Units

/// How a path is traced: how far, how often, how gently.
///
/// Probes go out in waves. A wave is one probe to one port at each TTL, and two probes with the same TTL are an interval
/// apart, so that no router has to report more than one of them in an interval however many ports there are: many
/// answer once a second and no more (RFC 1812 §4.3.2.8).
public struct TracePlan: Hashable, Sendable {
    /// How many ports, each a flow of its own.
    public var flows: Int
    /// Probes for each port at each TTL.
    public var queries: Int
    /// The greatest TTL.
    public var maximumHops: Int
    /// Between two probes with the same TTL.
    public var interval: Nanoseconds
    /// How long an answer may take to count.
    public var timeout: Nanoseconds

    public init(flows: Int, queries: Int, maximumHops: Int, interval: Nanoseconds, timeout: Nanoseconds) {
        precondition(flows > 0 && queries > 0 && (1...255).contains(maximumHops))
        self.flows = flows
        self.queries = queries
        self.maximumHops = maximumHops
        self.interval = interval
        self.timeout = timeout
    }

    public var waves: Int { flows * queries }

    /// Between two probes of a wave: all of them within half of the interval, yet never in a burst.
    public var spacing: Nanoseconds {
        min(.milliseconds(50), max(.milliseconds(2), interval / Int64(2 * maximumHops)))
    }

    /// From one wave to the next at the least.
    public var waveInterval: Nanoseconds { max(interval, spacing * Int64(maximumHops)) }

    /// How long the trace may take at the most, whatever answers and whatever does not: a wave that begins with the TTL
    /// that the one before it ended with waits an interval for it.
    public var longest: Nanoseconds {
        let wave = spacing * Int64(maximumHops)
        return (interval + wave) * Int64(waves - 1) + wave + timeout
    }
}

/// A probe to be sent now.
public struct TraceSend: Hashable, Sendable {
    /// Which of the plan's flows.
    public var flow: Int
    public var hopLimit: UInt8
    /// Counted from 0 within the flow.
    public var query: Int

    public init(flow: Int, hopLimit: UInt8, query: Int) {
        self.flow = flow
        self.hopLimit = hopLimit
        self.query = query
    }
}

public enum TraceAction: Hashable, Sendable {
    case send(TraceSend)
    /// Nothing to send before.
    case wait(until: MonotonicInstant)
    case finished
}
