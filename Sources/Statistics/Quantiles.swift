import Units

/// Percentiles of a sample and what sampling leaves open about them.
///
/// Percentiles are nearest-rank: the p-th percentile of n sorted values is the ⌈p·n/100⌉-th, so it is always a value
/// that was measured.
enum Quantiles {
    /// Nil for an empty sample.
    static func nearestRank<Value>(_ percent: Int, of sorted: [Value]) -> Value? {
        guard !sorted.isEmpty else { return nil }
        let rank = (percent * sorted.count + 99) / 100
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    /// The order-statistic confidence interval of the p-th percentile: each end alone is right with 95 % confidence
    /// if the values are independent.
    ///
    /// Of n values the number at or below the true percentile is binomial. The interval runs from the greatest order
    /// statistic that lies at or below the true percentile with 95 % confidence to the least that lies at or above
    /// it. A small sample has no such upper one (for the 95th percentile, under 59 values): its maximum stands
    /// there, with less confidence.
    static func orderStatisticInterval<Value: Comparable>(
        _ percent: Int,
        of sorted: [Value]
    ) -> ClosedRange<Value>? {
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let share = Double(percent) / 100
        let lowerRank = firstRank(upTo: sorted.count) { atMost($0, of: sorted.count, share: share) > 0.05 }
        let upperRank = firstRank(upTo: sorted.count) { atMost($0 - 1, of: sorted.count, share: share) >= 0.95 }
        let low = lowerRank.map { sorted[$0 - 1] } ?? first
        let high = upperRank.map { sorted[$0 - 1] } ?? last
        return low...max(low, high)
    }

    /// The probability that at most `count` of `total` independent values fall at or below the quantile of `share`.
    private static func atMost(_ count: Int, of total: Int, share: Double) -> Double {
        if count < 0 { return 0 }
        if count >= total { return 1 }
        return IncompleteBeta.regularized(1 - share, a: Double(total - count), b: Double(count + 1))
    }

    /// The least rank in 1...count for which `holds`, which is false up to some rank and true from there on.
    private static func firstRank(upTo count: Int, where holds: (Int) -> Bool) -> Int? {
        var low = 1
        var high = count + 1
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low <= count ? low : nil
    }
}
