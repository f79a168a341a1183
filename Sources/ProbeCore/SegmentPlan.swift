import Units

/// How a run without an end is cut into segments, each of which is judged by itself.
public struct SegmentPlan: Hashable, Sendable {
    /// From one cut to the next. Cuts lie at whole multiples of it on the run's own clock, counted from 1970: those of
    /// one minute at full minutes.
    public var length: Nanoseconds
    /// How long packets are kept one by one after the segment that they belong to was cut off.
    public var memory: Nanoseconds
    /// How long after its end a segment may wait for streams that are silent, in the hope that the first answer tells
    /// in which direction its last packets were lost.
    public var patience: Nanoseconds

    public static let defaultMemory = Nanoseconds.seconds(300)

    public init(
        length: Nanoseconds,
        memory: Nanoseconds = SegmentPlan.defaultMemory,
        patience: Nanoseconds = .seconds(20)
    ) {
        precondition(length > .zero)
        self.length = length
        self.memory = memory
        self.patience = patience
    }

    /// Windows of 15 s are judged with the segment in which their middle lies, so that each is judged once.
    public static let windowReach = Nanoseconds.milliseconds(7_500)
    /// How much of the run before a segment goes with it: enough for the windows that reach back, and for what a record
    /// of an incident shows of the time before.
    public static let shortestContext = Nanoseconds.seconds(30)
    /// After so many answers the jitter estimate, a filter with a gain of 1/16, has forgotten all before them: what is
    /// left is (15/16)⁶⁰⁰, less than the last bit of a number in double precision.
    static let answersToForget: Int64 = 600

    /// How much of the run before a segment goes with it, for a stream with this time between its packets.
    func context(interval: Nanoseconds) -> Nanoseconds {
        min(max(Self.shortestContext, interval * Self.answersToForget), max(memory, Self.shortestContext))
    }

    /// How long after its end a segment's packets, and those of windows that reach over it, may still be answered.
    func settling(replyTimeout: Nanoseconds) -> Nanoseconds {
        Self.windowReach + replyTimeout + .milliseconds(500)
    }

    /// The first cut after `start`, not so soon that hardly anything lies before it.
    public func firstCut(after start: WallInstant) -> WallInstant {
        let earliest = (start + length / 4).nanosecondsSinceUnixEpoch
        let step = length.count
        let rest = earliest % step
        return WallInstant(nanosecondsSinceUnixEpoch: rest == 0 ? earliest : earliest - rest + step)
    }
}

/// One piece of a run: its packets with what is needed of the run around them.
public struct LogSegment: Sendable {
    /// From 0.
    public var number: Int
    /// On the run's own clock: packets sent from `start` up to, not including, `end` are judged with it.
    public var start: WallInstant
    public var end: WallInstant
    public var log: ObservationLog

    public var duration: Nanoseconds { end - start }

    /// The greatest number of packets that one stream measured.
    public var measuredPackets: Int { log.streams.map(\.measured.count).max() ?? 0 }
}
