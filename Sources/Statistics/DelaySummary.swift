import Units

extension DelayStatistics {
    /// Percentiles are nearest-rank. Nil for an empty sample.
    init?(sorted delays: [Nanoseconds], uncertainty: Nanoseconds) {
        guard let minimum = delays.first, let maximum = delays.last,
            let median = Quantiles.nearestRank(50, of: delays),
            let p95 = Quantiles.nearestRank(95, of: delays),
            let p99 = Quantiles.nearestRank(99, of: delays),
            let sampling = Quantiles.orderStatisticInterval(95, of: delays)
        else { return nil }
        let sum = delays.reduce(0.0) { $0 + Double($1.count) }
        self.init(
            count: delays.count,
            minimum: minimum,
            median: median,
            mean: Nanoseconds(rounding: sum / Double(delays.count)),
            p95: p95,
            p99: p99,
            maximum: maximum,
            uncertainty: uncertainty,
            p95Sampling: sampling
        )
    }
}

extension TimestampQuality {
    /// What timestamping may add to or take from one one-way transit.
    var oneWay: Nanoseconds { local + far }

    /// The same for a round trip, the far end's stay taken off or not.
    func roundTrip(withFar: Bool) -> Nanoseconds { (withFar ? local + far : local) * 2 }
}
