import Units

/// One direction's delays from part to part of a run, each part with what its clocks leave open.
///
/// What is unknown of the offset differs from part to part: a minute in which every packet queued tells little of it,
/// and must not make the rest unsure. So every delay is counted three times: as estimated, at the least that it may
/// have been, and at the most. The statistic of the true delays then lies between those of the two outer ones.
struct OneWayDigest: Sendable {
    private(set) var estimated = TimeHistogram()
    private(set) var least = TimeHistogram()
    private(set) var most = TimeHistogram()

    /// - Parameter deviation: how far the true delay may lie below and above the estimate, nanoseconds.
    mutating func add(_ delays: [Nanoseconds], deviation: ClosedRange<Double>) {
        let below = Nanoseconds(rounding: deviation.lowerBound.rounded(.down))
        let above = Nanoseconds(rounding: deviation.upperBound.rounded(.up))
        for delay in delays {
            estimated.add(delay)
            least.add(delay + below)
            most.add(delay + above)
        }
    }

    mutating func add(_ other: OneWayDigest) {
        estimated.add(other.estimated)
        least.add(other.least)
        most.add(other.most)
    }

    var count: Int { estimated.count }

    /// - Parameter error: what else any delay may be off by.
    func statistics(error: Nanoseconds) -> DelayStatistics? {
        guard var statistics = DelayStatistics(estimated, uncertainty: .zero),
            let least = DelayStatistics(least, uncertainty: .zero), let most = DelayStatistics(most, uncertainty: .zero)
        else { return nil }
        let parts: [(DelayStatistics) -> Nanoseconds] = [\.minimum, \.median, \.mean, \.p95, \.p99, \.maximum]
        let widest = parts.map { part in
            max(part(most) - part(statistics), part(statistics) - part(least))
        }.max()
        // Each of the two readings that a difference is made from has its own error.
        statistics.uncertainty = (widest ?? .zero) + most.uncertainty + statistics.uncertainty + error
        return statistics
    }

    /// What the clocks and sampling leave open of the 95th percentile.
    var p95: ClosedRange<Nanoseconds>? {
        guard let low = DelayStatistics(least, uncertainty: .zero), let high = DelayStatistics(most, uncertainty: .zero)
        else { return nil }
        let bottom = max(.zero, low.p95Sampling.lowerBound - low.uncertainty)
        return bottom...max(bottom, high.p95Sampling.upperBound + high.uncertainty)
    }
}

extension DelayStatistics {
    /// Percentiles are nearest-rank, read from a histogram: what that leaves open of them is added to `uncertainty`.
    /// Nil for an empty sample.
    init?(_ histogram: TimeHistogram, uncertainty: Nanoseconds) {
        guard let minimum = histogram.minimum, let maximum = histogram.maximum, let mean = histogram.mean,
            let median = histogram.percentile(50), let p95 = histogram.percentile(95),
            let p99 = histogram.percentile(99), let sampling = histogram.orderStatistics(95)
        else { return nil }
        let errors = [median, p95, p99, sampling.low, sampling.high].map(\.error)
        self.init(
            count: histogram.count,
            minimum: minimum,
            median: median.value,
            mean: mean,
            p95: p95.value,
            p99: p99.value,
            maximum: maximum,
            uncertainty: uncertainty + (errors.max() ?? .zero),
            p95Sampling: sampling.low.value...max(sampling.low.value, sampling.high.value)
        )
    }

    /// Each direction took something between nothing and the whole of this round trip.
    var halved: DelayStatistics {
        DelayStatistics(
            count: count,
            minimum: minimum / 2,
            median: median / 2,
            mean: mean / 2,
            p95: p95 / 2,
            p99: p99 / 2,
            maximum: maximum / 2,
            uncertainty: p95 / 2 + uncertainty,
            p95Sampling: p95Sampling.lowerBound / 2...p95Sampling.upperBound / 2
        )
    }
}

extension TimeHistogram {
    /// The ends of the percentile's confidence interval (``Quantiles``); nil without values.
    func orderStatistics(_ percent: Int) -> (low: Reading, high: Reading)? {
        guard count > 0 else { return nil }
        let ranks = Quantiles.orderStatisticRanks(percent, of: count)
        guard let low = reading(atRank: ranks.low), let high = reading(atRank: ranks.high) else { return nil }
        return (low, high)
    }
}
