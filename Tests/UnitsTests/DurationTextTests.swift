import Testing
import Units

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            ("20ms", 20_000_000), ("1.5 s", 1_500_000_000), ("15min", 900_000_000_000), ("1h30m", 5_400_000_000_000),
            ("1h 30 min", 5_400_000_000_000), (" 20 ms ", 20_000_000), ("7ns", 7), ("7us", 7_000), ("7µs", 7_000),
            ("7\u{3bc}s", 7_000), ("2m", 120_000_000_000), ("1d", 86_400_000_000_000), ("0s", 0), ("0.1ns", 0),
            (".5s", 500_000_000), ("0.0000005s", 500), ("1m30.5s", 90_500_000_000), ("0.1s", 100_000_000),
            ("106751d", 9_223_286_400_000_000_000),
        ] as [(String, Int64)]
    )
    func readsDurationsAsPeopleWriteThem(text: String, count: Int64) throws {
        #expect(try Nanoseconds(text: text).count == count)
    }

    @Test(arguments: [
        "", " ", "20", "ms", "20 apples", "20MS", "-5s", "+5s", "1,5s", "1.2.3s", ".s", "1e3s", "1h30", "s5", "5ss",
        "1 0ms", "1. 5s", "inf s", "nan s", "0x10s", "٥s", "106752d", "99999999999999999999999h", "300d 300y",
        "106751d 106751d", "5\ts", "5s\n", "1️⃣s", "2\u{301}s",
    ])
    func refusesTheRestAndSaysHow(text: String) {
        let message = "'\(text)' is not a duration; write a number and one of ns, us, ms, s, min, h, d, as in 20ms"
        #expect(throws: TextRefusal(message)) { try Nanoseconds(text: text) }
    }

    @Test(
        arguments: [
            (0, "0 s"), (1, "1 ns"), (999, "999 ns"), (1_000, "1 µs"), (1_234, "1.23 µs"), (42_073, "42.1 µs"),
            (999_499, "999 µs"), (999_500, "1 ms"), (999_999, "1 ms"), (1_500_000, "1.5 ms"), (1_005_000, "1.01 ms"),
            (20_000_000, "20 ms"), (123_456_789, "123 ms"), (999_999_999, "1 s"), (1_500_000_000, "1.5 s"),
            (9_996_000_000, "10 s"), (60_004_000_000, "60 s"), (61_560_000_000, "61.6 s"), (90_500_000_000, "90.5 s"),
            (119_400_000_000, "119 s"), (119_500_000_000, "2 min"), (125_000_000_000, "2 min 5 s"),
            (900_000_000_000, "15 min"), (5_400_000_000_000, "90 min"), (7_199_400_000_000, "119 min 59 s"),
            (7_199_500_000_000, "2 h"), (9_000_000_000_000, "2 h 30 min"), (86_400_000_000_000, "24 h"),
            (.max, "2562047 h 47 min"), (.min, "−2562047 h 47 min"), (-42_073, "−42.1 µs"),
        ] as [(Int64, String)]
    )
    func saysADurationAsAPersonWould(count: Int64, text: String) {
        #expect(Nanoseconds(count).text == text)
    }

    @Test func itsTextReadsBackToWithinHalfAPerCent() throws {
        var generator = SeededGenerator(seed: 300)
        for _ in 0..<5_000 {
            let count = Int64(generator.next() >> 1) >> Int64.random(in: 0...62, using: &generator)
            let duration = Nanoseconds(count)
            let again = try Nanoseconds(text: duration.text)
            #expect((again - duration).magnitude.count <= max(duration.count / 200, 0), "\(duration.text) of \(count)")
            // What has been rounded once stays as it is.
            #expect(again.text == duration.text)
        }
    }

    @Test func roundNumbersReadBackExactly() throws {
        for unit in ["ns", "us", "ms", "s"] {
            for number in 1...119 {
                let duration = try Nanoseconds(text: "\(number)\(unit)")
                #expect(try Nanoseconds(text: duration.text) == duration)
            }
        }
        for seconds in Int64(120)...7_200 {
            #expect(try Nanoseconds(text: Nanoseconds.seconds(seconds).text) == .seconds(seconds))
        }
    }

    @Test func randomTextDoesNotTrap() {
        var generator = SeededGenerator(seed: 20)
        let pieces = "0123456789..   nuµmshd\u{301}٣".map(String.init) + ["ms", "min"]
        var accepted = 0
        for _ in 0..<40_000 {
            let text = generator.text(of: pieces, upTo: 8)
            accepted += (try? Nanoseconds(text: text)) == nil ? 0 : 1
        }
        #expect(accepted > 1_000)
    }
}
