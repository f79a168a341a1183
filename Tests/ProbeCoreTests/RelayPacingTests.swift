import ProbeCore
import Testing
import Units

/// A server's limit shows in its answers, and the rate follows.
@Suite struct RelayPacingTests {
    /// Sends so many requests, each answered at once where `answers` says so; gives the divisor after each.
    private func divisors(_ count: Int, answers: (Int) -> Bool, saysItLimits: (Int) -> Bool = { _ in false }) -> [Int] {
        var pacing = RelayPacing(interval: .milliseconds(200))
        return (0..<count).map { sequence in
            _ = pacing.noteRequest(UInt32(sequence))
            if answers(sequence) {
                let next = UInt32(sequence + 1)
                _ = pacing.noteAnswer(UInt32(sequence), saysItLimits: saysItLimits(sequence), next: next)
            }
            return pacing.divisor
        }
    }

    @Test func aServerThatAnswersKeepsTheRate() {
        #expect(divisors(500) { _ in true }.allSatisfy { $0 == 1 })
        #expect(divisors(500) { $0 % 10 != 0 }.allSatisfy { $0 == 1 }, "a tenth lost is loss, not a limit")
    }

    @Test func aServerThatNeverAnsweredIsNotAskedLess() {
        #expect(divisors(500) { _ in false }.allSatisfy { $0 == 1 })
    }

    @Test func everySecondAnswerMissingHalvesTheRateOnceABlock() {
        let seen = divisors(200) { $0 % 2 == 0 }
        // A block of 20 is judged when its last request has had a second, six requests.
        #expect(seen[25] == 1 && seen[26] == 2)
        #expect(seen[51] == 2 && seen[52] == 4)
        #expect(seen.last == RelayPacing.greatestDivisor)
    }

    @Test func silenceAfterAnswersHalvesTheRate() {
        let seen = divisors(100) { $0 < 20 }
        #expect(seen[39] == 1 && seen[46] == 2)
    }

    @Test func aServerThatSaysSoIsBelievedAtOnce() {
        let seen = divisors(10, answers: { _ in true }, saysItLimits: { $0 >= 3 })
        #expect(seen == [1, 1, 1, 2, 4, 8, 8, 8, 8, 8])
    }

    @Test func whatOneStreamFindsHoldsForAll() {
        var (first, other) = (RelayPacing(interval: .milliseconds(200)), RelayPacing(interval: .seconds(1)))
        _ = first.noteRequest(0)
        _ = first.noteAnswer(0, saysItLimits: true, next: 1)
        let falls = other.follow(first, next: 3)
        #expect(falls && other.divisor == 2)
        let again = other.follow(first, next: 4)
        #expect(!again)
    }

    @Test func answersToRequestsOfTheOldRateDoNotHalveItAgain() {
        var pacing = RelayPacing(interval: .milliseconds(200))
        for sequence in 0..<5 { _ = pacing.noteRequest(UInt32(sequence)) }
        let first = pacing.noteAnswer(0, saysItLimits: true, next: 5)
        #expect(first)
        for sequence in 1..<5 {
            let again = pacing.noteAnswer(UInt32(sequence), saysItLimits: true, next: 5)
            #expect(!again)
        }
        #expect(pacing.divisor == 2)
        _ = pacing.noteRequest(5)
        let atNewRate = pacing.noteAnswer(5, saysItLimits: true, next: 6)
        #expect(atNewRate)
    }
}
