import Testing
import Units

@Suite struct InstantTests {
    private static let edges: [Int64] = [.min, -1, 0, 1, 1_700_000_000_000_000_000, .max]

    @Test func instantsSubtractToADurationAndMoveByOne() {
        let start = MonotonicInstant(nanoseconds: 5_000)
        #expect(start + .microseconds(2) == MonotonicInstant(nanoseconds: 7_000))
        #expect(start - .microseconds(2) == MonotonicInstant(nanoseconds: 3_000))
        #expect((start + .microseconds(2)) - start == .microseconds(2))
        #expect(start - (start + .microseconds(2)) == .microseconds(-2))
        let noon = WallInstant(nanosecondsSinceUnixEpoch: 5_000)
        #expect(noon + .microseconds(2) == WallInstant(nanosecondsSinceUnixEpoch: 7_000))
        #expect(noon - .microseconds(2) == WallInstant(nanosecondsSinceUnixEpoch: 3_000))
        #expect((noon + .microseconds(2)) - noon == .microseconds(2))
    }

    @Test func everyOperatorSaturates() {
        for left in Self.edges {
            for right in Self.edges {
                let sum = Int64(clamping: Int128(left) + Int128(right))
                let difference = Int64(clamping: Int128(left) - Int128(right))
                let monotonic = MonotonicInstant(nanoseconds: left)
                #expect((monotonic + Nanoseconds(right)).nanoseconds == sum)
                #expect((monotonic - Nanoseconds(right)).nanoseconds == difference)
                #expect((monotonic - MonotonicInstant(nanoseconds: right)).count == difference)
                let wall = WallInstant(nanosecondsSinceUnixEpoch: left)
                #expect((wall + Nanoseconds(right)).nanosecondsSinceUnixEpoch == sum)
                #expect((wall - Nanoseconds(right)).nanosecondsSinceUnixEpoch == difference)
                #expect((wall - WallInstant(nanosecondsSinceUnixEpoch: right)).count == difference)
            }
        }
    }

    @Test func instantsOrderByTime() {
        #expect(MonotonicInstant(nanoseconds: -1) < MonotonicInstant(nanoseconds: 0))
        #expect(!(MonotonicInstant(nanoseconds: 0) < MonotonicInstant(nanoseconds: 0)))
        #expect(WallInstant(nanosecondsSinceUnixEpoch: -1) < WallInstant(nanosecondsSinceUnixEpoch: 0))
    }
}

@Suite struct ClockReadingTests {
    private static let reading = ClockReading(
        monotonic: MonotonicInstant(nanoseconds: 1_000_000_000_000),
        wall: WallInstant(nanosecondsSinceUnixEpoch: 1_700_000_000_000_000_000)
    )

    @Test func tellsATimeOfOneClockOnTheOther() {
        let later = MonotonicInstant(nanoseconds: 1_000_000_000_250)
        #expect(Self.reading.wall(at: later).nanosecondsSinceUnixEpoch == 1_700_000_000_000_000_250)
        let before = WallInstant(nanosecondsSinceUnixEpoch: 1_699_999_999_999_999_000)
        #expect(Self.reading.monotonic(at: before).nanoseconds == 999_999_999_000)
        #expect(Self.reading.wall(at: Self.reading.monotonic) == Self.reading.wall)
        #expect(Self.reading.monotonic(at: Self.reading.wall) == Self.reading.monotonic)
    }

    @Test func thereAndBackIsTheSameInstant() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<4_000 {
            let reading = ClockReading(
                monotonic: MonotonicInstant(nanoseconds: .random(in: 0...1 << 60, using: &generator)),
                wall: WallInstant(nanosecondsSinceUnixEpoch: .random(in: -1 << 60...1 << 61, using: &generator))
            )
            let instant = MonotonicInstant(nanoseconds: .random(in: 0...1 << 60, using: &generator))
            #expect(reading.monotonic(at: reading.wall(at: instant)) == instant)
        }
    }

    @Test func aStepBetweenTwoReadingsShowsOnlyInTheReadingAfterIt() {
        let step = Nanoseconds.seconds(-37)
        let second = Nanoseconds.seconds(1)
        let stepped = ClockReading(
            monotonic: Self.reading.monotonic + second,
            wall: Self.reading.wall + second + step
        )
        let later = stepped.monotonic + second
        // The run's own clock, from the reading at its start, goes on as if nothing had happened.
        #expect(Self.reading.wall(at: later) - Self.reading.wall == second * 2)
        #expect(stepped.wall(at: later) - Self.reading.wall(at: later) == step)
        // The same wall time lies at two monotonic times, depending on which side of the step one stands.
        let shown = stepped.wall
        #expect(stepped.monotonic(at: shown) - Self.reading.monotonic(at: shown) == -step)
    }

    @Test func absurdClaimsDoNotTrap() {
        for claim in [Int64.min, .max] {
            let instant = WallInstant(nanosecondsSinceUnixEpoch: claim)
            let monotonic = Self.reading.monotonic(at: instant)
            #expect(claim < 0 ? monotonic < Self.reading.monotonic : monotonic > Self.reading.monotonic)
            let wall = Self.reading.wall(at: MonotonicInstant(nanoseconds: claim))
            #expect(claim < 0 ? wall < Self.reading.wall : wall > Self.reading.wall)
        }
    }
}
