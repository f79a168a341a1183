import Testing

@testable import Statistics

@Suite struct LossTallyTests {
    private func outcomes(_ count: Int, _ random: inout SeededRandom) -> [LossSample.Outcome] {
        var isBad = false
        return (0..<count).map { _ in
            if random.chance(isBad ? 0.2 : 0.05) { isBad.toggle() }
            return random.chance(0.1) ? .absent : isBad ? .lost : .delivered
        }
    }

    /// Wherever a run is cut, its loss periods are the same: one that crosses cuts, whole parts lost included, is one.
    @Test func periodsAreTheSameWhereverTheCutsFall() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<300 {
            let all = outcomes(60, &random)
            var sum = LossPeriods()
            var start = 0
            while start < all.count {
                let end = min(all.count, start + Int(random.unit() * 9))
                sum.append(LossPeriods(all[start..<end]))
                start = end
            }
            let whole = LossPeriods(all)
            #expect(sum.count == whole.count)
            #expect(sum.longest == whole.longest)
        }
    }

    @Test func aPeriodOverThreePartsIsOne() {
        var sum = LossPeriods([.delivered, .lost])
        sum.append(LossPeriods([.lost, .lost, .absent]))
        sum.append(LossPeriods([.lost, .delivered, .lost]))
        #expect(sum.count == 2)
        #expect(sum.longest == 4)
    }
}
