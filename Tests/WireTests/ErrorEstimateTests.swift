import Testing
import Units
import Wire

@Suite struct ErrorEstimateTests {
    /// Worked by hand from Multiplier · 2^(Scale−32) s, rounded up to nanoseconds.
    @Test(
        arguments: [
            (0x1601, 976_563), (0x0001, 1), (0x0005, 2), (0x2001, 1_000_000_000), (0x20ff, 255_000_000_000),
            (0x3fff, Int64.max), (0x0000, Int64.max),
        ] as [(UInt16, Int64)]
    )
    func knownErrors(rawValue: UInt16, nanoseconds: Int64) {
        #expect(ErrorEstimate(rawValue: rawValue).error == Nanoseconds(nanoseconds))
    }

    @Test func flagsStandInTheTopBits() {
        let synchronized = ErrorEstimate(rawValue: 0x8001)
        #expect(synchronized.synchronized && synchronized.format == .ntp)
        let precise = ErrorEstimate(rawValue: 0x4001)
        #expect(!precise.synchronized && precise.format == .ptp)
        let full = ErrorEstimate(rawValue: 0xffff)
        #expect(full.scale == 63 && full.multiplier == 255)
    }

    @Test(
        arguments: [
            (0, 0x0001), (1, 0x0005), (1_000_000_000, 0x1980), (16_000_000_000, 0x1d80), (-5, 0x0001),
            // 255 units are 59.37 ns, 256 units 59.6: one more nanosecond needs the next scale.
            (59, 0x00fe), (60, 0x0181),
        ] as [(Int64, UInt16)]
    )
    func knownEstimates(nanoseconds: Int64, rawValue: UInt16) {
        let estimate = ErrorEstimate(synchronized: false, format: .ntp, error: Nanoseconds(nanoseconds))
        #expect(estimate.rawValue == rawValue)
    }

    @Test func claimsNoLessThanTheErrorAndHardlyMore() {
        var generator = SeededGenerator(seed: 8762)
        for _ in 0..<20_000 {
            let error = Nanoseconds(
                Int64.random(in: 0...(.max >> Int64.random(in: 0..<62, using: &generator)), using: &generator)
            )
            let synchronized = Bool.random(using: &generator)
            let format = TimestampFormat.allCases.randomElement(using: &generator) ?? .ntp
            let estimate = ErrorEstimate(synchronized: synchronized, format: format, error: error)
            #expect(estimate.synchronized == synchronized && estimate.format == format)
            #expect(estimate.multiplier != 0)
            #expect(estimate.error >= error)
            // One step of a multiplier of at least 128 is under 0.8 %; then comes rounding up to a nanosecond.
            let slack = (estimate.error - error).count
            #expect(slack <= error.count / 127 + 1, "\(error.count) ns became \(estimate.error.count) ns")
        }
    }

    @Test func theLongestErrorCanBeClaimed() {
        #expect(ErrorEstimate(synchronized: true, format: .ptp, error: .maximum).error == .maximum)
    }
}
