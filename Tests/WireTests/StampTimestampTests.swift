import Testing
import Units
import Wire

@Suite struct StampTimestampTests {
    private let present = WallInstant.unix(1_800_000_000)
    private let era1 = WallInstant.unix(2_085_978_496)

    @Test func knownBits() {
        let instant = WorkedExample.sentAt
        #expect(StampTimestamp(instant, format: .ntp).rawValue == 0xeef4_5080_1f9a_dd37)
        #expect(StampTimestamp(instant, format: .ptp).rawValue == 0x6b49_d200_075b_cd15)
        #expect(StampTimestamp(.unix(0), format: .ntp).rawValue == 2_208_988_800 << 32)
    }

    @Test func ptpCanBeShiftedToTAI() {
        let stamp = StampTimestamp(WorkedExample.sentAt, format: .ptp, taiOffset: .seconds(37))
        #expect(stamp.rawValue == 0x6b49_d225_075b_cd15)
        let back = stamp.wallInstant(format: .ptp, near: present, taiOffset: .seconds(37))
        #expect(back == WorkedExample.sentAt)
        #expect(StampTimestamp(present, format: .ntp, taiOffset: .seconds(37)) == StampTimestamp(present, format: .ntp))
    }

    @Test func allZeroIsNotAvailable() {
        for format in TimestampFormat.allCases {
            #expect(StampTimestamp(rawValue: 0).wallInstant(format: format, near: present) == nil)
        }
    }

    @Test func instantsWhoseBitsWouldBeZeroAreStillAvailable() {
        #expect(StampTimestamp(era1, format: .ntp).rawValue == 1)
        #expect(StampTimestamp(era1, format: .ntp).wallInstant(format: .ntp, near: present) == era1)
        let ptpRoll = WallInstant.unix(1 << 32)
        #expect(
            StampTimestamp(ptpRoll, format: .ptp).wallInstant(format: .ptp, near: ptpRoll) == ptpRoll + Nanoseconds(1)
        )
    }

    @Test func ptpNanosecondsStayBelowASecond() {
        let last = StampTimestamp(rawValue: 0x6b49_d200_3b9a_c9ff)
        #expect(last.wallInstant(format: .ptp, near: present) == present + Nanoseconds(999_999_999))
        let beyond = StampTimestamp(rawValue: 0x6b49_d200_3b9a_ca00)
        #expect(beyond.wallInstant(format: .ptp, near: present) == nil)
        #expect(!beyond.isWellFormed(.ptp))
        #expect(beyond.isWellFormed(.ntp))
    }

    @Test func ntpRollsOverIn2036() {
        let before = WallInstant.unix(2_085_978_495, 999_999_999)
        let after = WallInstant.unix(2_085_978_496, 1)
        let (early, late) = (StampTimestamp(before, format: .ntp), StampTimestamp(after, format: .ntp))
        #expect(early.rawValue >> 32 == 0xffff_ffff)
        #expect(late.rawValue >> 32 == 0)
        for near in [before, after, present, era1 + .seconds(86_400)] {
            #expect(early.wallInstant(format: .ntp, near: near) == before)
            #expect(late.wallInstant(format: .ntp, near: near) == after)
        }
    }

    @Test func eraIsTheNearest() {
        // 1970 and 2106 read alike.
        let raw = StampTimestamp(.unix(1_000), format: .ntp)
        #expect(raw.wallInstant(format: .ntp, near: .unix(0)) == .unix(1_000))
        #expect(raw.wallInstant(format: .ntp, near: .unix(1 << 32)) == .unix(1_000 + 1 << 32))
        let ptp = StampTimestamp(.unix(1_000), format: .ptp)
        #expect(ptp.wallInstant(format: .ptp, near: .unix(1 << 32)) == .unix(1_000 + 1 << 32))
    }

    @Test func fractionsThatRoundUpCarryIntoTheSecond() {
        let stamp = StampTimestamp(rawValue: 0xeef4_5080_ffff_ffff)
        #expect(stamp.wallInstant(format: .ntp, near: present) == present + .seconds(1))
    }

    @Test func roundTripIsExact() {
        var generator = SeededGenerator(seed: 5905)
        for _ in 0..<20_000 {
            let near = WallInstant(
                nanosecondsSinceUnixEpoch: .random(in: -4_000_000_000...9_000_000_000, using: &generator)
                    * 1_000_000_000
            )
            let instant =
                near
                + Nanoseconds(.random(in: -2_000_000_000_000_000_000...2_000_000_000_000_000_000, using: &generator))
            guard instant.nanosecondsSinceUnixEpoch.magnitude < UInt64(Int64.max) else { continue }
            for format in TimestampFormat.allCases {
                let stamp = StampTimestamp(instant, format: format)
                #expect(stamp.wallInstant(format: format, near: near) == instant)
            }
        }
    }

    @Test func nothingFromTheWireOverflows() {
        let extremes = [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max].map(WallInstant.init)
        for raw in [1, 0xffff_ffff, 0x8000_0000_0000_0000, 0x7fff_ffff_3b9a_c9ff, UInt64.max] as [UInt64] {
            for near in extremes {
                for format in TimestampFormat.allCases {
                    let stamp = StampTimestamp(rawValue: raw)
                    let instant = stamp.wallInstant(format: format, near: near, taiOffset: .maximum)
                    #expect((instant == nil) == !stamp.isWellFormed(format))
                }
            }
        }
        for instant in extremes {
            for format in TimestampFormat.allCases { #expect(StampTimestamp(instant, format: format).isAvailable) }
        }
    }
}
