import Units

/// How far a clock may have strayed from the straight line that was laid through a segment: because it was slewed, or
/// stepped by less than is looked for.
///
/// The segment is taken in twelve parts. Where the clock strays, a part's floors leave the line in opposite ways by
/// as much, and their sum, the least round trip, stays. How far that sum varies tells how far chance moves floors.
/// What is less than this, or than half a millisecond, cannot be told from chance, so that it is allowed for instead.
/// At the very ends of a run, in the part of a second that no second window can confirm, no packets but its own bear
/// witness to the clock; lead-in and tail, which are not measured, lie there.
struct ClockBend {
    /// Some part of the segment lies off the line by more than chance explains.
    private(set) var isSeen = false
    /// By how much the clock may have strayed without its being seen, nanoseconds.
    private(set) var unseen = Self.smallest

    /// Nanoseconds off the straight line that are put up with.
    private static let smallest = 500_000.0
    private static let parts = 12
    private static let fewestPairsInPart = 5

    init(_ pairs: ArraySlice<ClockPair>, _ segment: ClockSegment, timestampError: Nanoseconds) {
        unseen = max(Self.smallest, 4 * Double(timestampError.count))
        let floors = Self.floors(pairs, segment)
        guard let forward = Self.median(floors.map(\.forward)), let reverse = Self.median(floors.map(\.reverse)) else {
            return
        }
        let chance = Self.median(floors.map { abs($0.forward - forward + $0.reverse - reverse) }) ?? 0
        let threshold = max(unseen, 3 * chance)
        // A straight clock leaves as much room in the whole segment as in its narrowest part: a bend takes some away.
        let room =
            Self.least(floors.map { $0.forward + $0.reverse })
            - Self.least(floors.map(\.forward)) - Self.least(floors.map(\.reverse))
        unseen = max(threshold, room)
        isSeen = floors.contains {
            let jump = FloorJump(forward: $0.forward - forward, reverse: $0.reverse - reverse, elapsed: 1)
            return jump.isClocks(threshold: threshold)
        }
    }

    /// Each part's least delays with the line removed, of parts with enough pairs.
    private static func floors(
        _ pairs: ArraySlice<ClockPair>,
        _ segment: ClockSegment
    ) -> [(forward: Double, reverse: Double)] {
        guard let first = pairs.first, let last = pairs.last, last.sentAt > first.sentAt else { return [] }
        let length = Double((last.sentAt - first.sentAt).count)
        var floors = Array(repeating: (forward: Double.infinity, reverse: Double.infinity, count: 0), count: parts)
        for pair in pairs {
            let place = Double((pair.sentAt - first.sentAt).count) / length * Double(parts)
            let part = min(parts - 1, Int(place))
            let forward = pair.forward - segment.offset(at: pair.farReceivedAt)
            let reverse = pair.reverse + segment.offset(at: pair.farSentAt)
            floors[part].forward = min(floors[part].forward, Double(forward.count))
            floors[part].reverse = min(floors[part].reverse, Double(reverse.count))
            floors[part].count += 1
        }
        return floors.filter { $0.count >= fewestPairsInPart }.map { ($0.forward, $0.reverse) }
    }

    private static func least(_ values: [Double]) -> Double { values.min() ?? 0 }

    private static func median(_ values: [Double]) -> Double? { Quantiles.nearestRank(50, of: values.sorted()) }
}
