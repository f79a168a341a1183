import Units

extension DelayVariationStatistics {
    /// `transits` by packet number, nil where the packet was not received; a pair counts where both of two
    /// consecutive packets were received and no clock stepped between them (RFC 3393). Nil without any pair.
    init?(_ transits: [InterarrivalJitter.Transit?]) {
        let magnitudes = Self.magnitudes(transits).sorted()
        guard let p50 = Quantiles.nearestRank(50, of: magnitudes),
            let p95 = Quantiles.nearestRank(95, of: magnitudes),
            let p99 = Quantiles.nearestRank(99, of: magnitudes),
            let maximum = magnitudes.last
        else { return nil }
        self.init(p50: p50, p95: p95, p99: p99, maximum: maximum)
    }

    /// The same from a histogram of magnitudes: percentiles are right to within 1/1,024 of themselves.
    init?(_ magnitudes: TimeHistogram) {
        guard let p50 = magnitudes.percentile(50), let p95 = magnitudes.percentile(95),
            let p99 = magnitudes.percentile(99), let maximum = magnitudes.maximum
        else { return nil }
        self.init(p50: p50.value, p95: p95.value, p99: p99.value, maximum: maximum)
    }

    static func magnitudes(_ transits: [InterarrivalJitter.Transit?]) -> [Nanoseconds] {
        var magnitudes: [Nanoseconds] = []
        for case (let before?, let after?) in zip(transits, transits.dropFirst())
        where before.clockEra == after.clockEra {
            magnitudes.append((after.transit - before.transit).magnitude)
        }
        return magnitudes
    }
}
