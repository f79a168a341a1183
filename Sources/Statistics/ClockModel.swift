import Units

/// How the far clock stood to the local one throughout a run, in one straight line or in several.
struct ClockModel {
    /// In order.
    private(set) var segments: [ClockSegment]
    private(set) var steps: [ClockStep]
    private(set) var claimsContradicted: Bool
    private(set) var method: DelayMethod

    /// Shorter stretches are not divided further.
    private static let shortestSegment = Nanoseconds.seconds(2)
    private static let fewestPairs = 20
    /// Nanoseconds off the straight line that are put up with.
    private static let smallestBend = 500_000.0

    /// From all pairs of all streams of one endpoint, which share both clocks. Nil when no pair can be used.
    init?(_ pairs: [ClockPair], claims: ClockClaims, timestamps: TimestampQuality) {
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
                return ClockSegment(own[...], era: old.era, timestampError: error, claim: nil)
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
        let segment = ClockSegment(pairs, era: era, timestampError: timestampError, claim: claim)
        let divisible = pairs.count >= fewestPairs && last.sentAt - first.sentAt >= shortestSegment
        if let segment, !divisible || !isBent(pairs, segment, timestampError) { return [segment] }
        guard divisible else { return [] }
        let middle = first.sentAt + (last.sentAt - first.sentAt) / 2
        let cut = pairs.firstIndex { $0.sentAt >= middle } ?? pairs.endIndex
        return [pairs[..<cut], pairs[cut...]].flatMap {
            fit($0, era: era, timestampError: timestampError, claim: claim)
        }
    }

    /// Whether, line removed, the middle third's floors stand out from the outer thirds' in opposite ways.
    private static func isBent(_ pairs: ArraySlice<ClockPair>, _ segment: ClockSegment, _ error: Nanoseconds) -> Bool {
        guard pairs.count >= 3 * fewestPairs, let first = pairs.first, let last = pairs.last else { return false }
        let third = (last.sentAt - first.sentAt) / 3
        var floors = Array(repeating: (forward: Double.infinity, reverse: Double.infinity), count: 3)
        for pair in pairs {
            let index = pair.sentAt < first.sentAt + third ? 0 : pair.sentAt < last.sentAt - third ? 1 : 2
            let forward = pair.forward - segment.offset(at: pair.farReceivedAt)
            let reverse = pair.reverse + segment.offset(at: pair.farSentAt)
            floors[index].forward = min(floors[index].forward, Double(forward.count))
            floors[index].reverse = min(floors[index].reverse, Double(reverse.count))
        }
        guard floors.allSatisfy({ $0.forward.isFinite }) else { return false }
        let bend = FloorJump(
            forward: floors[1].forward - (floors[0].forward + floors[2].forward) / 2,
            reverse: floors[1].reverse - (floors[0].reverse + floors[2].reverse) / 2,
            elapsed: Double(third.count)
        )
        return bend.isClocks(threshold: max(smallestBend, 4 * Double(error.count)))
    }
}

extension ClockModel {
    /// The segment of a request sent at `instant`; nil near a step and where timestamps mean nothing.
    func segment(at instant: WallInstant) -> ClockSegment? {
        segments.first { $0.start <= instant && instant <= $0.end }
    }

    /// The two one-way delays of a pair; nil where they cannot be told.
    func delays(_ pair: ClockPair) -> (forward: Nanoseconds, reverse: Nanoseconds)? {
        segment(at: pair.sentAt)?.delays(pair)
    }

    /// The offset is right to within ± this, anywhere in the run.
    var uncertainty: Nanoseconds { segments.map(\.uncertainty).max() ?? .zero }

    /// How far the true offset may lie below and above the estimate.
    var deviation: ClosedRange<Double> {
        let low = segments.map(\.deviation.lowerBound).reduce(0, min)
        let high = segments.map(\.deviation.upperBound).reduce(0, max)
        return low...high
    }

    var relation: ClockRelation {
        let longest = segments.max { $0.end - $0.start < $1.end - $1.start }
        let skewUncertainty = longest?.skew.uncertainty
        return ClockRelation(
            method: method,
            offset: segments.last?.offset ?? .zero,
            uncertainty: uncertainty,
            skewPPM: skewUncertainty == nil ? nil : longest.map { $0.skew.slope * 1e6 },
            skewUncertaintyPPM: skewUncertainty.map { $0 * 1e6 },
            steps: steps,
            claimsContradicted: claimsContradicted
        )
    }
}
