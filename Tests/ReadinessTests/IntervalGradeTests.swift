import Testing

@testable import Readiness

@Suite("Grading an interval")
struct IntervalGradeTests {
    static let bounds = Bounds(target: 50, limit: 100)

    struct Row: Sendable {
        var low: Double
        var high: Double
        var grade: Grade
        var open: IntervalGrade.Bound?
    }

    @Test(
        "strictly below meets a bound, at it does not",
        arguments: [
            Row(low: 0, high: 49.999, grade: .ready),
            Row(low: 50, high: 50, grade: .atRisk),
            Row(low: 49.999, high: 50, grade: .inconclusive, open: .target),
            Row(low: 10, high: 50, grade: .inconclusive, open: .target),
            Row(low: 50, high: 99.999, grade: .atRisk),
            Row(low: 50, high: 100, grade: .atRisk, open: .limit),
            Row(low: 99.999, high: 100, grade: .atRisk, open: .limit),
            Row(low: 100, high: 100, grade: .notReady),
            Row(low: 100, high: 5_000, grade: .notReady),
            Row(low: 10, high: 5_000, grade: .inconclusive, open: .target),
        ]
    )
    func edges(row: Row) {
        let graded = IntervalGrade(row.low...row.high, bounds: Self.bounds)
        #expect(graded.grade == row.grade)
        #expect(graded.open == row.open)
    }

    @Test("with one bound only there is no at_risk")
    func oneBound() {
        let bounds = Bounds(target: 50, limit: 50)
        #expect(IntervalGrade(40...49, bounds: bounds).grade == .ready)
        #expect(IntervalGrade(40...50, bounds: bounds).grade == .inconclusive)
        #expect(IntervalGrade(50...50, bounds: bounds).grade == .notReady)
    }

    @Test("an upper end that means nothing can miss a bound and never meet one")
    func unboundedAbove() {
        #expect(IntervalGrade(0...1, bounds: Self.bounds, unboundedAbove: true).grade == .inconclusive)
        let risky = IntervalGrade(60...61, bounds: Self.bounds, unboundedAbove: true)
        #expect(risky == IntervalGrade(grade: .atRisk, open: .limit))
        #expect(IntervalGrade(100...101, bounds: Self.bounds, unboundedAbove: true).grade == .notReady)
    }

    /// Whatever the true value in the interval is, a settled grade is the one that it deserves, and an open one says
    /// nothing that it refutes.
    @Test("no grade is better than a value in the interval deserves, unless it says that it is open")
    func collapse() {
        var random = SeededGenerator(seed: 46)
        for _ in 0..<20_000 {
            let target = Double.random(in: 1...100, using: &random)
            let limit = target + (Bool.random(using: &random) ? 0 : Double.random(in: 0...100, using: &random))
            let ends = [Double.random(in: 0...250, using: &random), Double.random(in: 0...250, using: &random)].sorted()
            let graded = IntervalGrade(ends[0]...ends[1], bounds: Bounds(target: target, limit: limit))
            let truths = [ends[0], ends[1], Double.random(in: ends[0]...ends[1], using: &random)].map { value in
                value < target ? Grade.ready : value < limit ? .atRisk : .notReady
            }
            switch graded.open {
            case nil: #expect(truths.allSatisfy { $0 == graded.grade })
            case .target: #expect(graded.grade == .inconclusive && Set(truths).count > 1)
            case .limit: #expect(graded.grade == .atRisk && truths.allSatisfy { $0 >= .atRisk })
            }
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
