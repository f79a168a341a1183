import ProbeCore
import Units

/// The delays of one reply, as far as they can be told.
struct KeptDelays {
    var forward: Nanoseconds?
    var reverse: Nanoseconds?
    var roundTrip: Nanoseconds?
    var stay: Nanoseconds?
}

extension JudgedStream {
    func delays(of reply: MatchedStream.Reply) -> KeptDelays {
        var delays = KeptDelays()
        // Over a step of the far clock the time that the packet stayed there is not known.
        guard clock?.mayHaveStepped(during: reply) != true else {
            delays.roundTrip = reply.arrivedAt - reply.sentAt
            return delays
        }
        delays.roundTrip = reply.roundTrip
        delays.stay = reply.far.map { $0.sentAt - $0.receivedAt }
        if let oneWay = ClockPair(reply).flatMap({ clock?.delays($0) }) {
            (delays.forward, delays.reverse) = (oneWay.forward, oneWay.reverse)
        }
        return delays
    }

    /// Those that count, over the cuts of a run that is judged in parts; of packets after a cut those whose answer may
    /// still be on its way are left out.
    private var known: Range<Int> {
        guard stream.measured.upperBound < stream.run.upperBound, let last = stream.sentAt.last else {
            return stream.run
        }
        var end = stream.run.upperBound
        while end > stream.measured.upperBound, last - stream.sentAt[end - 1] <= stream.replyTimeout { end -= 1 }
        return stream.run.lowerBound..<end
    }

    /// Every packet that counts. One of the lead-in is doubled on purpose and would only raise questions.
    func packets(_ watched: WatchedStream) -> [KeptPacket] {
        let reordered = reorderedWays()
        let duplicated = duplicatedWays()
        return known.map { index in
            var packet = KeptPacket(
                sequence: watched.firstSequence &+ UInt32(truncatingIfNeeded: index),
                sentAt: stream.sentAt[index],
                fate: directions.fates[index],
                reordered: reordered[index] ?? [],
                duplicated: duplicated[index] ?? []
            )
            guard let place = stream.firstReply[index] else { return packet }
            let delays = delays(of: stream.replies[place])
            (packet.forward, packet.reverse) = (delays.forward, delays.reverse)
            (packet.roundTrip, packet.stay) = (delays.roundTrip, delays.stay)
            if index < watched.marks.count, let marks = watched.marks[index] {
                (packet.farMark, packet.returnedMark) = (marks.far, marks.returned)
            }
            return packet
        }
    }

    /// By packet. Where the far end's own numbers tell in which order packets reached it, the two directions are told
    /// apart.
    private func reorderedWays() -> [Int: KeptPacket.Ways] {
        let inTime = stream.replies.indices.filter { stream.replies[$0].isFirst && !stream.replies[$0].isLate }
        var ways: [Int: KeptPacket.Ways] = [:]
        guard let order = directions.forwardOrder else {
            for sequence in Self.overtaken(inTime.map { stream.replies[$0].sequence }) { ways[sequence] = .unknown }
            return ways
        }
        for sequence in Self.overtaken(order.map { stream.replies[$0].sequence }) { ways[sequence] = .forward }
        let ranks = Dictionary(order.enumerated().map { ($1, $0) }) { first, _ in first }
        for rank in Self.overtaken(inTime.compactMap { ranks[$0] }) {
            ways[stream.replies[order[rank]].sequence, default: []].insert(.reverse)
        }
        return ways
    }

    /// Those that arrive after one that is greater (RFC 4737 §3.3).
    private static func overtaken(_ arrivals: [Int]) -> [Int] {
        var latest = Int.min
        return arrivals.filter { key in
            latest = max(latest, key)
            return key < latest
        }
    }

    /// By packet, of those of which more than one reply came. A copy with a number of its own was made on the way
    /// there, one with a number that was there before on the way back.
    private func duplicatedWays() -> [Int: KeptPacket.Ways] {
        var ways: [Int: KeptPacket.Ways] = [:]
        var numbers: [Int: Set<UInt32>] = [:]
        let isTold = directions.forwardDuplicates != nil
        for reply in stream.replies {
            let isNew =
                reply.reflectorSequence.map { numbers[reply.sequence, default: []].insert($0).inserted } ?? false
            guard !reply.isFirst else { continue }
            ways[reply.sequence, default: []].insert(!isTold ? .unknown : isNew ? .forward : .reverse)
        }
        return ways
    }
}
