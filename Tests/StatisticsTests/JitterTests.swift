import Foundation
import ProbeCore
import Testing
import Units

@testable import Statistics

private let start = WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_000_000_000)
private let sharp = TimestampQuality(local: .zero, far: .zero)
private let noClaims = ClockClaims(localError: nil, farError: nil)

private func transits(_ values: [Int64], eras: [Int]? = nil) -> [InterarrivalJitter.Transit] {
    values.enumerated().map { index, value in
        .init(
            sentAt: start + .milliseconds(20) * Int64(index),
            transit: Nanoseconds(value),
            clockEra: eras?[index] ?? 0
        )
    }
}

@Suite("Interarrival jitter")
struct InterarrivalJitterTests {
    @Test("converges to a constant difference as the filter's gain says")
    func convergence() {
        let estimates = InterarrivalJitter.estimates(transits((0...64).map { $0.isMultiple(of: 2) ? 0 : 1_000_000 }))
        #expect(estimates.count == 64)
        #expect(abs(estimates[15].jitter / 1e6 - 0.644) < 0.0005)
        #expect(abs(estimates[63].jitter / 1e6 - 0.984) < 0.0005)
        #expect(abs(estimates[2].jitter - 1e6 * (1 - pow(15.0 / 16, 3))) < 1e-6)
    }

    @Test("does not see across a clock step")
    func step() {
        let estimates = InterarrivalJitter.estimates(
            transits([0, 16, 16, 5_000_000, 5_000_032], eras: [0, 0, 0, 1, 1])
        )
        #expect(estimates.map(\.jitter) == [1, 0.9375, 0.9375 + (32 - 0.9375) / 16])
    }

    /// The formula over again, from the packets themselves.
    private func straightforward(_ packets: [(sent: Int64, received: Int64)]) -> [Double] {
        var j = 0.0
        var result: [Double] = []
        for i in packets.indices.dropFirst() {
            let d = (packets[i].received - packets[i - 1].received) - (packets[i].sent - packets[i - 1].sent)
            j = j + (Double(abs(d)) - j) / 16
            result.append(j)
        }
        return result
    }

    @Test("equals an independent computation from the observed packets, in each direction", arguments: 1...20)
    func independent(seed: UInt64) throws {
        var path = SimulatedPath(seed: seed, measured: 1500)
        path.forward.queueing = 4
        path.forward.detoured = 0.01
        path.reverse.queueing = 2
        path.reverse.detoured = 0.01
        path.reverse.duplicated = 0.02
        path.forward.loss = .random(0.02)
        path.clock.offset = -77
        path.clock.skewPPM = 40
        let observation = path.run().observations[0]
        let statistics = EndpointStatistics.analyse([observation], claims: noClaims, timestamps: sharp).streams[0]
        var seen: Set<UInt32> = []
        let arrivals = observation.replies.filter {
            observation.measured.contains(Int($0.sequence)) && seen.insert($0.sequence).inserted
        }
        func sent(_ reply: ReceivedReply) -> Int64 {
            observation.sent[Int(reply.sequence)].sentAt.nanosecondsSinceUnixEpoch
        }
        func far(_ reply: ReceivedReply, _ part: (FarTimestamps) -> WallInstant) -> Int64 {
            reply.far.map { part($0).nanosecondsSinceUnixEpoch } ?? 0
        }
        let byNumber = arrivals.sorted { ($0.reflectorSequence ?? 0) < ($1.reflectorSequence ?? 0) }
        let forward = straightforward(byNumber.map { (sent($0), far($0, \.receivedAt)) })
        let reverse = straightforward(
            arrivals.map { (far($0, \.sentAt), $0.arrivedAt.nanosecondsSinceUnixEpoch) }
        )
        let roundTrip = straightforward(
            arrivals.map {
                (
                    sent($0),
                    $0.arrivedAt.nanosecondsSinceUnixEpoch - (far($0, \.sentAt) - far($0, \.receivedAt))
                )
            }
        )
        for (stated, expected) in [
            (statistics.forward.jitter, forward), (statistics.reverse.jitter, reverse),
            (statistics.roundTrip.jitter, roundTrip),
        ] {
            let stated = try #require(stated)
            #expect(abs(Double(stated.last.count) - expected[expected.count - 1]) <= 1, "seed \(seed)")
            #expect(abs(Double(stated.maximum.count) - (expected.max() ?? 0)) <= 1, "seed \(seed)")
            let mean = expected.reduce(0, +) / Double(expected.count)
            #expect(abs(Double(stated.mean.count) - mean) <= 1, "seed \(seed)")
        }
    }

    @Test("the worst 15 s is that of the window, not of the run")
    func worstWindow() throws {
        // 60 s of calm but for 5 s from 30 s on.
        let values = (0..<3000).map { index -> Int64 in
            (1500..<1750).contains(index) && index.isMultiple(of: 2) ? 8_000_000 : 0
        }
        let estimates = InterarrivalJitter.estimates(transits(values))
        let worst = try #require(
            InterarrivalJitter.worstMean(
                estimates,
                window: .seconds(15),
                runStart: start,
                interval: .milliseconds(20),
                judged: JudgedTime()
            )
        )
        var brute = 0.0
        for end in 749..<3000 {
            let window = estimates[max(0, end - 750)..<end]
            brute = max(brute, window.reduce(0) { $0 + $1.jitter } / Double(window.count))
        }
        #expect(abs(worst - brute) < 1e-3)
        #expect(worst > 2.5e6)
    }

    @Test("a run shorter than 15 s has no such window", arguments: [(749, false), (750, true), (751, true)])
    func shortRun(measured: Int, hasWindow: Bool) {
        var path = SimulatedPath(measured: measured)
        path.forward.queueing = 1
        let stream = EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: sharp).streams[0]
        #expect((stream.forward.jitter?.worst15s != nil) == hasWindow)
        #expect((stream.roundTrip.jitter?.worst15s != nil) == hasWindow)
        #expect((stream.roundTrip.loss?.worst15s != nil) == hasWindow)
    }

    @Test("a stateless far end's arrivals are put in order by its clock")
    func statelessOrder() throws {
        var path = SimulatedPath(measured: 500)
        path.forward.detoured = 0.05
        path.reverse.detoured = 0.05
        let counting = path.run().observations
        path.reflector.numbering = .copying
        let copying = path.run().observations
        let one = EndpointStatistics.analyse(counting, claims: noClaims, timestamps: sharp).streams[0]
        let other = EndpointStatistics.analyse(copying, claims: noClaims, timestamps: sharp).streams[0]
        #expect(one.forward.jitter == other.forward.jitter)
        #expect(other.forward.reordered == nil)
    }
}

@Suite("IP packet delay variation")
struct DelayVariationTests {
    @Test("pairs consecutive packets that both arrived")
    func pairs() throws {
        var values: [InterarrivalJitter.Transit?] = transits([10, 13, 9, 9, 100, 50], eras: [0, 0, 0, 0, 0, 1])
        let whole = try #require(DelayVariationStatistics(values))
        // 3, 4, 0, 91; the last pair spans a clock step.
        #expect(whole.p50 == Nanoseconds(3) && whole.maximum == Nanoseconds(91) && whole.p95 == Nanoseconds(91))
        values[3] = nil
        let gap = try #require(DelayVariationStatistics(values))
        #expect(gap.maximum == Nanoseconds(4) && gap.p50 == Nanoseconds(3))
        #expect(DelayVariationStatistics([values[0], nil, values[2]]) == nil)
    }
}
