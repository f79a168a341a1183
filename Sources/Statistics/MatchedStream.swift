import ProbeCore
import Units

/// One stream's replies matched to its requests, in the order of arrival.
struct MatchedStream {
    /// A reply to a packet that was sent, which did not arrive before it.
    struct Reply {
        var sequence: Int
        var sentAt: WallInstant
        var arrivedAt: WallInstant
        /// Nil where the far end gave none, or gave some that cannot be true.
        var far: FarTimestamps?
        var reflectorSequence: UInt32?
        /// The first copy to arrive; only this one counts.
        var isFirst: Bool
        /// Arrived after the reply timeout.
        var isLate: Bool

        /// (T4 − T1) − (T3 − T2), or T4 − T1 where T2 and T3 are not known (RFC 2681).
        var roundTrip: Nanoseconds {
            let whole = arrivedAt - sentAt
            guard let far else { return whole }
            return whole - (far.sentAt - far.receivedAt)
        }
    }

    var interval: Nanoseconds
    var replyTimeout: Nanoseconds
    var sentAt: [WallInstant]
    var measured: Range<Int>
    /// The packets that count in the run, `measured` among them.
    var run: Range<Int>
    /// The number on the wire of the first packet.
    var firstSequence: UInt32
    var replies: [Reply]
    /// Where in `replies` the first copy of each packet's answer stands; nil where none came, in time or late.
    var firstReply: [Int?]

    init(_ observation: StreamObservation) {
        interval = observation.interval
        replyTimeout = observation.replyTimeout
        sentAt = observation.sent.map(\.sentAt)
        measured = observation.measured.clamped(to: 0..<observation.sent.count)
        run = observation.run.clamped(to: 0..<observation.sent.count)
        firstSequence = observation.firstSequence
        replies = []
        replies.reserveCapacity(observation.replies.count)
        firstReply = Array(repeating: nil, count: observation.sent.count)
        for reply in observation.replies { take(reply) }
    }

    private mutating func take(_ reply: ReceivedReply) {
        let sequence = Int(reply.sequence)
        guard sequence < sentAt.count else { return }
        let elapsed = reply.arrivedAt - sentAt[sequence]
        guard elapsed >= .zero else { return }
        let isFirst = firstReply[sequence] == nil
        if isFirst { firstReply[sequence] = replies.count }
        replies.append(
            Reply(
                sequence: sequence,
                sentAt: sentAt[sequence],
                arrivedAt: reply.arrivedAt,
                far: reply.far.flatMap { Self.plausible($0, within: elapsed) },
                reflectorSequence: reply.reflectorSequence,
                isFirst: isFirst,
                isLate: elapsed > replyTimeout
            )
        )
    }

    /// The far end cannot have kept the packet for less than no time, nor for longer than it was away.
    private static func plausible(_ far: FarTimestamps, within elapsed: Nanoseconds) -> FarTimestamps? {
        let stay = far.sentAt - far.receivedAt
        return stay >= .zero && stay <= elapsed ? far : nil
    }

    /// The reply that counts for a packet; nil when none came in time.
    func answer(to sequence: Int) -> Reply? {
        guard let index = firstReply[sequence], !replies[index].isLate else { return nil }
        return replies[index]
    }

    /// Whether any packet was answered in time, the lead-in and the tail included.
    var wasAnswered: Bool { replies.contains { $0.isFirst && !$0.isLate } }

    /// Whether the packets that count cover `duration`.
    func covers(_ duration: Nanoseconds) -> Bool {
        guard interval > .zero, !run.isEmpty else { return false }
        // A server that limits is asked less often than was planned, which covers no less time.
        let span = sentAt[run.upperBound - 1] - sentAt[run.lowerBound] + interval
        return max(interval * Int64(run.count), span) >= duration
    }

    /// Whether the run is judged as a whole.
    var isWhole: Bool { run == measured }

    /// The time that the measured packets stand for: from the first up to the one after them, which is judged with
    /// another part of the run; open at an end of the run. Nil where nothing was measured.
    var judgedTime: JudgedTime? {
        guard !measured.isEmpty else { return nil }
        return JudgedTime(
            from: measured.lowerBound > run.lowerBound ? sentAt[measured.lowerBound] : nil,
            until: measured.upperBound < run.upperBound ? sentAt[measured.upperBound] : nil
        )
    }
}
