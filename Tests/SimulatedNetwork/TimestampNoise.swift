import Units

/// How much later, or for departures earlier, timestamps are than the packets' passing the network interface, at
/// most. Each is drawn evenly between nothing and this.
public struct TimestampNoise: Hashable, Sendable {
    /// Whether this host's kernel timestamps its packets; else times are read in the process.
    public var localKernel = true
    /// Every kernel timestamp, at both ends.
    public var kernel = Nanoseconds.microseconds(15)
    /// From the request's arrival to T3, beyond the kernel's share.
    public var farStay = Nanoseconds.microseconds(80)
    /// From T3 to the far kernel's transmit timestamp.
    public var farSendDelay = Nanoseconds.microseconds(12)
    /// From a place in the grid to the send call.
    public var sendLateness = Nanoseconds.microseconds(60)
    /// From a local kernel timestamp to the process's reading of its clocks, and from the send call to the kernel's.
    public var processLatency = Nanoseconds.microseconds(40)

    public init() {}
}
