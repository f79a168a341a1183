import Testing
import Units

@Suite struct NanosecondsTests {
    private static let edges: [Int64] = [
        .min, .min + 1, -1_000_000_000, -3, -2, -1, 0, 1, 2, 3, 1_000_000_000, .max - 1, .max,
    ]
    private static let minimum = Nanoseconds(.min)

    /// The sum, difference or product of two 64-bit numbers, brought into the range of 64 bits.
    private static func clamped(_ exact: Int128) -> Nanoseconds { Nanoseconds(Int64(clamping: exact)) }

    @Test func everyOperatorSaturatesWhereExactArithmeticLeavesTheRange() {
        for left in Self.edges {
            let duration = Nanoseconds(left)
            #expect(-duration == Self.clamped(-Int128(left)))
            #expect(duration.magnitude == Self.clamped(abs(Int128(left))))
            for right in Self.edges {
                #expect(duration + Nanoseconds(right) == Self.clamped(Int128(left) + Int128(right)))
                #expect(duration - Nanoseconds(right) == Self.clamped(Int128(left) - Int128(right)))
                #expect(duration * right == Self.clamped(Int128(left) * Int128(right)))
                #expect(duration / right == (right == 0 ? .zero : Self.clamped(Int128(left) / Int128(right))))
            }
        }
    }

    @Test func randomOperandsAgreeWithExactArithmetic() {
        var generator = SeededGenerator(seed: 64)
        for _ in 0..<4_000 {
            let shifts = Int64.random(in: 0...63, using: &generator)
            let left = Int64(truncatingIfNeeded: generator.next()) >> shifts
            let right = Int64(truncatingIfNeeded: generator.next()) >> Int64.random(in: 0...63, using: &generator)
            #expect(Nanoseconds(left) + Nanoseconds(right) == Self.clamped(Int128(left) + Int128(right)))
            #expect(Nanoseconds(left) - Nanoseconds(right) == Self.clamped(Int128(left) - Int128(right)))
            #expect(Nanoseconds(left) * right == Self.clamped(Int128(left) * Int128(right)))
        }
    }

    @Test func theAssigningOperatorsDoTheSame() {
        var duration = Nanoseconds.maximum
        duration += Nanoseconds(1)
        #expect(duration == .maximum)
        duration -= Nanoseconds(1)
        #expect(duration.count == .max - 1)
        duration = Self.minimum
        duration -= Nanoseconds(1)
        #expect(duration == Self.minimum)
    }

    @Test func divisionRoundsTowardsZero() {
        #expect(Nanoseconds(7) / 2 == Nanoseconds(3))
        #expect(Nanoseconds(-7) / 2 == Nanoseconds(-3))
        #expect(Nanoseconds(7) / -2 == Nanoseconds(-3))
    }

    @Test(
        arguments: [
            (0.4, 0), (0.5, 1), (1.5, 2), (-0.4, 0), (-0.5, -1), (-1.5, -2), (-0.0, 0),
            (1e18, 1_000_000_000_000_000_000),
            (.nan, 0), (-.nan, 0), (.infinity, .max), (-.infinity, .min), (.greatestFiniteMagnitude, .max),
            (0x1p63, .max), (0x1p63.nextDown, 9_223_372_036_854_774_784), (-0x1p63, .min),
            ((-0x1p63).nextDown, .min), (9.21e18, 9_210_000_000_000_000_000), (.leastNonzeroMagnitude, 0),
        ] as [(Double, Int64)]
    )
    func roundsToTheNearestNanosecond(value: Double, count: Int64) {
        #expect(Nanoseconds(rounding: value).count == count)
    }

    @Test func unitsConvertBothWays() {
        #expect(Nanoseconds.microseconds(3).count == 3_000)
        #expect(Nanoseconds.milliseconds(-3).count == -3_000_000)
        #expect(Nanoseconds.seconds(3).count == 3_000_000_000)
        #expect(Nanoseconds.milliseconds(rounding: 0.0000015).count == 2)
        #expect(Nanoseconds.seconds(rounding: 1.5).count == 1_500_000_000)
        #expect(Nanoseconds(1_500).microseconds == 1.5)
        #expect(Nanoseconds(1_500_000).milliseconds == 1.5)
        #expect(Nanoseconds(-1_500_000_000).seconds == -1.5)
    }

    @Test func unitsSaturate() {
        #expect(Nanoseconds.microseconds(.max) == .maximum)
        #expect(Nanoseconds.milliseconds(.min) == Self.minimum)
        #expect(Nanoseconds.seconds(.max) == .maximum)
        #expect(Nanoseconds.seconds(rounding: 1e30) == .maximum)
        #expect(Nanoseconds.milliseconds(rounding: -.infinity) == Self.minimum)
    }

    @Test func ordersBySignedLength() {
        #expect(Self.edges.map { Nanoseconds($0) }.shuffled().sorted() == Self.edges.map { Nanoseconds($0) })
    }
}
