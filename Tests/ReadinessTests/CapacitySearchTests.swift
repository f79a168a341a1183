import Readiness
import Testing
import Units

@Suite("Capacity search")
struct CapacitySearchTests {
    private func trial(_ calls: Int, carries: Int, queueing: Nanoseconds = .zero) -> CapacityTrial {
        CapacityTrial(
            calls: calls,
            kilobitsPerSecond: Double(calls) * 84,
            delayP95: .milliseconds(10),
            queueing: queueing,
            jitter: .zero,
            lossRatio: calls > carries ? 0.2 : 0,
            broken: calls > carries ? [.loss] : []
        )
    }

    /// Searches a line that carries exactly so many calls.
    private func search(upTo: Int, carries: Int) -> CapacitySearch {
        var search = CapacitySearch(fewest: 4, upTo: upTo)
        while let calls = search.next {
            #expect(!search.trials.contains { $0.calls == calls }, "nothing is tried twice")
            #expect(calls <= upTo)
            guard search.trials.count < 40 else { break }
            search.record(trial(calls, carries: carries))
        }
        return search
    }

    @Test("finds the number exactly, whatever it is")
    func exact() {
        for upTo in [4, 5, 7, 16, 33, 100, 1_000] {
            for carries in 0...(upTo + 2) {
                let found = search(upTo: upTo, carries: carries)
                #expect(found.carried == (carries < 4 ? nil : min(carries, upTo)))
                #expect(found.limitedBy == (carries < upTo ? [.loss] : []))
                // Doubling and halving: no more than twice the binary digits of the limit.
                #expect(found.trials.count <= 2 * (Int.bitWidth - upTo.leadingZeroBitCount) + 2)
            }
        }
    }

    @Test("a line that wavers is believed on the safe side")
    func wavering() {
        var search = CapacitySearch(fewest: 4, upTo: 32)
        search.record(trial(4, carries: 8))
        search.record(trial(8, carries: 4))
        search.record(trial(6, carries: 8))
        search.record(trial(7, carries: 8))
        #expect(search.next == nil && search.carried == 7 && search.broken == 8)
    }

    @Test("queueing begins between the last rate without and the first with it")
    func queueing() {
        var search = CapacitySearch(fewest: 4, upTo: 32)
        search.record(trial(4, carries: 32, queueing: .milliseconds(1)))
        #expect(search.queueingBegins == nil)
        search.record(trial(8, carries: 32, queueing: .milliseconds(6)))
        #expect(search.queueingBegins == nil, "5 ms more than at first is not yet above the threshold")
        search.record(trial(16, carries: 32, queueing: .milliseconds(7)))
        #expect(search.queueingBegins == 672...1_344)
    }
}
