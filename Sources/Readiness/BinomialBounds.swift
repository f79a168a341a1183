import Glibc

/// Clopper-Pearson bounds on a share, 95 % one-sided at each end. Counts may be fractions, since a sample whose
/// losses cluster counts for less than its size.
enum BinomialBounds {
    static let confidence = 0.95
    /// Beyond this many packets nobody would wait.
    static let mostPackets = 10_000_000.0

    /// The greatest share that would still show as few as `events` among `trials` in 5 % of all samples.
    static func upper(events: Double, trials: Double) -> Double {
        guard trials > 0, events < trials else { return 1 }
        if events <= 0 { return 1 - pow(1 - confidence, 1 / trials) }
        return share { regularizedBeta($0, events + 1, trials - events) < confidence }
    }

    /// The least share that would still show as many as `events` among `trials` in 5 % of all samples.
    static func lower(events: Double, trials: Double) -> Double {
        guard trials > 0, events > 0 else { return 0 }
        if events >= trials { return pow(1 - confidence, 1 / trials) }
        return share { regularizedBeta($0, events, trials - events + 1) < 1 - confidence }
    }

    /// The fewest packets with which a sample that goes on showing `ratio` lies wholly on its own side of `bound`;
    /// nil when that takes more than anybody would send.
    static func packetsToSettle(ratio: Double, bound: Double, burstRatio: Double) -> Double? {
        let burst = max(burstRatio, 1)
        func settled(_ packets: Double) -> Bool {
            let trials = packets / burst
            return ratio < bound
                ? upper(events: ratio * trials, trials: trials) < bound
                : lower(events: ratio * trials, trials: trials) >= bound
        }
        guard ratio != bound, settled(mostPackets) else { return nil }
        var (few, enough) = (0.0, mostPackets)
        while enough - few > max(1, few / 1_000) {
            let middle = ((few + enough) / 2).rounded()
            if settled(middle) { enough = middle } else { few = middle }
        }
        return enough
    }

    private static func share(whileTrue isBelow: (Double) -> Bool) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if isBelow(middle) { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// I_x(a, b), by the continued fraction of DLMF 8.17.22, from the side on which it converges fast.
    private static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
        let front = exp(a * log(x) + b * log1p(-x) - logBeta)
        return x < (a + 1) / (a + b + 2)
            ? front * continuedFraction(x, a, b) / a
            : 1 - front * continuedFraction(1 - x, b, a) / b
    }

    /// Evaluated by the modified Lentz method.
    private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        func nonZero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
        var c = 1.0
        var d = 1 / nonZero(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...10_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / nonZero(1 + even * d)
            c = nonZero(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / nonZero(1 + odd * d)
            c = nonZero(1 + odd / c)
            let factor = d * c
            result *= factor
            if abs(factor - 1) < 1e-13 { break }
        }
        return result
    }

    private static func logGamma(_ value: Double) -> Double { lgamma(value).0 }
}
