import ProbeCore
import Testing
import Units

@testable import Statistics

/// 1 lost, 0 delivered, x never offered.
private func pattern(_ text: String) -> [LossSample.Outcome] {
    text.map { $0 == "1" ? .lost : $0 == "x" ? .absent : .delivered }
}

private func sample(
    _ outcomes: [LossSample.Outcome],
    interval: Nanoseconds = .milliseconds(20),
    delay: Nanoseconds = .zero
) -> LossSample {
    LossSample(
        outcomes: outcomes,
        judged: outcomes.indices,
        sentAt: outcomes.indices.map {
            WallInstant(nanosecondsSinceUnixEpoch: 0) + delay + interval * Int64($0)
        },
        interval: interval,
        unattributed: 0,
        unattributedWereOffered: true
    )
}

@Suite("Loss patterns")
struct LossPatternTests {
    @Test("each 15 s by itself, all streams together, what never entered left out")
    func consecutiveWindows() {
        // 16 s each, the second 2 s later: 15 s hold 750 and 650 packets, the next three the rest.
        let first = sample(pattern(String(repeating: "0", count: 749) + "1" + String(repeating: "1", count: 50)))
        let second = sample(pattern("x1" + String(repeating: "0", count: 798)), delay: .seconds(2))
        let windows = LossWindow.consecutive([first, second])
        #expect(windows.map(\.sent) == [750 + 649, 50 + 150])
        #expect(windows.map(\.lost) == [2, 50])
        #expect(windows[0].end == windows[1].start)
        #expect(windows[1].start == WallInstant(nanosecondsSinceUnixEpoch: 15_000_000_000))
        #expect(windows[1].ratio == 0.25)
        #expect(LossWindow.consecutive([]).isEmpty)
    }

    @Test("loss periods are runs of consecutive losses")
    func periods() {
        let periods = LossPeriods(pattern("1100100011101"))
        #expect(periods.count == 4)
        #expect(periods.longest == 3)
        #expect(LossPeriods(pattern("0000")).count == 0)
        // A packet that never entered the direction neither ends a period nor lengthens it.
        let gapped = LossPeriods(pattern("01x1x0"))
        #expect(gapped.count == 1 && gapped.longest == 2)
    }

    @Test("burst ratio by hand")
    func burstRatio() {
        // 4 of 20 lost in one run: 4 × (1 − 0.2).
        let statistics = LossStatistics([sample(pattern("00001111000000000000"))])
        #expect(abs(statistics.burstRatio - 3.2) < 1e-12)
        #expect(statistics.ratio == 0.2)
        #expect(LossStatistics([sample(pattern("0000"))]).burstRatio == 1)
        #expect(LossStatistics([sample(pattern("1111"))]).burstRatio == 1)
        #expect(LossStatistics([sample(pattern("1111"))]).high == 1)
    }

    @Test("burst ratio of a two-state chain is 1 / (p + q), of random loss 1")
    func markov() {
        var random = SeededRandom(seed: 5)
        var isBad = false
        let bursty: [LossSample.Outcome] = (0..<400_000).map { _ in
            isBad = isBad ? !random.chance(0.25) : random.chance(0.01)
            return isBad ? .lost : .delivered
        }
        let periods = LossPeriods(bursty)
        let lost = bursty.filter { $0 == .lost }.count
        let ratio = LossPeriods.burstRatio(lost: lost, periods: periods.count, offered: bursty.count)
        #expect(abs(ratio - 1 / 0.26) < 0.12)
        let independent: [LossSample.Outcome] = (0..<400_000).map { _ in random.chance(0.05) ? .lost : .delivered }
        let count = independent.filter { $0 == .lost }.count
        let one = LossPeriods.burstRatio(
            lost: count,
            periods: LossPeriods(independent).count,
            offered: independent.count
        )
        #expect(abs(one - 1) < 0.02)
    }

    @Test("losses in bursts widen the interval as fewer packets would")
    func burstsWiden() {
        var bursty = pattern(String(repeating: "0", count: 3000))
        for start in [400, 1400, 2400] {
            for index in start..<(start + 10) { bursty[index] = .lost }
        }
        let statistics = LossStatistics([sample(bursty)])
        // 30 of 3000 in 3 runs of 10: 9.9 times fewer independent packets.
        #expect(abs(statistics.burstRatio - 9.9) < 1e-9)
        #expect(abs(statistics.high - ClopperPearson.upper(lost: 30 / 9.9, of: 3000 / 9.9)) < 1e-12)
        #expect(abs(statistics.low - ClopperPearson.lower(lost: 30 / 9.9, of: 3000 / 9.9)) < 1e-12)
        #expect(statistics.low < 0.004 && statistics.high > 0.025)
    }

    @Test("worst windows, counted in packets")
    func windows() {
        var outcomes = pattern(String(repeating: "0", count: 800))
        for index in [100, 101, 105, 109, 110, 500] { outcomes[index] = .lost }
        let statistics = LossStatistics([sample(outcomes)])
        // Packets 101...110 hold four losses, as do 100...109.
        #expect(statistics.worst200ms == 0.4)
        #expect(statistics.worst15s == 6.0 / 750)
        #expect(LossStatistics([sample(Array(outcomes[0..<749]))]).worst15s == nil)
        #expect(LossStatistics([sample(Array(outcomes[0..<750]))]).worst15s == 6.0 / 750)
        #expect(LossStatistics([sample(Array(outcomes[0..<9]))]).worst200ms == nil)
    }

    @Test("a window of which most never entered the direction is passed over")
    func emptyWindows() {
        #expect(LossWindows.worst(pattern("xxxx1xxxx0000000000"), size: 10) == 1.0 / 5)
        #expect(LossWindows.worst(pattern("xxxxxxxxxx"), size: 10) == nil)
    }

    @Test("windows of several streams run over all of them in the order of sending")
    func pooledWindows() {
        var first = pattern(String(repeating: "0", count: 750))
        var second = first
        first[10] = .lost
        second[700] = .lost
        second[701] = .lost
        let pooled = LossStatistics([sample(first), sample(second, delay: .milliseconds(5))])
        #expect(pooled.offered == 1500 && pooled.lost == 3 && pooled.lossPeriods == 2)
        #expect(pooled.worst15s == 3.0 / 1500)
        #expect(pooled.worst200ms == 2.0 / 20)
        let apart = LossStatistics([sample(first), sample(second, delay: .seconds(20))])
        #expect(apart.worst15s == nil && apart.worst200ms == nil && apart.lost == 3)
    }
}

@Suite("Reordering")
struct ReorderingTests {
    @Test("a packet is reordered if a later one came first")
    func handWorked() {
        #expect(Reordering.count([1, 2, 3, 5, 6, 4, 7]) == 1)
        #expect(Reordering.count([1, 2, 5, 3, 4, 6]) == 2)
        #expect(Reordering.count([1, 2, 3]) == 0)
        #expect(Reordering.count([3, 2, 1]) == 2)
        #expect(Reordering.count([] as [Int]) == 0)
        #expect(Reordering.count([1, 2, 5, 3, 4, 6], where: { $0 == 4 }) == 1)
    }
}
