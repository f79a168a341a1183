import Foundation
import Statistics
import Testing

@testable import enum Statistics.IncompleteBeta
@testable import enum Statistics.Quantiles

/// The probability of at most `count` successes, term by term.
private func binomialAtMost(_ count: Int, of total: Int, _ probability: Double) -> Double {
    var sum = 0.0
    for k in 0...count {
        var logarithm = Double(k) * log(probability) + Double(total - k) * log(1 - probability)
        for step in 0..<k { logarithm += log(Double(total - step)) - log(Double(step + 1)) }
        sum += exp(logarithm)
    }
    return sum
}

@Suite("Clopper-Pearson")
struct ClopperPearsonTests {
    @Test(
        "two-sided 95 % bounds from the literature",
        arguments: [
            (0, 1000, 0, 0.00368), (1, 100, 0.00025, 0.05446), (5, 1000, 0.00163, 0.01163),
            (10, 1000, 0.00481, 0.01831), (0, 3000, 0, 0.00123), (30, 3000, 0.00676, 0.01425),
        ] as [(Int, Int, Double, Double)]
    )
    func table(lost: Int, offered: Int, low: Double, high: Double) {
        let lower = ClopperPearson.lower(lost: Double(lost), of: Double(offered), risk: 0.025)
        let upper = ClopperPearson.upper(lost: Double(lost), of: Double(offered), risk: 0.025)
        #expect(abs(lower - low) < 0.000_006)
        #expect(abs(upper - high) < 0.000_006)
    }

    @Test("3,000 packets without loss show under 0.1 %, 2,994 do not")
    func seedSample() {
        #expect(abs(ClopperPearson.upper(lost: 0, of: 3000) - 0.000998) < 0.000_000_6)
        #expect(ClopperPearson.upper(lost: 0, of: 2995) < 0.001)
        #expect(ClopperPearson.upper(lost: 0, of: 2994) > 0.001)
        #expect(ClopperPearson.upper(lost: 0, of: 299) < 0.01)
        #expect(ClopperPearson.upper(lost: 0, of: 298) > 0.01)
    }

    @Test("each bound is where the binomial tail is the risk", arguments: [(1, 20), (3, 50), (49, 50), (17, 3000)])
    func tails(lost: Int, offered: Int) {
        let upper = ClopperPearson.upper(lost: Double(lost), of: Double(offered))
        let lower = ClopperPearson.lower(lost: Double(lost), of: Double(offered))
        #expect(abs(binomialAtMost(lost, of: offered, upper) - 0.05) < 1e-9)
        #expect(abs(1 - binomialAtMost(lost - 1, of: offered, lower) - 0.05) < 1e-9)
    }

    @Test("the ends of the range")
    func ends() {
        #expect(ClopperPearson.lower(lost: 0, of: 10) == 0)
        #expect(ClopperPearson.upper(lost: 10, of: 10) == 1)
        #expect(abs(ClopperPearson.lower(lost: 10, of: 10) - pow(0.05, 0.1)) < 1e-9)
        #expect(ClopperPearson.upper(lost: 0, of: 0) == 1 && ClopperPearson.lower(lost: 0, of: 0) == 0)
    }

    @Test("fractional counts lie between whole ones")
    func fractional() {
        let bounds = [2, 2.5, 3].map { ClopperPearson.upper(lost: $0, of: 100) }
        #expect(bounds[0] < bounds[1] && bounds[1] < bounds[2])
    }

    @Test("the incomplete beta function keeps its identities")
    func incompleteBeta() {
        for x in [0.001, 0.2, 0.5, 0.9] {
            #expect(abs(IncompleteBeta.regularized(x, a: 1, b: 1) - x) < 1e-12)
            #expect(abs(IncompleteBeta.regularized(x, a: 1, b: 7) - (1 - pow(1 - x, 7))) < 1e-12)
            let one = IncompleteBeta.regularized(x, a: 3.5, b: 900)
            let other = IncompleteBeta.regularized(1 - x, a: 900, b: 3.5)
            #expect(abs(one + other - 1) < 1e-12)
        }
    }
}

@Suite("Percentiles")
struct QuantileTests {
    @Test("are nearest-rank")
    func nearestRank() {
        let hundred = Array(1...100)
        #expect(Quantiles.nearestRank(95, of: hundred) == 95)
        #expect(Quantiles.nearestRank(50, of: hundred) == 50)
        #expect(Quantiles.nearestRank(99, of: Array(1...101)) == 100)
        #expect(Quantiles.nearestRank(50, of: [7]) == 7)
        #expect(Quantiles.nearestRank(95, of: Array(1...20)) == 19)
        #expect(Quantiles.nearestRank(95, of: Array(1...21)) == 20)
        #expect(Quantiles.nearestRank(50, of: [] as [Int]) == nil)
    }

    @Test("their interval's ends are the binomial's", arguments: [59, 60, 100, 750, 3000])
    func interval(count: Int) throws {
        let interval = try #require(Quantiles.orderStatisticInterval(95, of: Array(1...count)))
        let upper = interval.upperBound
        #expect(binomialAtMost(upper - 1, of: count, 0.95) >= 0.95)
        #expect(binomialAtMost(upper - 2, of: count, 0.95) < 0.95)
        let lower = interval.lowerBound
        #expect(binomialAtMost(lower - 1, of: count, 0.95) <= 0.05)
        #expect(binomialAtMost(lower, of: count, 0.95) > 0.05)
        #expect(interval.contains((95 * count + 99) / 100))
    }

    @Test("of few values reach up to the maximum")
    func few() {
        #expect(Quantiles.orderStatisticInterval(95, of: Array(1...58))?.upperBound == 58)
        #expect(Quantiles.orderStatisticInterval(95, of: [3]) == 3...3)
    }

    @Test("the interval holds the true percentile in 95 % of samples at each end")
    func coverage() throws {
        var random = SeededRandom(seed: 11)
        var below = 0
        var above = 0
        for _ in 0..<4000 {
            let sample = (0..<200).map { _ in random.unit() }.sorted()
            let interval = try #require(Quantiles.orderStatisticInterval(95, of: sample))
            if interval.lowerBound > 0.95 { above += 1 }
            if interval.upperBound < 0.95 { below += 1 }
        }
        #expect(above < 240 && below < 240)
        #expect(above > 60 && below > 60)
    }
}
