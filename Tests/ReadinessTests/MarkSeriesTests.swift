import Testing
import Units

@testable import Readiness

@Suite("Marks over time")
struct MarkSeriesTests {
    /// One packet every 20 ms, with these DSCPs.
    static func series(_ marks: [Int]) -> MarkSeries {
        var series = MarkSeries()
        for (index, mark) in marks.enumerated() {
            series.note(trafficClass: UInt8(mark << 2), at: instant(index))
        }
        return series
    }

    static func instant(_ index: Int) -> WallInstant {
        WallInstant(nanosecondsSinceUnixEpoch: 1_700_000_000_000_000_000 + Int64(index) * 20_000_000)
    }

    static func marks(_ values: Int...) -> [DSCP] { values.compactMap { DSCP($0) } }

    @Test("DSCP and ECN are counted apart")
    func counts() {
        var series = MarkSeries()
        for octet in [46 << 2 | 3, 46 << 2, 46 << 2 | 1, 3] as [UInt8] {
            series.note(trafficClass: octet, at: Self.instant(0))
        }
        #expect(series.counts == [.expeditedForwarding: 3, .bestEffort: 1] && series.packets == 4)
        #expect(series.ecnCounts == [ECN(trafficClass: 0): 1, ECN(trafficClass: 1): 1, ECN(trafficClass: 3): 2])
    }

    private static func repeated(_ mark: Int, _ count: Int) -> [Int] { Array(repeating: mark, count: count) }

    @Test("from one packet on")
    func since() {
        let series = Self.series(Self.repeated(46, 200) + Self.repeated(0, 300))
        let extent = series.extent(of: Self.marks(0))
        #expect(extent == .init(packets: 300, span: .since(Self.instant(200)), share: 1))
    }

    @Test("up to one packet, and between two")
    func untilAndBetween() {
        let until = Self.series(Self.repeated(10, 50) + Self.repeated(46, 300)).extent(of: Self.marks(10))
        #expect(until == .init(packets: 50, span: .until(Self.instant(49)), share: 1))
        let between = Self.series(Self.repeated(46, 100) + Self.repeated(8, 50) + Self.repeated(46, 100))
            .extent(of: Self.marks(8))
        #expect(between == .init(packets: 50, span: .between(Self.instant(100), Self.instant(149)), share: 1))
    }

    @Test("a share of all packets has no beginning")
    func scattered() {
        let third = (0..<3_000).map { $0 % 3 == 0 ? 0 : 46 }
        let extent = Self.series(third).extent(of: Self.marks(0))
        #expect(extent?.span == .throughout && extent?.packets == 1_000)
    }

    @Test("a share from one packet on has that beginning and that share")
    func scatteredSince() throws {
        let marks = Self.repeated(46, 500) + (0..<1_000).map { $0 % 2 == 0 ? 0 : 46 }
        let extent = try #require(Self.series(marks).extent(of: Self.marks(0)))
        #expect(extent.span == .since(Self.instant(500)) && abs(extent.share - 0.5) < 0.01)
    }

    @Test("a few packets tell nothing of time, and marks not seen have no extent")
    func few() {
        let series = Self.series(Self.repeated(46, 100) + [0, 0])
        #expect(series.extent(of: Self.marks(0))?.span == .throughout)
        #expect(series.extent(of: Self.marks(34)) == nil)
        #expect(MarkSeries().extent(of: Self.marks(0)) == nil && MarkSeries().counts.isEmpty)
    }

    @Test("packets scattered by chance are seldom told to have a beginning")
    func chance() {
        var generator = Seeded(state: 7)
        var told = 0
        for _ in 0..<1_000 {
            let marks = (0..<400).map { _ in generator.next() % 10 == 0 ? 0 : 46 }
            if Self.series(marks).extent(of: Self.marks(0))?.span != .throughout { told += 1 }
        }
        #expect(told <= 10, "one in a thousand at either end")
    }

    /// A linear congruential generator (Knuth, MMIX), its high bits.
    private struct Seeded {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
