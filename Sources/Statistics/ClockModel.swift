import Units

/// How the far clock stood to the local one throughout a run, in one straight line or in several.
struct ClockModel {
    /// In order.
    private(set) var segments: [ClockSegment]
    private(set) var steps: [ClockStep]
    private(set) var claimsContradicted: Bool
    private(set) var method: DelayMethod
    /// The part of the run that is judged; nil for all of it.
    private let judged: JudgedTime?

    /// Shorter stretches are not divided further.
    private static let shortestSegment = Nanoseconds.seconds(2)
    private static let fewestPairs = 20

    /// From all pairs of all streams of one endpoint, which share both clocks. Nil when no pair can be used.
    ///
    /// - Parameter judged: what is said of the clocks is said of this part of the run alone.
    init?(_ pairs: [ClockPair], claims: ClockClaims, timestamps: TimestampQuality, judged: JudgedTime? = nil) {
        self.judged = judged
        let pairs = pairs.sorted { $0.sentAt < $1.sentAt }
        let error = timestamps.local + timestamps.far
        let found = ClockSteps.find(in: pairs, timestampError: error)
        segments = []
        let bound = claims.offsetBound.map { $0.magnitude }
        for (era, stretch) in Self.stretches(of: pairs, between: found).enumerated() {
            segments += Self.fit(stretch, era: era, timestampError: error, claim: bound)
        }
        guard !segments.isEmpty else { return nil }
        steps = found.map { ClockStep(at: $0.at, by: $0.by) }
        claimsContradicted = !segments.allSatisfy(\.claimsHold)
        method = .roundTripBounded
        if claimsContradicted {
            segments = segments.compactMap { old in
                let own = pairs.filter { old.start <= $0.sentAt && $0.sentAt <= old.end }
                let segment = ClockSegment(own[...], era: old.era, timestampError: error, claim: nil)
                return segment.map {
                    $0.allowing(ClockBend(own[...], $0, timestampError: error).unseen, claim: nil)
                }
            }
        } else if let bound, let physics = segments.map(\.physicalUncertainty).max(), bound < physics {
            method = .synchronized
        }
    }

    /// The pairs between steps, without those that may have been on their way during one.
    private static func stretches(of pairs: [ClockPair], between steps: [ClockSteps.Found]) -> [ArraySlice<ClockPair>] {
        var stretches: [ArraySlice<ClockPair>] = []
        var rest = pairs[...]
        for step in steps {
            stretches.append(rest.prefix { $0.sentAt < step.boundary - step.guardTime })
            rest = rest.drop { $0.sentAt <= step.boundary + step.guardTime }
        }
        return stretches + [rest]
    }

    /// One segment if a straight line fits, else the halves fitted apart. A clock that is being slewed bends; a
    /// stretch too short to divide that still fits no line has timestamps that mean nothing and is left out.
    private static func fit(
        _ pairs: ArraySlice<ClockPair>,
        era: Int,
        timestampError: Nanoseconds,
        claim: Nanoseconds?
    ) -> [ClockSegment] {
        guard let first = pairs.first, let last = pairs.last else { return [] }
        let divisible = pairs.count >= fewestPairs && last.sentAt - first.sentAt >= shortestSegment
        if let segment = ClockSegment(pairs, era: era, timestampError: timestampError, claim: claim) {
            let bend = ClockBend(pairs, segment, timestampError: timestampError)
            if !divisible || !bend.isSeen { return [segment.allowing(bend.unseen, claim: claim)] }
        }
        guard divisible else { return [] }
        let middle = first.sentAt + (last.sentAt - first.sentAt) / 2
        let cut = pairs.firstIndex { $0.sentAt >= middle } ?? pairs.endIndex
        return [pairs[..<cut], pairs[cut...]].flatMap {
            fit($0, era: era, timestampError: timestampError, claim: claim)
        }
    }
}

extension ClockModel {
    /// The segment of a request sent at `instant`; nil near a step and where timestamps mean nothing.
    func segment(at instant: WallInstant) -> ClockSegment? {
        segments.first { $0.start <= instant && instant <= $0.end }
    }

    /// Whether the far clock may have stepped between its two timestamps of this reply: their difference is then not
    /// how long the packet stayed there.
    func mayHaveStepped(during reply: MatchedStream.Reply) -> Bool {
        !steps.isEmpty && reply.far != nil && segment(at: reply.sentAt) == nil
    }

    /// The two one-way delays of a pair; nil where they cannot be told.
    func delays(_ pair: ClockPair) -> (forward: Nanoseconds, reverse: Nanoseconds)? {
        segment(at: pair.sentAt)?.delays(pair)
    }

    /// The segments that say something of what is judged.
    private var relevant: [ClockSegment] {
        guard let judged else { return segments }
        let overlapping = segments.filter { judged.overlaps($0.start, $0.end) }
        return overlapping.isEmpty ? segments : overlapping
    }

    /// The offset is right to within ± this, anywhere in the run.
    var uncertainty: Nanoseconds { relevant.map(\.uncertainty).max() ?? .zero }

    /// How far the true offset may lie below and above the estimate.
    var deviation: ClosedRange<Double> {
        let low = relevant.map(\.deviation.lowerBound).reduce(0, min)
        let high = relevant.map(\.deviation.upperBound).reduce(0, max)
        return low...high
    }

    /// The offset in the middle of the latest segment, with what it is right to within.
    var anchor: (at: WallInstant, offset: Nanoseconds, uncertainty: Nanoseconds)? {
        relevant.last.map { ($0.start + ($0.end - $0.start) / 2, $0.offset, $0.uncertainty) }
    }

    var relation: ClockRelation {
        let longest = relevant.max { $0.end - $0.start < $1.end - $1.start }
        let skewUncertainty = longest?.skew.uncertainty
        return ClockRelation(
            method: method,
            offset: relevant.last?.offset ?? .zero,
            uncertainty: uncertainty,
            skewPPM: skewUncertainty == nil ? nil : longest.map { $0.skew.slope * 1e6 },
            skewUncertaintyPPM: skewUncertainty.map { $0 * 1e6 },
            steps: steps.filter { judged?.contains($0.at) ?? true },
            claimsContradicted: claimsContradicted
        )
    }
}
