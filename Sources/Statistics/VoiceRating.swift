import Units

/// What a G.711 call over one direction would rate (G.107), with a jitter buffer sized to what was measured.
///
/// Mouth to ear takes the median delay, the buffer and 20 ms of packetisation (no lookahead). The buffer is as deep
/// as the 99th percentile of delay variation against the minimum (PDV, RFC 5481), between 20 and 200 ms; what comes
/// later than that is as good as lost.
enum VoiceRating {
    private static let packetization = Nanoseconds.milliseconds(20)
    private static let buffer = Nanoseconds.milliseconds(20)...Nanoseconds.milliseconds(200)

    /// `delays` sorted; nil without any.
    static func rating(sorted delays: [Nanoseconds], loss: LossStatistics) -> Double? {
        guard let minimum = delays.first,
            let median = Quantiles.nearestRank(50, of: delays),
            let p99 = Quantiles.nearestRank(99, of: delays)
        else { return nil }
        return rating(minimum: minimum, median: median, p99: p99, loss: loss) { bound in
            delays.count { $0 > bound }
        }
    }

    static func rating(_ delays: TimeHistogram, loss: LossStatistics) -> Double? {
        guard let minimum = delays.minimum, let median = delays.percentile(50)?.value,
            let p99 = delays.percentile(99)?.value
        else { return nil }
        return rating(minimum: minimum, median: median, p99: p99, loss: loss, countAbove: delays.count(above:))
    }

    /// Each direction taking half of each round trip.
    static func rating(halvesOf delays: TimeHistogram, loss: LossStatistics) -> Double? {
        guard let minimum = delays.minimum, let median = delays.percentile(50)?.value,
            let p99 = delays.percentile(99)?.value
        else { return nil }
        return rating(minimum: minimum / 2, median: median / 2, p99: p99 / 2, loss: loss) {
            delays.count(above: $0 * 2)
        }
    }

    private static func rating(
        minimum: Nanoseconds,
        median: Nanoseconds,
        p99: Nanoseconds,
        loss: LossStatistics,
        countAbove: (Nanoseconds) -> Int
    ) -> Double? {
        let depth = min(max(p99 - minimum, buffer.lowerBound), buffer.upperBound)
        let discarded = countAbove(minimum + depth)
        return EModel.rating(
            delay: median + depth + packetization,
            lossRatio: Double(loss.lost + discarded) / Double(max(1, loss.offered)),
            burstRatio: loss.burstRatio
        )
    }
}
