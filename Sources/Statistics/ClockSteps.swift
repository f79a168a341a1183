import Units

/// Finds where either clock stepped: the floors of the two directions jump by as much in opposite ways, and the
/// round trip does not move. A change of route moves one direction, or both, but not against each other.
struct ClockSteps {
    /// A step between two pairs.
    struct Found {
        /// Requests sent from here on saw the new offset.
        var boundary: WallInstant
        /// When it happened, as far as can be told.
        var at: WallInstant
        var by: Nanoseconds
        /// Requests sent within this of the boundary may have been on their way.
        var guardTime: Nanoseconds
    }

    /// Steps below this, in nanoseconds, are not looked for: a clock that is slewed moves nearly as much in a second.
    static let smallest = 1_000_000.0
    private static let binWidth = 250_000_000.0
    /// Bins on each side whose floors are compared, and on each side over which a step must last.
    private static let near = 4
    private static let lasting = 8
    private static let fewestPairsInBin = 8

    private var pairs: [ClockPair]
    private var bins: [FloorBin]
    /// The usual drift between neighbouring bins, as a rate.
    private var drift = 0.0
    private var threshold = Self.smallest

    /// In order; `pairs` in the order of sending, timestamps right to within `timestampError` together.
    static func find(in pairs: [ClockPair], timestampError: Nanoseconds) -> [Found] {
        var search = ClockSteps(pairs)
        search.learnNoise(timestampError)
        return search.accepted().map(search.located)
    }

    private init(_ pairs: [ClockPair]) {
        self.pairs = pairs
        bins = FloorBin.bins(of: pairs, width: Self.binWidth, fewest: Self.fewestPairsInBin)
    }

    /// The change of both floors over bin `middle`, which itself may hold both states.
    private func jump(at middle: Int, reach: Int, within limits: Range<Int>) -> FloorJump? {
        let left = max(limits.lowerBound, middle - reach)..<max(limits.lowerBound, middle)
        let right = min(middle + 1, limits.upperBound)..<min(middle + 1 + reach, limits.upperBound)
        guard let before = FloorBin.floor(of: bins[left]), let after = FloorBin.floor(of: bins[right]) else {
            return nil
        }
        let elapsed = after.time - before.time
        return FloorJump(
            forward: after.forward - before.forward - drift * elapsed,
            reverse: after.reverse - before.reverse + drift * elapsed,
            elapsed: elapsed
        )
    }

    private mutating func learnNoise(_ timestampError: Nanoseconds) {
        let jumps = bins.indices.compactMap { jump(at: $0, reach: Self.near, within: bins.indices) }
        drift = Self.median(jumps.map { $0.offset / $0.elapsed }) ?? 0
        let noise = bins.indices.compactMap { jump(at: $0, reach: Self.near, within: bins.indices) }
            .map { max(abs($0.forward), abs($0.reverse)) }
        threshold = max(Self.smallest, 4 * Double(timestampError.count), 6 * (Self.median(noise) ?? 0))
    }

    /// The bins in which a step lies, in order. Greater jumps go first; around each nothing else is taken, and what
    /// follows is only compared up to it.
    private func accepted() -> [Int] {
        let candidates = bins.indices
            .compactMap { bin in jump(at: bin, reach: Self.near, within: bins.indices).map { (bin, $0) } }
            .filter { $0.1.isClocks(threshold: threshold) }
            .sorted { abs($0.1.offset) > abs($1.1.offset) }
        var taken: [Int] = []
        for (bin, found) in candidates where !taken.contains(where: { abs($0 - bin) <= Self.near + 1 }) {
            let lower = taken.filter { $0 < bin }.max().map { $0 + 1 } ?? 0
            let upper = taken.filter { $0 > bin }.min() ?? bins.count
            guard let lasting = jump(at: bin, reach: Self.lasting, within: lower..<upper),
                lasting.isClocks(threshold: abs(found.offset) / 2), lasting.isAbrupt(like: found)
            else { continue }
            taken.append(bin)
        }
        return taken.sorted()
    }

    /// Places the step between the two pairs around bin `middle` where the fewest of the others lie on the wrong
    /// side, each being closer to the offset on the one side or on the other.
    private func located(_ middle: Int) -> Found {
        let before = FloorBin.floor(of: bins[max(0, middle - Self.near)..<middle])
        let after = FloorBin.floor(of: bins[(middle + 1)..<min(bins.count, middle + 1 + Self.near)])
        let old = before.map { ($0.forward - $0.reverse) / 2 } ?? 0
        let new = after.map { ($0.forward - $0.reverse) / 2 } ?? 0
        let zone = pairs[
            bins[max(0, middle - 1)].pairs.lowerBound..<bins[min(bins.count - 1, middle + 1)].pairs.upperBound
        ]
        let base = pairs[0].offset
        var wrong = 0
        var best = (wrong: 0, index: zone.startIndex)
        for (index, pair) in zip(zone.indices, zone) {
            let offset = Double((pair.offset - base).count)
            wrong += abs(offset - old) < abs(offset - new) ? -1 : 1
            if wrong < best.wrong { best = (wrong, index + 1) }
        }
        let boundary = best.index < pairs.count ? pairs[best.index].sentAt : pairs[pairs.count - 1].sentAt
        let roundTrips = zone.map(\.roundTrip)
        let jump = jump(at: middle, reach: Self.near, within: bins.indices)
        return Found(
            boundary: boundary,
            at: boundary + (roundTrips.min() ?? .zero) / 2,
            by: Nanoseconds(rounding: jump?.offset ?? new - old),
            guardTime: min(.seconds(1), max(.zero, roundTrips.max() ?? .zero))
        )
    }

    private static func median(_ values: [Double]) -> Double? {
        Quantiles.nearestRank(50, of: values.sorted())
    }
}

/// How the floors of the two directions changed from one stretch to another, nanoseconds.
struct FloorJump {
    var forward: Double
    var reverse: Double
    var elapsed: Double

    /// What a clock would have to have done.
    var offset: Double { (forward - reverse) / 2 }

    /// The floors moved against each other, each by more than `threshold`, and together hardly at all.
    func isClocks(threshold: Double) -> Bool {
        forward * reverse < 0 && min(abs(forward), abs(reverse)) > threshold
            && abs(forward + reverse) <= 0.3 * abs(offset)
    }

    /// A step is as great from far as from `near`; a clock that drifts or is slewed moves more in more time.
    func isAbrupt(like near: FloorJump) -> Bool { abs(offset) <= 1.4 * abs(near.offset) }
}

/// The least transits of the pairs sent within one stretch of time, nanoseconds from the first pair's.
struct FloorBin {
    /// The stretch's middle, from the first pair.
    var time: Double
    var forward: Double
    var reverse: Double
    /// Which pairs it holds.
    var pairs: Range<Int>

    /// Consecutive stretches of at least `width` nanoseconds and at least `fewest` pairs.
    static func bins(of pairs: [ClockPair], width: Double, fewest: Int) -> [FloorBin] {
        guard let first = pairs.first else { return [] }
        var bins: [FloorBin] = []
        var begin = 0
        for index in pairs.indices {
            let elapsed = Double((pairs[index].sentAt - pairs[begin].sentAt).count)
            if index - begin >= fewest, elapsed >= width {
                bins.append(bin(pairs[begin..<index], first))
                begin = index
            }
        }
        if pairs.count - begin >= fewest { bins.append(bin(pairs[begin...], first)) }
        return bins
    }

    private static func bin(_ pairs: ArraySlice<ClockPair>, _ first: ClockPair) -> FloorBin {
        var forward = Double.infinity
        var reverse = Double.infinity
        for pair in pairs {
            forward = min(forward, Double((pair.forward - first.offset).count))
            reverse = min(reverse, Double((pair.reverse + first.offset).count))
        }
        let begin = pairs[pairs.startIndex].sentAt - first.sentAt
        let end = pairs[pairs.endIndex - 1].sentAt - first.sentAt
        return FloorBin(
            time: (begin.seconds + end.seconds) * 0.5e9,
            forward: forward,
            reverse: reverse,
            pairs: pairs.indices
        )
    }

    /// Several together; nil for none.
    static func floor(of bins: ArraySlice<FloorBin>) -> FloorBin? {
        guard let first = bins.first, let last = bins.last else { return nil }
        return FloorBin(
            time: (first.time + last.time) / 2,
            forward: bins.reduce(.infinity) { min($0, $1.forward) },
            reverse: bins.reduce(.infinity) { min($0, $1.reverse) },
            pairs: first.pairs.lowerBound..<last.pairs.upperBound
        )
    }
}
