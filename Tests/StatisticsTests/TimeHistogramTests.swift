import Testing
import Units

@testable import Statistics

@Suite struct TimeHistogramTests {
    private func values(_ count: Int, seed: UInt64, mean: Double) -> [Nanoseconds] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in Nanoseconds(rounding: random.exponential(mean: mean)) }
    }

    /// Every rank is read to within its stated error, and that is at most 1/1,024 of the value.
    @Test(arguments: [20.0, 1_000, 30_000_000, 5e12])
    func readsEveryRankWithinItsError(mean: Double) throws {
        let sorted = values(3_000, seed: UInt64(mean), mean: mean).sorted()
        let histogram = TimeHistogram(sorted)
        for (index, value) in sorted.enumerated() {
            let reading = try #require(histogram.reading(atRank: index + 1))
            #expect((reading.value - value).magnitude <= reading.error)
            #expect(reading.error <= Nanoseconds(1) + reading.value / 1_024)
        }
        #expect(histogram.minimum == sorted.first)
        #expect(histogram.maximum == sorted.last)
        #expect(histogram.reading(atRank: 0) == nil)
        #expect(histogram.reading(atRank: 3_001) == nil)
    }

    @Test func partsAddUp() {
        let all = values(5_000, seed: 3, mean: 2e7)
        var sum = TimeHistogram()
        for part in [all[..<17], all[17..<17], all[17..<4_000], all[4_000...]] { sum.add(TimeHistogram(part)) }
        let whole = TimeHistogram(all)
        for percent in 1...100 { #expect(sum.percentile(percent) == whole.percentile(percent)) }
        #expect(sum.count == 5_000)
        #expect(sum.mean == whole.mean)
    }

    @Test func countsWhatIsAboveABound() {
        let histogram = TimeHistogram((0..<1_000).map { Nanoseconds($0) })
        #expect(histogram.count(above: Nanoseconds(899)) == 100)
        #expect(histogram.count(above: Nanoseconds(-1)) == 1_000)
        #expect(histogram.count(above: Nanoseconds(999)) == 0)
        let wide = TimeHistogram(values(4_000, seed: 9, mean: 1e8))
        let exact = values(4_000, seed: 9, mean: 1e8)
        let bound = Nanoseconds.milliseconds(120)
        let counted = wide.count(above: bound)
        #expect(counted >= exact.count { $0 > bound })
        #expect(counted <= exact.count { $0 > bound - bound / 512 - Nanoseconds(1) })
    }

    @Test func holdsTheExtremes() {
        let histogram = TimeHistogram([.zero, .maximum, Nanoseconds(-5)])
        #expect(histogram.minimum == .zero)
        #expect(histogram.maximum == .maximum)
        #expect(histogram.percentile(50)?.value == .zero)
    }
}
