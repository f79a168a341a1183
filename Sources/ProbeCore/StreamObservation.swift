import Units

/// One packet that left this host.
public struct SentPacket: Hashable, Sendable {
    /// When it left, by the run's own clock: the kernel's transmit timestamp where there is one, else the time read
    /// just before the send call.
    public var sentAt: WallInstant
    public var hasKernelTimestamp: Bool

    public init(sentAt: WallInstant, hasKernelTimestamp: Bool) {
        self.sentAt = sentAt
        self.hasKernelTimestamp = hasKernelTimestamp
    }
}

/// The far end's two timestamps in one reply, by the far end's clock.
public struct FarTimestamps: Hashable, Sendable {
    /// T2: when the request arrived at the session-reflector.
    public var receivedAt: WallInstant
    /// T3: when the reply left it.
    public var sentAt: WallInstant

    public init(receivedAt: WallInstant, sentAt: WallInstant) {
        self.receivedAt = receivedAt
        self.sentAt = sentAt
    }
}

/// One reply that arrived.
public struct ReceivedReply: Hashable, Sendable {
    /// The sequence number of the request that it answers.
    public var sequence: UInt32
    /// T4, by the run's own clock: the kernel's receive timestamp where there is one.
    public var arrivedAt: WallInstant
    public var hasKernelTimestamp: Bool
    /// Nil when the far end gave no usable timestamps.
    public var far: FarTimestamps?
    /// The session-reflector's own sequence number; equal to `sequence` from a stateless reflector; nil where the
    /// protocol has none.
    public var reflectorSequence: UInt32?

    public init(
        sequence: UInt32,
        arrivedAt: WallInstant,
        hasKernelTimestamp: Bool,
        far: FarTimestamps?,
        reflectorSequence: UInt32?
    ) {
        self.sequence = sequence
        self.arrivedAt = arrivedAt
        self.hasKernelTimestamp = hasKernelTimestamp
        self.far = far
        self.reflectorSequence = reflectorSequence
    }
}

/// All that one stream of probes saw, before any statistic: what the probe core hands on.
///
/// All local times are on the run's own clock (``ClockReading/wall(at:)``): the wall clock as it stood when the run
/// began, carried on by `CLOCK_MONOTONIC`, so that it never steps.
public struct StreamObservation: Sendable {
    /// The time between two packets of the stream as asked for.
    public var interval: Nanoseconds
    /// A reply later than this after its request counts as lost, and is counted as late.
    public var replyTimeout: Nanoseconds
    /// Every packet sent, in order: `sent[n]` is packet n, counted from ``firstSequence``.
    public var sent: [SentPacket]
    /// Every reply, in the order of arrival, duplicates included.
    public var replies: [ReceivedReply]
    /// The packets that count, of those in `sent`. Those before (lead-in: they wake up address resolution and anchor the reflector's
    /// numbering) and those after (tail: they settle in which direction the last losses happened) do not.
    public var measured: Range<Int>
    /// The packets that count in the run of which this is a part, ``measured`` among them: windows of time reach over
    /// the cuts between parts, and what jitter was before a cut it still is after it. The same as `measured` where a
    /// run is judged as a whole.
    public var run: Range<Int>
    /// The number on the wire of `sent[0]`.
    public var firstSequence: UInt32

    /// - Parameter run: nil where `measured` is all of it.
    public init(
        interval: Nanoseconds,
        replyTimeout: Nanoseconds,
        sent: [SentPacket],
        replies: [ReceivedReply],
        measured: Range<Int>,
        run: Range<Int>? = nil,
        firstSequence: UInt32 = 0
    ) {
        self.interval = interval
        self.replyTimeout = replyTimeout
        self.sent = sent
        self.replies = replies
        self.measured = measured
        self.run = run ?? measured
        self.firstSequence = firstSequence
    }
}
