import Units

extension WorseDirectionDelay {
    /// The worst over all streams; nil when nothing was answered.
    ///
    /// - Parameter deviation: how far the true offset may lie below and above the estimate, nanoseconds; the same
    ///   everywhere in the run.
    static func worst(
        of streams: [DelayOutcome],
        deviation: ClosedRange<Double>?,
        timestamps: TimestampQuality
    ) -> WorseDirectionDelay? {
        let told = streams.filter { $0.method != nil && $0.method != .halfRoundTrip }
        let untold = streams.filter { $0.method == .halfRoundTrip }.compactMap(\.roundTrip)
        var candidates = untold.map(ofRoundTrip)
        if let deviation, let both = twoWay(told, deviation: deviation, timestamps: timestamps) {
            candidates.append(both)
        }
        return worst(candidates)
    }

    static func worst(_ candidates: [WorseDirectionDelay]) -> WorseDirectionDelay? {
        guard let worst = candidates.max(by: { $0.value < $1.value }),
            let low = candidates.map(\.interval.lowerBound).max(),
            let high = candidates.map(\.interval.upperBound).max()
        else { return nil }
        return WorseDirectionDelay(value: worst.value, interval: low...high, direction: worst.direction)
    }

    /// The worse direction takes at least half the round trip and at most all of it.
    static func ofRoundTrip(_ roundTrip: DelayStatistics) -> WorseDirectionDelay {
        let low = max(.zero, roundTrip.p95Sampling.lowerBound - roundTrip.uncertainty) / 2
        let high = roundTrip.p95Sampling.upperBound + roundTrip.uncertainty
        return WorseDirectionDelay(value: roundTrip.p95 / 2, interval: low...high, direction: .forward)
    }

    /// If the true offset is δ above the estimate, forward delays are δ less and reverse delays δ more than they
    /// seem. The same δ holds for all streams, so the worst of each direction is enough.
    private static func twoWay(
        _ streams: [DelayOutcome],
        deviation range: ClosedRange<Double>,
        timestamps: TimestampQuality
    ) -> WorseDirectionDelay? {
        let forward = streams.compactMap(\.forward)
        let reverse = streams.compactMap(\.reverse)
        func greatest(_ of: [DelayStatistics], _ part: (DelayStatistics) -> Nanoseconds) -> Double? {
            of.map { Double(part($0).count) }.max()
        }
        guard let f = greatest(forward, \.p95), let g = greatest(reverse, \.p95),
            let fLow = greatest(forward, \.p95Sampling.lowerBound),
            let gLow = greatest(reverse, \.p95Sampling.lowerBound),
            let fHigh = greatest(forward, \.p95Sampling.upperBound),
            let gHigh = greatest(reverse, \.p95Sampling.upperBound)
        else { return nil }
        // The maximum of a falling and a rising line is least where they cross and greatest at one of the ends.
        let crossing = min(max((fLow - gLow) / 2, range.lowerBound), range.upperBound)
        let least = max(fLow - crossing, gLow + crossing)
        let greatestOfAll = max(fHigh - range.lowerBound, gHigh + range.upperBound)
        let noise = Double(timestamps.oneWay.count)
        return WorseDirectionDelay(
            value: Nanoseconds(rounding: max(f, g)),
            interval: Nanoseconds(
                rounding: max(0, least - noise).rounded(.down)
            )...Nanoseconds(rounding: (greatestOfAll + noise).rounded(.up)),
            direction: f >= g ? .forward : .reverse
        )
    }
}
