import Foundation
import ProbeCore
import Readiness
import Statistics
import Testing
import Units

/// What a run without end keeps does not grow with its length.
@Suite struct MemoryTests {
    private static let interval = Nanoseconds.milliseconds(20)
    private static let start = WallInstant(nanosecondsSinceUnixEpoch: 1_795_521_600_000_000_000)

    /// Four streams at 20 ms with one reply lost in a hundred, as fast as they can be made.
    private struct Accelerated {
        var log = ObservationLog(streams: 4, interval: MemoryTests.interval, replyTimeout: .seconds(3))
        var cutter: SegmentCutter
        var sequence: UInt32 = 0
        var judged = 0
        /// Segments are put together to one result, not judged each by itself.
        var isOneCheck = false
        private var digest = EndpointEvidenceDigest()
        private var totals = ObservationLog.totals

        init(_ plan: SegmentPlan) {
            cutter = SegmentCutter(plan, start: MemoryTests.start, replyTimeout: .seconds(3))
        }

        mutating func run(segments: Int) {
            while judged < segments { round() }
        }

        mutating func run(rounds: Int) {
            for _ in 0..<rounds { round() }
        }

        /// All packets at once, as those of a short check.
        func judgeAll() { judge(log) }

        private mutating func round() {
            let at = MemoryTests.start + MemoryTests.interval * Int64(sequence)
            for stream in 0..<4 as Range<UInt16> {
                log.append(.sent(stream: stream, sequence: sequence, at: at, lateness: .zero, measured: true))
                guard sequence % 100 != 99 else { continue }
                var reply = PacketRecord(kind: .reply, stream: stream, at: at + .milliseconds(12))
                reply.sequence = sequence
                reply.reflectorSequence = sequence - sequence / 100
                reply.flags = [.farTimestamps, .kernelTimestamp]
                reply.farReceivedAt = (at + .milliseconds(5)).nanosecondsSinceUnixEpoch
                reply.farSentAt = (at + .milliseconds(6)).nanosecondsSinceUnixEpoch
                log.append(reply)
                let earlier = reply.reflectorSequence &- 1
                log.append(.farTransmitted(stream: stream, reflectorSequence: earlier, at: at, farSentAt: at))
            }
            sequence += 1
            while let segment = cutter.next(&log, now: at) {
                judged += 1
                take(segment)
            }
        }

        private mutating func take(_ segment: LogSegment) {
            guard isOneCheck else { return judge(segment.log) }
            totals.addTotals(of: segment.log)
            let clock = LocalClock(synchronized: false, maximumError: nil, source: "none")
            digest.add(Self.endpoint(segment.log), clock: clock, steps: [])
        }

        private static func endpoint(_ log: ObservationLog) -> EndpointLogs {
            EndpointLogs(
                name: "stamp://192.0.2.2",
                address: "192.0.2.2",
                ports: log.streams.enumerated().map { .init(port: UInt16($0.offset), logs: [$0.element]) },
                authenticated: false
            )
        }

        private func judge(_ log: ObservationLog) {
            let clock = LocalClock(synchronized: false, maximumError: nil, source: "none")
            let evidence = EndpointEvidence(Self.endpoint(log), clock: clock, errorText: { "\($0)" })
            precondition(evidence.statistics.streams.count == 4)
        }

        /// What all that was judged comes to.
        var result: EndpointStatistics {
            let clock = LocalClock(synchronized: false, maximumError: nil, source: "none")
            return digest.evidence(totals: Self.endpoint(totals), clock: clock, errorText: { "\($0)" }).statistics
        }

        var keptPackets: Int { log.streams.reduce(0) { $0 + $1.observation().sent.count } }
    }

    @Test func whatIsKeptStaysTheSame() {
        var run = Accelerated(SegmentPlan(length: .seconds(10), memory: .seconds(30)))
        run.run(segments: 10)
        let kept = run.keptPackets
        run.run(segments: 30)
        #expect(run.keptPackets == kept)
    }

    /// An hour of minutes, for figures: `LINECHECK_MEMORY=1`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["LINECHECK_MEMORY"] != nil))
    func residentMemoryIsFlat() throws {
        var run = Accelerated(SegmentPlan(length: .seconds(60)))
        var resident: [Int: Double] = [:]
        for segments in [5, 10, 20, 30, 40, 50] {
            run.run(segments: segments)
            resident[segments] = try Self.resident()
        }
        print("resident, MB: \(resident.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })")
        let (early, late) = (try #require(resident[10]), try #require(resident[50]))
        #expect(late < early * 1.1)
    }

    /// Eight hours of one check in parts of five minutes, for figures.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["LINECHECK_MEMORY"] != nil))
    func aLongCheckIsFlat() throws {
        var run = Accelerated(SegmentPlan(length: .seconds(300), memory: .seconds(30)))
        run.isOneCheck = true
        var resident: [Int: Double] = [:]
        for segments in [2, 4, 8, 24, 48, 96] {
            run.run(segments: segments)
            resident[segments] = try Self.resident()
        }
        print("resident, MB, by parts: \(resident.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })")
        let (early, late) = (try #require(resident[8]), try #require(resident[96]))
        #expect(late < early * 1.1)
        print("at most \(try Self.peak()) MB")
        let result = run.result
        let sent = result.streams.reduce(0) { $0 + $1.packets.sent }
        #expect(sent > 5_000_000)
        let ratio = try #require(result.roundTripLoss?.ratio)
        #expect(abs(ratio - 0.01) < 0.0001)
    }

    /// The longest check that is still judged as a whole, for figures.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["LINECHECK_MEMORY"] != nil))
    func aCheckJudgedAsAWhole() throws {
        let before = try Self.resident()
        var run = Accelerated(SegmentPlan(length: .seconds(100_000)))
        run.run(rounds: 90_000)
        let kept = try Self.resident()
        run.judgeAll()
        print("360,000 packets, MB: kept \(kept - before), most \(try Self.peak() - before)")
    }

    /// The most that was resident at once, MB.
    private static func peak() throws -> Double {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return Double(line?.split(separator: " ").dropLast().last ?? "0").map { $0 / 1_000 } ?? 0
    }

    private static func resident() throws -> Double {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return Double((Int(fields[1]) ?? 0) * 4_096 / 10_000) / 100
    }
}
