import Foundation

/// Clopper-Pearson bounds reckoned the slow and plain way: the binomial sum itself, bisected. Independent of the
/// product's own.
enum SampleBounds {
    /// 95 % one-sided at each end, the sample divided by the burst ratio, the unattributed lost for the upper end.
    static func loss(_ lost: Int, unattributed: Int, of offered: Int, burstRatio: Double) -> ClosedRange<Double> {
        let burst = max(burstRatio, 1)
        let trials = Int((Double(offered) / burst).rounded())
        let few = Int((Double(lost) / burst).rounded())
        let many = Int((Double(lost + unattributed) / burst).rounded())
        let low = lower(few, trials)
        return low...max(low, upper(many, trials))
    }

    static func upper(_ events: Int, _ trials: Int) -> Double {
        guard trials > 0, events < trials else { return 1 }
        return bisect { atMost(events, trials, $0) > 0.05 }
    }

    static func lower(_ events: Int, _ trials: Int) -> Double {
        guard trials > 0, events > 0 else { return 0 }
        return bisect { 1 - atMost(events - 1, trials, $0) < 0.05 }
    }

    /// P(X ≤ events) of a binomial distribution.
    static func atMost(_ events: Int, _ trials: Int, _ share: Double) -> Double {
        guard share > 0 else { return 1 }
        guard share < 1 else { return events >= trials ? 1 : 0 }
        var logTerm = Double(trials) * log1p(-share)
        var sum = exp(logTerm)
        for event in stride(from: 1, through: events, by: 1) {
            logTerm += log(Double(trials - event + 1) / Double(event)) + log(share) - log1p(-share)
            sum += exp(logTerm)
        }
        return min(1, sum)
    }

    private static func bisect(whileTrue isBelow: (Double) -> Bool) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if isBelow(middle) { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
