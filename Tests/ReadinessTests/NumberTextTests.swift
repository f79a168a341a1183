import Testing
import Units

@testable import Readiness

@Suite("Numbers in words")
struct NumberTextTests {
    @Test("have as many digits as a reader can use")
    func figures() {
        #expect(NumberText.value(12.345, .milliseconds) == "12.3 ms")
        #expect(NumberText.value(1.2345, .milliseconds) == "1.23 ms")
        #expect(NumberText.value(0.01234, .milliseconds) == "0.012 ms")
        #expect(NumberText.value(1234.5, .milliseconds) == "1235 ms")
        #expect(NumberText.value(50, .milliseconds) == "50 ms")
        #expect(NumberText.value(0.001, .ratio) == "0.1 %")
        #expect(NumberText.value(0.000_998, .ratio) == "0.1 %")
        #expect(NumberText.value(0.000_94, .ratio) == "0.094 %")
        #expect(NumberText.value(1, .ratio) == "100 %")
        #expect(NumberText.value(0, .ratio) == "0 %")
        #expect(NumberText.decimal(-1.5, places: 1) == "−1.5")
    }

    @Test("counts are grouped, needs are rounded up, ports are ranges")
    func others() {
        #expect(NumberText.count(0) == "0")
        #expect(NumberText.count(999) == "999")
        #expect(NumberText.count(1_234_567) == "1,234,567")
        #expect(NumberText.roundedUp(2_995) == 3_000)
        #expect(NumberText.roundedUp(12_340) == 13_000)
        #expect(NumberText.roundedUp(7) == 7)
        #expect(NumberText.ports([3481, 3478, 3479]) == "3478-3479, 3481")
        #expect(NumberText.ports([65_535, 65_534]) == "65534-65535")
    }

    @Test(
        "times are RFC 3339",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (951_782_400_000_001_999, "2000-02-29T00:00:00.000001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"), (4_107_542_399_999_999_000, "2100-02-28T23:59:59.999999Z"),
            (1_795_500_012_345_678_901, "2026-11-24T06:00:12.345678Z"),
        ] as [(Int64, String)]
    )
    func times(nanoseconds: Int64, text: String) {
        #expect(WallInstant(nanosecondsSinceUnixEpoch: nanoseconds).rfc3339 == text)
    }
}
