import ProbeCore
import Units

/// What became of the packets of one stream that count in one direction, in the order of sending.
struct LossSample {
    enum Outcome: Hashable {
        case delivered
        case lost
        /// Never entered this direction.
        case absent
    }

    /// Of the run as far as it is known, so that windows reach over the cuts between its parts.
    var outcomes: [Outcome]
    /// Those of the measured packets.
    var judged: Range<Int>
    /// When each was sent; as many as `outcomes`.
    var sentAt: [WallInstant]
    var interval: Nanoseconds
    /// Packets of which nobody can say whether they were lost in this direction.
    var unattributed: Int
    /// Whether the unattributed ones certainly entered this direction; they are then among `outcomes`.
    var unattributedWereOffered: Bool
}

extension LossSample {
    /// Packets were sent further apart than was planned: a server that limits is asked less often.
    var wasThinned: Bool {
        guard let first = sentAt.first, let last = sentAt.last, sentAt.count > 1 else { return false }
        let planned = interval * Int64(sentAt.count - 1)
        return last - first > planned + planned / 4 + interval * 2
    }

    enum Direction {
        case forward, reverse, roundTrip
    }

    /// A packet that is late reached the far end, so what was late or lost was its answer.
    init(_ stream: MatchedStream, _ fates: [PacketFate], _ direction: Direction) {
        let measured = fates[stream.measured]
        outcomes = fates[stream.run].map { Self.outcome($0, direction) }
        judged = stream.measured.lowerBound - stream.run.lowerBound..<stream.measured.upperBound - stream.run.lowerBound
        sentAt = Array(stream.sentAt[stream.run])
        interval = stream.interval
        unattributed = direction == .roundTrip ? 0 : measured.filter { $0 == .lostSomewhere }.count
        unattributedWereOffered = direction == .forward
    }

    /// What became of the measured packets, and when they were sent.
    var judgedOutcomes: ArraySlice<Outcome> { outcomes[judged] }
    var judgedSentAt: ArraySlice<WallInstant> { sentAt[judged] }

    private static func outcome(_ fate: PacketFate, _ direction: Direction) -> Outcome {
        switch (fate, direction) {
        case (.answered, _): .delivered
        case (_, .roundTrip): .lost
        case (.lostForward, .forward): .lost
        case (_, .forward): .delivered
        case (.lostReverse, .reverse), (.late, .reverse): .lost
        case (.lostForward, .reverse), (.lostSomewhere, .reverse): .absent
        }
    }
}
