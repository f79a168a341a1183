import Units

/// What became of one packet.
public enum PacketFate: Hashable, Sendable, CaseIterable {
    /// Its answer came in time.
    case answered
    /// It reached the far end, but its answer came after the reply timeout.
    case late
    case lostForward
    case lostReverse
    /// Lost in one direction or the other, nobody can say which.
    case lostSomewhere
}

/// Tells for each lost packet in which direction it was lost (RFC 7680 in each direction).
///
/// Each number that a stateful reflector used but that never arrived is a reply lost in reverse; lost packets with
/// no such number were lost forward. Lost packets and missing numbers are paired where they stand: the missing
/// number lies between two numbers that arrived, and the packets between those two are its candidates. Where there
/// are more candidates than missing numbers the counts are exact and the earliest packets are taken. Where such
/// candidates stand on both sides of an edge of the measured packets, those that may belong to either stay
/// `lostSomewhere`.
struct LossAttribution {
    var fates: [PacketFate]
    /// Numbers used for replies to duplicates of which no copy arrived: by the packet near which they were used.
    var unseenForwardCopies: [Int]

    /// Losses before the first and after the last reply of an epoch, and all losses where `attributes` denies an
    /// epoch, stay `lostSomewhere`.
    init(
        _ stream: MatchedStream,
        numbering: ReflectorNumbering?,
        attributes: (ReflectorNumbering.Epoch) -> Bool
    ) {
        fates = stream.firstReply.map { index in
            guard let index else { return .lostSomewhere }
            return stream.replies[index].isLate ? .late : .answered
        }
        unseenForwardCopies = []
        guard let numbering else { return }
        let second = Nanoseconds.seconds(1).packets(every: stream.interval) ?? 1
        for (index, epoch) in numbering.epochs.enumerated() where attributes(epoch) {
            let isFirst = index == 0 && stream.firstSequence == 0
            // A row of losses that crosses a cut between parts of the run is told alike from both sides, so that its
            // parts add up; only at an edge of the run is it open what belongs to it.
            attribute(epoch, measured: stream.run, isFirst: isFirst, reorderingAllowance: second)
        }
    }

    private mutating func attribute(
        _ epoch: ReflectorNumbering.Epoch,
        measured: Range<Int>,
        isFirst: Bool,
        reorderingAllowance: Int
    ) {
        guard let first = epoch.replies.first else { return }
        let order = ForwardOrder(epoch.replies, measured: measured)
        let lost = (order.lowest..<order.highest).filter { fates[$0] == .lostSomewhere }
        for sequence in lost { fates[sequence] = .lostForward }
        // No reply went out before number 0, so what was sent before it never arrived.
        if isFirst, first.number == 0 {
            for sequence in 0..<order.lowest where fates[sequence] == .lostSomewhere { fates[sequence] = .lostForward }
        }
        var gaps = order.gaps
        if let known = order.gapOfDoubledPacket(lost, measured: measured) {
            unseenForwardCopies.append(gaps.remove(at: known).after)
        }
        var pairing = LossPairing(lost, gaps, allowance: order.extent)
        // A reply of which nothing was seen may have gone to a duplicate, or to a packet more delayed than any that
        // was answered. Where no duplicates were seen the latter is assumed, up to a second's delay.
        var allowance = order.extent
        while !order.hasCopies, !pairing.gapsLeft.isEmpty, allowance < reorderingAllowance {
            allowance = min(2 * allowance + 1, reorderingAllowance)
            pairing = LossPairing(lost, gaps, allowance: allowance)
        }
        for sequence in pairing.paired { fates[sequence] = .lostReverse }
        unseenForwardCopies += pairing.gapsLeft.map(\.after)
        for edge in [measured.lowerBound, measured.upperBound] { admitAmbiguity(across: edge, measured: measured) }
    }

    /// Of packets lost in a row, the numbers tell how many were lost in each direction, not which: where the row
    /// crosses the edge of the measured packets, how many of these are among them is known only within bounds.
    private mutating func admitAmbiguity(across edge: Int, measured: Range<Int>) {
        func isLost(_ sequence: Int) -> Bool { fates[sequence] == .lostForward || fates[sequence] == .lostReverse }
        guard fates.indices.contains(edge), edge > 0 else { return }
        var row = edge..<edge
        while row.lowerBound > 0, isLost(row.lowerBound - 1) { row = (row.lowerBound - 1)..<row.upperBound }
        while row.upperBound < fates.count, isLost(row.upperBound) { row = row.lowerBound..<(row.upperBound + 1) }
        let inside = row.clamped(to: measured)
        let outside = row.count - inside.count
        let reverse = row.count { fates[$0] == .lostReverse }
        let surelyReverse = max(0, reverse - outside)
        let surelyForward = max(0, inside.count - reverse)
        guard surelyReverse + surelyForward < inside.count else { return }
        for (place, sequence) in inside.enumerated() {
            fates[sequence] =
                place < surelyReverse
                ? .lostReverse : place < surelyReverse + surelyForward ? .lostForward : .lostSomewhere
        }
    }

    /// More replies are missing than duplicates of packets explain: the reflector counts something other than this
    /// session.
    var contradictsNumbering: Bool { unseenForwardCopies.count > max(8, fates.count / 10) }
}

/// The order in which packets reached the reflector, as its numbers tell.
private struct ForwardOrder {
    /// A number whose reply did not arrive.
    struct Gap: Equatable {
        /// The latest packet answered before it. What it answered was sent later, if nothing was overtaken.
        var after: Int
        /// The first packet answered after it that is later than that. What it answered was sent earlier, if nothing
        /// was overtaken.
        var before: Int
    }

    var lowest: Int
    var highest: Int
    /// By how many packets the most delayed one was overtaken.
    var extent = 0
    /// A measured packet was answered more than once.
    var hasCopies = false
    /// A packet of the lead-in was answered more than once: one of them is sent twice on purpose.
    var hasCopiesInLeadIn = false
    var gaps: [Gap] = []

    /// `replies` in the order of their numbers.
    init(_ replies: [ReflectorNumbering.Numbered], measured: Range<Int>) {
        lowest = replies.map(\.sequence).min() ?? 0
        highest = replies.first?.sequence ?? 0
        let next = Self.nextInOrder(replies.map(\.sequence))
        var seen: Set<Int> = []
        for (index, reply) in replies.enumerated() {
            if index > 0 {
                for _ in 1..<(reply.number - replies[index - 1].number) {
                    gaps.append(Gap(after: highest, before: next[index]))
                }
            }
            if seen.insert(reply.sequence).inserted {
                extent = max(extent, highest - reply.sequence)
            } else if measured.contains(reply.sequence) {
                hasCopies = true
            } else if reply.sequence < measured.lowerBound {
                hasCopiesInLeadIn = true
            }
            highest = max(highest, reply.sequence)
        }
    }

    /// The missing number, by its place in ``gaps``, that the lead-in's doubled packet took and of which no reply came.
    ///
    /// That it was doubled is known, so its second reply must not be taken for one to a lost packet: if it were, each
    /// later gap would move on to the next lost packet. Nil where the doubling was seen, and where a packet of the
    /// lead-in that was overtaken may as well have taken the number.
    func gapOfDoubledPacket(_ lost: [Int], measured: Range<Int>) -> Int? {
        guard !hasCopiesInLeadIn else { return nil }
        let strict = LossPairing(lost, gaps, allowance: 0)
        guard let left = strict.gapsLeft.first, left.after < measured.lowerBound else { return nil }
        let paired = Set(strict.paired)
        guard !lost.contains(where: { $0 < measured.lowerBound && !paired.contains($0) }) else { return nil }
        return gaps.firstIndex(of: left)
    }

    /// For each place the first packet from there on that is later than all before it.
    private static func nextInOrder(_ sequences: [Int]) -> [Int] {
        var highest = -1
        let inOrder = sequences.map { sequence in
            defer { highest = max(highest, sequence) }
            return sequence > highest
        }
        var next = highest + 1
        var result = sequences
        for index in sequences.indices.reversed() {
            if inOrder[index] { next = sequences[index] }
            result[index] = next
        }
        return result
    }
}

/// Pairs missing numbers with lost packets. Both these and those that are known may have been overtaken by up to
/// `allowance` others. Both bounds of the gaps rise, so giving each gap the earliest packet left within its bounds
/// pairs as many as can be.
private struct LossPairing {
    var paired: [Int] = []
    /// Those for which no packet was left.
    var gapsLeft: [ForwardOrder.Gap] = []

    init(_ lost: [Int], _ gaps: [ForwardOrder.Gap], allowance: Int) {
        var rest = lost[...]
        for gap in gaps {
            rest = rest.drop { $0 <= gap.after - allowance }
            if let next = rest.first, next < gap.before + allowance {
                paired.append(next)
                rest.removeFirst()
            } else {
                gapsLeft.append(gap)
            }
        }
    }
}
