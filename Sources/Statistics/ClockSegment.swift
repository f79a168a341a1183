import Units

/// A stretch of a run in which the offset between the two clocks is a straight line.
struct ClockSegment {
    /// Requests sent in this span belong to it.
    var start: WallInstant
    var end: WallInstant
    /// How many clock steps lie before it.
    var era: Int
    /// Half the width that physics alone leaves to the offset.
    var physicalUncertainty: Nanoseconds
    /// Whether the clocks' claims are possible; true without claims.
    var claimsHold: Bool
    var skew: ClockSkew
    /// How far the true offset may lie below and above the estimate, anywhere in the segment; zero lies between.
    var deviation: ClosedRange<Double>

    /// Far times count from here.
    private var origin: WallInstant
    /// Offsets count from here.
    private var base: Nanoseconds
    private var line: OffsetLine
    /// The far-time span.
    private var span: ClosedRange<Double>

    /// The offset is right to within ± this, anywhere in the segment.
    var uncertainty: Nanoseconds {
        Nanoseconds(rounding: max(-deviation.lowerBound, deviation.upperBound).rounded(.up))
    }

    /// The estimated offset at the middle.
    var offset: Nanoseconds {
        base + Nanoseconds(rounding: line.value(at: (span.lowerBound + span.upperBound) / 2))
    }

    /// The estimated offset when the far clock showed `instant`.
    func offset(at instant: WallInstant) -> Nanoseconds {
        base + Nanoseconds(rounding: line.value(at: Double((instant - origin).count)))
    }

    /// The two one-way delays of a pair of this segment. A negative one can only be rounding or timestamping.
    func delays(_ pair: ClockPair) -> (forward: Nanoseconds, reverse: Nanoseconds) {
        (
            max(.zero, pair.forward - offset(at: pair.farReceivedAt)),
            max(.zero, pair.reverse + offset(at: pair.farSentAt))
        )
    }
}

extension ClockSegment {
    /// The straight line that the pairs allow; nil when they allow none.
    ///
    /// Along far time, the forward transits bound the offset from above and the negated reverse transits from below;
    /// `timestampError`, what all timestamps of one direction may be off together, widens both bounds. `claim` is
    /// the greatest offset that the clocks' claims allow: it is used where it is possible.
    init?(_ pairs: ArraySlice<ClockPair>, era: Int, timestampError: Nanoseconds, claim: Nanoseconds?) {
        guard let first = pairs.first, let last = pairs.last else { return nil }
        let points = SegmentPoints(pairs, origin: first.farReceivedAt, base: first.offset)
        let error = Double(timestampError.count)
        let ceiling = LowerHull(points.forward)
        let floor = LowerHull(points.reverse)
        guard
            let physics = FeasibleLines(below: ceiling.raised(by: error), above: floor.raised(by: error))
        else { return nil }
        let exact = FeasibleLines(below: ceiling, above: floor)
        skew = ClockSkew(forward: points.forward, reverse: points.reverse, timestampError: error)
        start = first.sentAt
        end = last.sentAt
        origin = first.farReceivedAt
        base = first.offset
        span = points.span
        self.era = era
        line = (exact ?? physics).centre(preferring: skew.slope)
        deviation = Self.deviation(of: physics, from: line, over: span)
        claimsHold = true
        physicalUncertainty = .zero
        physicalUncertainty = uncertainty
        if let claim { tighten(ceiling, floor, claim: claim, timestampError: error) }
    }

    /// Takes the claims as further bounds, if they leave anything.
    private mutating func tighten(_ ceiling: LowerHull, _ floor: LowerHull, claim: Nanoseconds, timestampError: Double)
    {
        let highest = Double((claim - base).count)
        let lowest = Double((.zero - claim - base).count)
        let above = [span.lowerBound, span.upperBound].map { LowerHull.Point(x: $0, y: highest) }
        let below = [span.lowerBound, span.upperBound].map { LowerHull.Point(x: $0, y: -lowest) }
        guard
            let allowed = FeasibleLines(
                below: ceiling.raised(by: timestampError, including: above),
                above: floor.raised(by: timestampError, including: below)
            )
        else {
            claimsHold = false
            return
        }
        let exact = FeasibleLines(
            below: ceiling.raised(by: 0, including: above),
            above: floor.raised(by: 0, including: below)
        )
        line = (exact ?? allowed).centre(preferring: skew.slope)
        deviation = Self.deviation(of: allowed, from: line, over: span)
    }

    /// The same, if the clock may have strayed from the line by so much, nanoseconds, without its being seen; never
    /// further than the claims allow.
    func allowing(_ unseen: Double, claim: Nanoseconds?) -> ClockSegment {
        var segment = self
        var low = deviation.lowerBound - unseen
        var high = deviation.upperBound + unseen
        if let claim, claimsHold {
            let ends = [line.value(at: span.lowerBound), line.value(at: span.upperBound)]
            let (least, greatest) = (min(ends[0], ends[1]), max(ends[0], ends[1]))
            high = min(high, max(deviation.upperBound, Double((claim - base).count) - least))
            low = max(low, min(deviation.lowerBound, Double((.zero - claim - base).count) - greatest))
        }
        segment.deviation = low...high
        return segment
    }

    /// The highest and the lowest line are convex and concave along the span, so the ends are the extremes.
    private static func deviation(
        of lines: FeasibleLines,
        from estimate: OffsetLine,
        over span: ClosedRange<Double>
    ) -> ClosedRange<Double> {
        let ends = [span.lowerBound, span.upperBound]
        let low = ends.map { lines.lowest(at: $0) - estimate.value(at: $0) }.reduce(0, min)
        let high = ends.map { lines.highest(at: $0) - estimate.value(at: $0) }.reduce(0, max)
        return low...high
    }
}

/// The pairs of a segment as points over far time, small enough numbers for floating point.
private struct SegmentPoints {
    var forward: [LowerHull.Point] = []
    var reverse: [LowerHull.Point] = []
    var span: ClosedRange<Double>

    init(_ pairs: ArraySlice<ClockPair>, origin: WallInstant, base: Nanoseconds) {
        var low = 0.0
        var high = 0.0
        forward.reserveCapacity(pairs.count)
        reverse.reserveCapacity(pairs.count)
        for pair in pairs {
            let received = Double((pair.farReceivedAt - origin).count)
            let sent = Double((pair.farSentAt - origin).count)
            forward.append(.init(x: received, y: Double((pair.forward - base).count)))
            reverse.append(.init(x: sent, y: Double((pair.reverse + base).count)))
            low = min(low, received)
            high = max(high, sent)
        }
        span = low...high
    }
}
