import Testing
import Units

@testable import Agent

@Suite struct BackoffTests {
    private let backoff = Backoff()

    private func waits(failures: Int, retryAfter: Nanoseconds? = nil) -> [Nanoseconds] {
        var generator = SeededGenerator(seed: UInt64(failures))
        return (0..<2_000).map { _ in backoff.wait(failures: failures, retryAfter: retryAfter, using: &generator) }
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (6, 32), (9, 256), (10, 300), (40, 300), (1_000_000, 300)])
    func theWaitIsUniformUpToADoublingBound(failures: Int, seconds: Int64) {
        let waits = waits(failures: failures)
        let bound = Nanoseconds.seconds(seconds)
        #expect(waits.allSatisfy { ($0 >= .milliseconds(100)) && $0 <= bound })
        // Full jitter: every tenth of the range is hit about as often.
        let span = (bound - .milliseconds(100)).seconds
        let tenths = Dictionary(grouping: waits) { min(9, Int(($0.seconds - 0.1) / span * 10)) }.mapValues(\.count)
        #expect(tenths.count == 10)
        #expect(tenths.values.allSatisfy { (130...270).contains($0) }, "\(tenths)")
    }

    @Test func whatTheCollectorAsksForIsKeptAndSpread() {
        let waits = waits(failures: 1, retryAfter: .seconds(120))
        #expect(waits.allSatisfy { $0 >= .seconds(120) && $0 <= .seconds(121) })
        #expect(Set(waits).count > 1_000)
    }

    @Test func itIsNoShorterThanItWouldBeOtherwise() {
        #expect(waits(failures: 9, retryAfter: .zero).contains { $0 > .seconds(200) })
        #expect(waits(failures: 9, retryAfter: .seconds(-5)).allSatisfy { $0 >= .milliseconds(100) })
    }

    @Test func noAnswerSilencesASiteForLongerThanAnHour() {
        #expect(waits(failures: 1, retryAfter: .maximum).allSatisfy { $0 <= .seconds(3_601) })
    }
}

@Suite struct RetryAfterTests {
    /// 1994-11-06 08:49:37 UTC, the RFC's own example.
    private static let example = WallInstant(nanosecondsSinceUnixEpoch: 784_111_777_000_000_000)

    @Test(arguments: [("0", 0), ("120", 120), (" 7", 7), ("007", 7)] as [(String, Int64)])
    func seconds(text: String, seconds: Int64) {
        #expect(RetryAfter.wait(text, now: Self.example) == .seconds(seconds))
    }

    @Test func moreSecondsThanCanBeCounted() {
        #expect(RetryAfter.wait("99999999999999999999999999", now: Self.example) == .maximum)
        #expect(RetryAfter.wait("9223372036854775807", now: Self.example) == .maximum)
    }

    @Test func aDate() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(RetryAfter.wait(date, now: Self.example - .seconds(90)) == .seconds(90))
        #expect(RetryAfter.wait(date, now: Self.example) == .zero)
        #expect(RetryAfter.wait(date, now: Self.example + .seconds(90)) == .zero)
        let leap = WallInstant(nanosecondsSinceUnixEpoch: 1_709_164_800_000_000_000)
        #expect(RetryAfter.wait("Thu, 29 Feb 2024 00:00:10 GMT", now: leap) == .seconds(10))
    }

    @Test(arguments: [
        "", " ", "-1", "1.5", "soon", "+5", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "٣",
    ])
    func neither(text: String) {
        #expect(RetryAfter.wait(text, now: Self.example) == nil)
    }
}
