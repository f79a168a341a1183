import Glibc

/// The regularised incomplete beta function I_x(a, b), the distribution behind exact binomial intervals.
enum IncompleteBeta {
    /// I_x(a, b) for a, b > 0 and x in 0...1.
    static func regularized(_ x: Double, a: Double, b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
        // The continued fraction converges fast only below the mean; above it the symmetry I_x(a,b) = 1 - I_1-x(b,a)
        // leads back there.
        if x < (a + 1) / (a + b + 2) {
            return front * continuedFraction(x, a, b) / a
        }
        return 1 - front * continuedFraction(1 - x, b, a) / b
    }

    /// The x for which I_x(a, b) is `probability`. By bisection: the function is monotone and nothing here is in a
    /// hurry.
    static func inverse(_ probability: Double, a: Double, b: Double) -> Double {
        var low = 0.0
        var high = 1.0
        for _ in 0..<64 {
            let middle = (low + high) / 2
            if regularized(middle, a: a, b: b) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    private static func logGamma(_ x: Double) -> Double {
        // The overload that returns the sign leaves C's global `signgam` alone.
        let (value, _): (Double, Int) = lgamma(x)
        return value
    }

    /// Lentz's method on the continued fraction of the incomplete beta function (DLMF 8.17.22).
    private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func nonzero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
        var product = d
        for step in 1...20_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / nonzero(1 + even * d)
            c = nonzero(1 + even / c)
            product *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / nonzero(1 + odd * d)
            c = nonzero(1 + odd / c)
            product *= d * c
            if abs(d * c - 1) < 1e-14 { break }
        }
        return product
    }
}
