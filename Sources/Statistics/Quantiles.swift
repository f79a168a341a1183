import Units

/// Percentiles of a sample and what sampling leaves open about them.
///
/// Percentiles are nearest-rank: the p-th percentile of n sorted values is the ⌈p·n/100⌉-th, so it is always a value
/// that was measured.
enum Quantiles {
    /// Nil for an empty sample.
    static func nearestRank<Value>(_ percent: Int, of sorted: [Value]) -> Value? {
        nearestRank(percent, of: sorted.count).map { sorted[$0 - 1] }
    }

    /// The rank of that value, from 1.
    static func nearestRank(_ percent: Int, of count: Int) -> Int? {
        count > 0 ? min(max((percent * count + 99) / 100, 1), count) : nil
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
        guard !sorted.isEmpty else { return nil }
        let ranks = orderStatisticRanks(percent, of: sorted.count)
        let low = sorted[ranks.low - 1]
        return low...max(low, sorted[ranks.high - 1])
    }

    /// The ranks of its ends, from 1; `count` is not 0.
    static func orderStatisticRanks(_ percent: Int, of count: Int) -> (low: Int, high: Int) {
        let share = Double(percent) / 100
        let low = firstRank(upTo: count) { atMost($0, of: count, share: share) > 0.05 }
        let high = firstRank(upTo: count) { atMost($0 - 1, of: count, share: share) >= 0.95 }
        return (low ?? 1, high ?? count)
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
