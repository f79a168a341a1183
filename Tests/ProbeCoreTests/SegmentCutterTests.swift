import ProbeCore
import Testing
import Units
import Wire

/// How a log that grows is cut, packet by packet.
@Suite struct SegmentCutterTests {
    private static let interval = Nanoseconds.milliseconds(20)
    private static let timeout = Nanoseconds.seconds(3)
    /// A full minute, so that cuts of 10 s lie at multiples of 500 packets.
    private static let start = WallInstant(nanosecondsSinceUnixEpoch: 1_795_521_600_000_000_000)

    private var log = ObservationLog(streams: 1, interval: interval, replyTimeout: timeout)
    private var cutter = SegmentCutter(
        SegmentPlan(length: .seconds(10), memory: .seconds(30)),
        start: start,
        replyTimeout: timeout
    )
    private var segments: [LogSegment] = []

    private static func at(_ sequence: Int, plus milliseconds: Int64 = 0) -> WallInstant {
        start + interval * Int64(sequence) + .milliseconds(milliseconds)
    }

    private static func reply(to sequence: Int, after milliseconds: Int64 = 30, number: Int? = nil) -> PacketRecord {
        var record = PacketRecord(kind: .reply, stream: 0, at: at(sequence, plus: milliseconds))
        record.sequence = UInt32(sequence)
        record.reflectorSequence = UInt32(number ?? sequence)
        record.flags = [.farTimestamps, .kernelTimestamp]
        record.farReceivedAt = at(sequence, plus: 10).nanosecondsSinceUnixEpoch
        record.farSentAt = at(sequence, plus: 11).nanosecondsSinceUnixEpoch
        return record
    }

    /// Sends packets and has them answered, but for those that `answers` says otherwise of.
    private mutating func run(_ packets: Range<Int>, answers: (Int) -> [PacketRecord] = { [reply(to: $0)] }) {
        for sequence in packets {
            let at = Self.at(sequence)
            log.append(.sent(stream: 0, sequence: UInt32(sequence), at: at, lateness: .zero, measured: sequence >= 10))
            for record in answers(sequence) { log.append(record) }
            while let segment = cutter.next(&log, now: at) { segments.append(segment) }
        }
    }

    private mutating func end(after packets: Int) {
        segments += cutter.last(&log, at: Self.at(packets))
    }

    @Test mutating func everyPacketIsJudgedOnceAndSegmentsFollowEachOther() throws {
        run(0..<3_207)
        end(after: 3_207)
        #expect(segments.map(\.number) == Array(0..<7))
        #expect(segments[0].start == Self.start)
        #expect(segments.map(\.end).dropLast() == (1...6).map { Self.at(500 * $0) })
        for (earlier, later) in zip(segments, segments.dropFirst()) {
            #expect(earlier.end == later.start)
            #expect(
                earlier.log.streams[0].measuredNumbers.upperBound == later.log.streams[0].measuredNumbers.lowerBound
            )
        }
        #expect(segments.first?.log.streams[0].measuredNumbers.lowerBound == 10)
        #expect(segments.last?.log.streams[0].measuredNumbers == 3_000..<3_207)
        #expect(segments.allSatisfy { $0.log.streams[0].answeredCount == $0.measuredPackets })
    }

    @Test mutating func anAnswerThatComesAfterTheCutCountsWithItsPacket() throws {
        // Packet 499 is the last before the cut: its answer comes two seconds later, and once more after three.
        run(0..<1_600) { sequence in
            switch sequence {
            case 499: []
            case 600: [Self.reply(to: 499, after: 2_020, number: 600), Self.reply(to: 600, number: 599)]
            case 650: [Self.reply(to: 499, after: 3_020, number: 650), Self.reply(to: 650)]
            default: [Self.reply(to: sequence)]
            }
        }
        let first = try #require(segments.first).log.streams[0]
        let (observation, place) = (
            first.observation(), 499 - first.measuredNumbers.lowerBound + first.measured.lowerBound
        )
        #expect(observation.replies.filter { Int($0.sequence) == place }.map(\.reflectorSequence) == [600, 650])
        #expect(first.answeredCount == 490)
        #expect(segments[1].log.streams[0].answeredCount == 500)
    }

    @Test mutating func aSegmentHasTheRunAroundIt() throws {
        run(0..<4_000)
        let last = try #require(segments.last).log.streams[0].observation()
        let judged = last.measured
        let before = last.sent[judged.lowerBound].sentAt - last.sent[0].sentAt
        let after = try #require(last.sent.last).sentAt - last.sent[judged.upperBound].sentAt
        #expect(before >= SegmentPlan.shortestContext)
        #expect(after >= SegmentPlan.windowReach + Self.timeout)
        #expect(last.run == last.sent.indices)
        #expect(
            last.firstSequence
                == UInt32(segments[segments.count - 1].log.streams[0].measuredNumbers.lowerBound - judged.lowerBound)
        )
    }

    @Test mutating func whatIsNoPacketOfOursCountsWhereItCame() {
        run(0..<2_200) { sequence in
            sequence % 100 == 50
                ? [Self.reply(to: sequence), .refused(stream: 0, at: Self.at(sequence), reason: .foreignSession)]
                : [Self.reply(to: sequence)]
        }
        end(after: 2_200)
        #expect(segments.map { $0.log.streams[0].refusals.values.reduce(0, +) } == [5, 5, 5, 5, 2])
    }

    @Test mutating func aSilenceIsWaitedForInVainNoLongerThanPatienceAllows() {
        run(0..<2_000) { $0 < 400 ? [Self.reply(to: $0)] : [] }
        #expect(segments.map(\.number) == [0])
        #expect(segments.first?.log.streams[0].answeredCount == 390)
        // The first answer after the silence stands in the context of what follows.
        run(2_000..<3_200)
        let second = segments[1].log.streams[0]
        #expect(second.answeredCount == 0)
        #expect(second.observation().replies.contains { $0.sequence < second.measured.lowerBound })
    }

    @Test mutating func whatIsOldIsLetGoOfAndTheRestCanBeExcerpted() throws {
        run(0..<20_000)
        let kept = log.streams[0].observation().sent
        #expect(kept.count < 4_000)
        #expect(log.streams[0].sentCount == 20_000)
        #expect(log.streams[0].answeredCount == 20_000)
        // Over a cut that has long been made.
        let period = Self.at(18_400)...Self.at(18_600)
        let excerpt = log.excerpt(from: period.lowerBound, through: period.upperBound).streams[0]
        #expect(excerpt.measuredNumbers == 18_400..<18_601)
        #expect(excerpt.observation().replies.count == 201)
        #expect(log.excerpt(from: Self.start, through: Self.at(100)).streams[0].measured.isEmpty)
    }

    @Test mutating func aSilenceThatLastsIsLetGoOfAsWell() {
        run(0..<20_000) { $0 < 1_000 ? [Self.reply(to: $0)] : [] }
        #expect(log.streams[0].observation().sent.count < 5_000)
        #expect(segments.count > 35)
    }

    @Test mutating func lossesThatWereForgottenStillCount() throws {
        run(0..<9_000) { $0.isMultiple(of: 100) ? [] : [Self.reply(to: $0)] }
        #expect(log.streams[0].unanswered(by: Self.at(9_000)) == 90)
    }
}
