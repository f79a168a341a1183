import Testing
import Units

@Suite struct ResultIDTests {
    private static func id(atMilliseconds milliseconds: Int64, seed: UInt64 = 1) -> ResultID {
        var generator = SeededGenerator(seed: seed)
        let instant = WallInstant(nanosecondsSinceUnixEpoch: milliseconds * 1_000_000)
        return ResultID(at: instant, using: &generator)
    }

    /// All bits of it set, or none.
    private struct Constant: RandomNumberGenerator {
        let value: UInt64
        func next() -> UInt64 { value }
    }

    @Test func theFieldsOfRFC9562AreInTheirPlaces() {
        // The example of RFC 9562 appendix A.6: its time, in milliseconds, is 0x017F22E279B0.
        let instant = WallInstant(nanosecondsSinceUnixEpoch: 0x017f_22e2_79b0 * 1_000_000 + 999_999)
        var zeros = Constant(value: 0)
        #expect(ResultID(at: instant, using: &zeros).description == "017f22e2-79b0-7000-8000-000000000000")
        var ones = Constant(value: .max)
        #expect(ResultID(at: instant, using: &ones).description == "017f22e2-79b0-7fff-bfff-ffffffffffff")
    }

    @Test func versionAndVariantAreFixedAndTheRestIsRandom() {
        var (highSeen, lowSeen) = (UInt64(0), UInt64(0))
        var (highAlways, lowAlways) = (UInt64.max, UInt64.max)
        for seed in 0..<200 as Range<UInt64> {
            let id = Self.id(atMilliseconds: 0, seed: seed)
            (highSeen, lowSeen) = (highSeen | id.high, lowSeen | id.low)
            (highAlways, lowAlways) = (highAlways & id.high, lowAlways & id.low)
        }
        #expect(highSeen == 0x7fff)
        #expect(highAlways == 0x7000)
        #expect(lowSeen == 0xbfff_ffff_ffff_ffff)
        #expect(lowAlways == 0x8000_0000_0000_0000)
    }

    @Test func textsSortByTheTimeTheyWereMade() {
        var generator = SeededGenerator(seed: 9562)
        var milliseconds = Int64(0)
        var texts: [String] = []
        for seed in 0..<2_000 as Range<UInt64> {
            milliseconds += Int64.random(in: 1...4_000_000_000, using: &generator)
            texts.append(Self.id(atMilliseconds: milliseconds, seed: seed).description)
        }
        #expect(texts == texts.sorted())
        #expect(Set(texts).count == texts.count)
    }

    @Test func aClockBeforeTheEpochOrFarAfterItStillGivesAnIdentifier() {
        #expect(Self.id(atMilliseconds: -1).high >> 16 == 0)
        let end = ResultID(at: WallInstant(nanosecondsSinceUnixEpoch: .max))
        #expect(end.high >> 16 == UInt64(Int64.max / 1_000_000))
    }

    @Test func theSystemsGeneratorRepeatsNothing() {
        let now = WallInstant(nanosecondsSinceUnixEpoch: 1_700_000_000_000_000_000)
        #expect(Set((0..<10_000).map { _ in ResultID(at: now) }).count == 10_000)
    }

    @Test func theTextHasTheFormOfAUUID() {
        let parts = Self.id(atMilliseconds: 5).description.split(separator: "-", omittingEmptySubsequences: false)
        #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
        #expect(parts.joined().allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }
}
