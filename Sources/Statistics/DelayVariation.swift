import Units

extension DelayVariationStatistics {
    /// `transits` by packet number, nil where the packet was not received; a pair counts where both of two
    /// consecutive packets were received and no clock stepped between them (RFC 3393). Nil without any pair.
    init?(_ transits: [InterarrivalJitter.Transit?]) {
        var magnitudes: [Nanoseconds] = []
        for case (let before?, let after?) in zip(transits, transits.dropFirst())
        where before.clockEra == after.clockEra {
            magnitudes.append((after.transit - before.transit).magnitude)
        }
        magnitudes.sort()
        guard let p50 = Quantiles.nearestRank(50, of: magnitudes),
            let p95 = Quantiles.nearestRank(95, of: magnitudes),
            let p99 = Quantiles.nearestRank(99, of: magnitudes),
            let maximum = magnitudes.last
        else { return nil }
        self.init(p50: p50, p95: p95, p99: p99, maximum: maximum)
    }
}
