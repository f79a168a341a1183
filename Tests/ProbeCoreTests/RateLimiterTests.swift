import ProbeCore
import Testing
import Units

@Suite struct RateLimiterTests {
    private static func limiter(_ packetsPerSecond: Int, burst: Int, sources: Int = 65_536) -> RateLimiter {
        var generator = SeededGenerator(seed: 8762)
        return RateLimiter(packetsPerSecond: packetsPerSecond, burst: burst, sources: sources, using: &generator)
    }

    private func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .seconds(rounding: seconds)
    }

    private func admitted(_ limiter: inout RateLimiter, _ count: Int, _ source: IPAddress, _ now: MonotonicInstant)
        -> Int
    {
        (0..<count).count { _ in limiter.admits(source, now: now) }
    }

    /// The generic cell rate algorithm (ITU-T I.371), which needs no tokens: a packet conforms unless it comes more
    /// than a tolerance before its theoretical arrival time.
    private struct CellRate {
        var theoreticalArrival = Int64.min

        mutating func conforms(at now: Int64, cost: Int64, burst: Int64) -> Bool {
            guard theoreticalArrival == .min || theoreticalArrival - now <= (burst - 1) * cost else { return false }
            theoreticalArrival = max(theoreticalArrival, now) + cost
            return true
        }
    }

    @Test(arguments: [(50, 1), (50, 10), (1_000, 3), (7, 100)])
    func itAgreesWithTheGenericCellRateAlgorithm(rate: Int, burst: Int) {
        var limiter = Self.limiter(rate, burst: burst)
        var models = [CellRate](repeating: CellRate(), count: 8)
        var generator = SeededGenerator(seed: UInt64(rate * burst))
        let cost = 1_000_000_000 / Int64(rate)
        var now: Int64 = 1_000_000_000_000
        var admittedCount = 0
        for step in 0..<40_000 {
            let isPause = Int.random(in: 0..<2_000, using: &generator) == 0
            now += Int64.random(in: 0...(isPause ? cost * 200 : cost / 20), using: &generator)
            let source = Int.random(in: 0..<models.count, using: &generator)
            let expected = models[source].conforms(at: now, cost: cost, burst: Int64(burst))
            let admits = limiter.admits(.example(UInt32(source)), now: MonotonicInstant(nanoseconds: now))
            admittedCount += admits ? 1 : 0
            guard admits == expected else {
                Issue.record("step \(step): \(admits), the model says \(expected)")
                return
            }
        }
        #expect((1_000..<39_000).contains(admittedCount))
    }

    @Test func aSilentSourceHasItsBurstAndThenItsRate() {
        var limiter = Self.limiter(50, burst: 10)
        #expect(admitted(&limiter, 100, .example(1), at(1_000)) == 10)
        #expect(admitted(&limiter, 100, .example(1), at(1_000.1)) == 5)
        #expect(admitted(&limiter, 100, .example(1), at(1_000.11)) == 0)
        #expect(admitted(&limiter, 100, .example(1), at(1_000.12)) == 1)
        #expect(admitted(&limiter, 100, .example(1), at(9_000)) == 10)
    }

    @Test func theFirstPacketsOfABootAreAdmitted() {
        var limiter = Self.limiter(50, burst: 10)
        #expect(admitted(&limiter, 100, .example(1), at(0)) == 10)
    }

    @Test func ipv4AddressesHaveEachTheirOwn() {
        var limiter = Self.limiter(50, burst: 10)
        for host in 0..<50 as Range<UInt32> { #expect(admitted(&limiter, 11, .example(host), at(5)) == 10) }
    }

    @Test func anIPv6NetworkOf64BitsSharesOne() {
        var limiter = Self.limiter(50, burst: 10)
        #expect((0..<100).count { limiter.admits(.example6(UInt64($0) << 40 | 1), now: at(5)) } == 10)
        let neighbour = IPAddress(ipv6High: 0x2001_0db8_0000_0001, low: 1)
        #expect(admitted(&limiter, 11, neighbour, at(5)) == 10)
        #expect(admitted(&limiter, 11, .example(1), at(5)) == 10)
    }

    @Test func whoeverSharesABucketSharesItsRate() {
        var limiter = Self.limiter(50, burst: 10, sources: 1)
        #expect((0..<100).count { limiter.admits(.example($0), now: at(5)) } <= 20, "two buckets at the least")
    }

    @Test func aClockThatGoesBackwardsGrantsNothing() {
        var limiter = Self.limiter(50, burst: 10)
        #expect(admitted(&limiter, 20, .example(1), at(100)) == 10)
        for _ in 0..<5 {
            #expect(admitted(&limiter, 20, .example(1), at(0)) == 0)
            #expect(admitted(&limiter, 20, .example(1), at(100)) == 0)
        }
        #expect(admitted(&limiter, 20, .example(1), at(100.04)) == 2)
    }

    @Test func extremesDoNotTrap() {
        var limiter = Self.limiter(1, burst: .max)
        for nanoseconds in [0, .max, .min, -1, 1, .max, .min] as [Int64] {
            #expect(admitted(&limiter, 3, .example(1), MonotonicInstant(nanoseconds: nanoseconds)) == 3)
        }
        limiter = Self.limiter(.max, burst: 1)
        #expect(admitted(&limiter, 3, .example(1), at(1)) == 1)
        #expect(admitted(&limiter, 3, .example(1), MonotonicInstant(nanoseconds: .min)) == 0)
    }
}
