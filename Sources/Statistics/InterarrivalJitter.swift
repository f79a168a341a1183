import Units

/// Interarrival jitter by RFC 3550 §6.4.1, in floating point.
enum InterarrivalJitter {
    /// One packet's transit: the time it arrived minus the time it was sent, each by its own clock.
    struct Transit {
        var sentAt: WallInstant
        var transit: Nanoseconds
        /// Rises by one with each clock step: across a step the difference of two transits is not the network's.
        var clockEra: Int
    }

    /// J after each packet but the first, with when that packet was sent. `transits` in the order of arrival.
    ///
    /// D is the difference of two consecutive transits, and J += (|D| − J) / 16, from 0.
    static func estimates(_ transits: [Transit]) -> [(sentAt: WallInstant, jitter: Double)] {
        var jitter = 0.0
        var estimates: [(sentAt: WallInstant, jitter: Double)] = []
        estimates.reserveCapacity(transits.count)
        for (before, after) in zip(transits, transits.dropFirst()) where before.clockEra == after.clockEra {
            let difference = abs(Double((after.transit - before.transit).count))
            jitter += (difference - jitter) / 16
            estimates.append((after.sentAt, jitter))
        }
        return estimates
    }

    /// The greatest mean of J over the packets sent within any `window` that ends with a packet, lies within the
    /// run, and has its middle in the time that is judged.
    static func worstMean(
        _ estimates: [(sentAt: WallInstant, jitter: Double)],
        window: Nanoseconds,
        runStart: WallInstant,
        interval: Nanoseconds,
        judged: JudgedTime
    ) -> Double? {
        let bySending = estimates.sorted { $0.sentAt < $1.sentAt }
        var start = 0
        var sum = 0.0
        var worst: Double?
        for (end, estimate) in bySending.enumerated() {
            sum += estimate.jitter
            while estimate.sentAt - bySending[start].sentAt >= window {
                sum -= bySending[start].jitter
                start += 1
            }
            // Each packet stands for one interval; half of one is granted to the sender's own timing.
            guard estimate.sentAt - runStart + interval + interval / 2 >= window,
                judged.contains(estimate.sentAt - window / 2)
            else { continue }
            worst = max(worst ?? 0, sum / Double(end - start + 1))
        }
        return worst
    }
}

/// What the estimates of one stream's jitter come to, in a form that adds up from part to part of a run.
struct JitterTally: Hashable, Sendable {
    /// Nanoseconds, all of them.
    private(set) var last: Double
    private(set) var sum: Double
    private(set) var count: Int
    private(set) var maximum: Double
    private(set) var worst15s: Double?
    var uncertainty: Nanoseconds

    /// Nil with fewer than two packets. `uncertainty` is what timestamping alone may add to or take from any D, and
    /// so at most from J, a weighted mean of |D|.
    init?(_ transits: [InterarrivalJitter.Transit], run: MatchedStream, uncertainty: Nanoseconds) {
        let all = InterarrivalJitter.estimates(transits)
        guard let judged = run.judgedTime, let first = run.sentAt[run.run].first else { return nil }
        // The filter runs on over the cuts; of what it gives, the measured packets' part is judged.
        let estimates = run.isWhole ? all : all.filter { judged.contains($0.sentAt) }
        guard let last = estimates.last else { return nil }
        let window = Nanoseconds.seconds(15)
        self.last = last.jitter
        sum = estimates.reduce(0) { $0 + $1.jitter }
        count = estimates.count
        maximum = estimates.reduce(0) { max($0, $1.jitter) }
        worst15s =
            run.covers(window)
            ? InterarrivalJitter.worstMean(
                all,
                window: window,
                runStart: first,
                interval: run.interval,
                judged: judged
            ) : nil
        self.uncertainty = uncertainty
    }

    mutating func append(_ later: JitterTally) {
        last = later.last
        sum += later.sum
        count += later.count
        maximum = max(maximum, later.maximum)
        worst15s = [worst15s, later.worst15s].compactMap(\.self).max()
        uncertainty = max(uncertainty, later.uncertainty)
    }
}

extension JitterTally {
    /// The same where packets may as well have arrived in `other` order, which timestamps cannot rule out: the
    /// uncertainty then covers both.
    init?(
        _ transits: [InterarrivalJitter.Transit],
        or other: [InterarrivalJitter.Transit]?,
        run: MatchedStream,
        uncertainty: Nanoseconds
    ) {
        self.init(transits, run: run, uncertainty: uncertainty)
        guard let other = other.flatMap({ JitterStatistics($0, run: run, uncertainty: uncertainty) }) else { return }
        let own = JitterStatistics(self)
        var apart = [own.last - other.last, own.mean - other.mean, own.maximum - other.maximum]
        if let worst15s = own.worst15s, let otherWorst = other.worst15s { apart.append(worst15s - otherWorst) }
        self.uncertainty += apart.map(\.magnitude).max() ?? .zero
    }
}

extension JitterStatistics {
    init(_ tally: JitterTally) {
        self.init(
            last: Nanoseconds(rounding: tally.last),
            mean: Nanoseconds(rounding: tally.sum / Double(tally.count)),
            maximum: Nanoseconds(rounding: tally.maximum),
            worst15s: tally.worst15s.map(Nanoseconds.init(rounding:)),
            uncertainty: tally.uncertainty
        )
    }

    init?(_ transits: [InterarrivalJitter.Transit], run: MatchedStream, uncertainty: Nanoseconds) {
        guard let tally = JitterTally(transits, run: run, uncertainty: uncertainty) else { return nil }
        self.init(tally)
    }

    init?(
        _ transits: [InterarrivalJitter.Transit],
        or other: [InterarrivalJitter.Transit]?,
        run: MatchedStream,
        uncertainty: Nanoseconds
    ) {
        guard let tally = JitterTally(transits, or: other, run: run, uncertainty: uncertainty) else { return nil }
        self.init(tally)
    }
}
