import Testing
import Units

@testable import Statistics

/// A server that limits is asked less often: windows of time then hold fewer packets.
@Suite("Streams that were thinned out")
struct ThinnedStreamTests {
    /// Every 200 ms for 20 s, then every 800 ms for 20 s more; the numbers are those of lost packets.
    private static func sample(lost: Set<Int>) -> LossSample {
        let times = (0..<100).map { $0 * 200 } + (0..<25).map { 20_000 + $0 * 800 }
        return LossSample(
            outcomes: times.indices.map { lost.contains($0) ? .lost : .delivered },
            judged: times.indices,
            sentAt: times.map { WallInstant(nanosecondsSinceUnixEpoch: Int64($0) * 1_000_000) },
            interval: .milliseconds(200),
            unattributed: 0,
            unattributedWereOffered: true
        )
    }

    @Test func aWindowIsOfTimeAndNotOfPackets() {
        // The last ten are 8 s of time: 15 s hold 19 packets there, which 75 packets would not show.
        let sample = Self.sample(lost: Set(115..<125))
        #expect(sample.wasThinned)
        #expect(LossWindows.worst([sample], within: .seconds(15)) == 10.0 / 19)
    }

    @Test func aWindowIsJudgedWithThePartThatHoldsItsMiddle() {
        var sample = Self.sample(lost: Set(115..<125))
        sample.judged = 0..<100
        #expect(LossWindows.worst([sample], within: .seconds(15)) == 0)
    }

    @Test func severalStreamsShareTheWindow() {
        let samples = [Self.sample(lost: Set(115..<125)), Self.sample(lost: [])]
        #expect(LossWindows.worst(samples, within: .seconds(15)) == 10.0 / 37, "it ends with the first of two at once")
    }

    @Test func whatKeptItsRateIsCountedByPackets() {
        var sample = Self.sample(lost: [3])
        sample.outcomes = Array(sample.outcomes.prefix(100))
        sample.sentAt = Array(sample.sentAt.prefix(100))
        sample.judged = 0..<100
        #expect(!sample.wasThinned)
        #expect(LossWindows.worst([sample], within: .seconds(15)) == 1.0 / 75)
    }
}
