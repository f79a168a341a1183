import Testing

@testable import Readiness
@testable import SampleChecks

@Suite("Binomial bounds")
struct BinomialBoundsTests {
    @Test(
        "agree with the binomial sum itself",
        arguments: [(0, 100), (1, 100), (3, 3_000), (30, 3_000), (99, 100), (500, 1_000), (7, 12_000)]
    )
    func againstTheSum(events: Int, trials: Int) {
        let (x, n) = (Double(events), Double(trials))
        #expect(abs(BinomialBounds.upper(events: x, trials: n) - SampleBounds.upper(events, trials)) < 1e-9)
        #expect(abs(BinomialBounds.lower(events: x, trials: n) - SampleBounds.lower(events, trials)) < 1e-9)
    }

    @Test("no loss at all shows under 0.1 % from 2,995 packets on")
    func smallestSample() throws {
        let packets = try #require(BinomialBounds.packetsToSettle(ratio: 0, bound: 0.001, burstRatio: 1))
        #expect(packets >= 2_995 && packets <= 3_000)
        #expect(NumberText.roundedUp(packets) == 3_000)
    }

    @Test("twice the burst ratio takes twice the packets")
    func bursts() throws {
        let packets = try #require(BinomialBounds.packetsToSettle(ratio: 0, bound: 0.001, burstRatio: 2))
        #expect(abs(packets - 5_990) < 10)
    }

    @Test("as many as it names do settle it, and a tenth fewer do not", arguments: [0.0002, 0.0005, 0.002, 0.005])
    func enough(ratio: Double) throws {
        let packets = try #require(BinomialBounds.packetsToSettle(ratio: ratio, bound: 0.001, burstRatio: 1))
        func settled(_ n: Double) -> Bool {
            ratio < 0.001
                ? BinomialBounds.upper(events: ratio * n, trials: n) < 0.001
                : BinomialBounds.lower(events: ratio * n, trials: n) >= 0.001
        }
        #expect(settled(packets))
        #expect(!settled(packets * 0.9))
    }

    @Test("on the bound itself no number is enough")
    func onTheBound() {
        #expect(BinomialBounds.packetsToSettle(ratio: 0.001, bound: 0.001, burstRatio: 1) == nil)
        #expect(BinomialBounds.packetsToSettle(ratio: 0.000_999_9, bound: 0.001, burstRatio: 1) == nil)
    }
}
