import Units

/// How the two clocks stood from part to part of a run.
///
/// Over hours no clock keeps a straight line, so that each part's offset is bounded by its own packets. What the parts
/// together tell better than any of them is the clocks' mean rate: from an offset early on to one late, over hours.
struct ClockDigest: Sendable {
    private typealias Anchor = (at: WallInstant, offset: Nanoseconds, uncertainty: Nanoseconds)

    private var latest: ClockRelation
    private var method: DelayMethod
    private var uncertainty: Nanoseconds
    private var claimsContradicted: Bool
    private var steps: [ClockStep] = []
    private var parts = 1
    /// Of the stretch since the latest step, and the two ends of the longest stretch without one before it.
    private var first: Anchor
    private var last: Anchor
    private var longest: (first: Anchor, last: Anchor)?

    /// Steps beyond so many are not listed: who has more has no clock.
    private static let mostSteps = 1_000
    /// An estimate worse than 20 ppm is none, as of a run that is judged as a whole.
    private static let worstUncertaintyPPM = 20.0

    init?(_ clock: ClockModel) {
        guard let anchor = clock.anchor else { return nil }
        latest = clock.relation
        method = latest.method
        uncertainty = latest.uncertainty
        claimsContradicted = latest.claimsContradicted
        steps = Array(latest.steps.prefix(Self.mostSteps))
        first = anchor
        last = anchor
    }

    mutating func append(_ clock: ClockModel) {
        guard let anchor = clock.anchor else { return }
        latest = clock.relation
        parts += 1
        if latest.method != .synchronized { method = .roundTripBounded }
        uncertainty = max(uncertainty, latest.uncertainty)
        claimsContradicted = claimsContradicted || latest.claimsContradicted
        steps += latest.steps.prefix(Self.mostSteps - steps.count)
        if !latest.steps.isEmpty {
            longest = longestStretch
            first = anchor
        }
        last = anchor
    }

    /// The local clock turned out to have been wrong by this all along, if its claims were what bounded the offset.
    mutating func admit(_ error: Nanoseconds) {
        if method == .synchronized { uncertainty += error }
    }

    private var longestStretch: (first: Anchor, last: Anchor) {
        guard let longest, longest.last.at - longest.first.at > last.at - first.at else { return (first, last) }
        return longest
    }

    /// Parts per million, with its half-width; nil where the offsets are too wide for the time between them.
    private var meanSkew: (ppm: Double, uncertainty: Double)? {
        let (first, last) = longestStretch
        let elapsed = Double((last.at - first.at).count)
        guard elapsed > 0 else { return nil }
        let ppm = Double((last.offset - first.offset).count) / elapsed * 1e6
        let half = Double((last.uncertainty + first.uncertainty).count) / elapsed * 1e6
        return half <= Self.worstUncertaintyPPM ? (ppm, half) : nil
    }

    /// The offset is the latest, the skew the mean of the longest time without a step.
    var relation: ClockRelation {
        guard parts > 1 else { return latest }
        let skew = meanSkew
        return ClockRelation(
            method: method,
            offset: latest.offset,
            uncertainty: uncertainty,
            skewPPM: skew?.ppm,
            skewUncertaintyPPM: skew?.uncertainty,
            steps: steps,
            claimsContradicted: claimsContradicted
        )
    }
}
