import Units

/// The absolute times at which packets leave: every stream once an interval, the streams spread evenly within it.
///
/// Slot n belongs to stream n mod `streams` of round n / `streams`. Times are computed from the start, never from
/// the previous send, so errors do not add up.
public struct SendGrid: Hashable, Sendable {
    public struct Slot: Hashable, Sendable {
        public var stream: Int
        public var round: Int
        public var at: MonotonicInstant
    }

    public let start: MonotonicInstant
    public let interval: Nanoseconds
    public let streams: Int
    private var stream = 0
    private var round = 0

    public init(start: MonotonicInstant, interval: Nanoseconds, streams: Int) {
        precondition(streams > 0 && interval > .zero)
        self.start = start
        self.interval = interval
        self.streams = streams
    }

    /// The earliest slot not yet taken.
    public var next: Slot {
        Slot(stream: stream, round: round, at: start + interval * Int64(round) + offset(of: stream))
    }

    /// Where in the interval a stream's packets lie.
    public func offset(of stream: Int) -> Nanoseconds { interval * Int64(stream) / Int64(streams) }

    public mutating func advance() {
        stream += 1
        if stream == streams {
            stream = 0
            round += 1
        }
    }
}
