import ProbeCore
import Testing
import Units
import Wire

/// What becomes of the probe thread's records.
@Suite struct StreamLogTests {
    private var log = ObservationLog(streams: 2, interval: .milliseconds(20), replyTimeout: .seconds(2))

    private func at(_ milliseconds: Double) -> WallInstant { .example + .milliseconds(rounding: milliseconds) }

    private func sent(_ sequence: UInt32, measured: Bool = true, stream: UInt16 = 0) -> PacketRecord {
        .sent(
            stream: stream,
            sequence: sequence,
            at: at(Double(sequence) * 20),
            lateness: .microseconds(Int64(sequence)),
            measured: measured
        )
    }

    /// A reply 30 ms after its request, of which the far end kept it 1 ms.
    private func reply(_ sequence: UInt32, number: UInt32? = nil, change: (inout PacketRecord) -> Void = { _ in })
        -> PacketRecord
    {
        let start = Double(sequence) * 20
        var record = PacketRecord(kind: .reply, stream: 0, at: at(start + 30))
        record.sequence = sequence
        record.reflectorSequence = number ?? sequence
        record.flags = [.farTimestamps, .kernelTimestamp]
        record.farReceivedAt = at(start + 10).nanosecondsSinceUnixEpoch
        record.farSentAt = at(start + 11).nanosecondsSinceUnixEpoch
        change(&record)
        return record
    }

    private func log(_ records: [PacketRecord]) -> StreamLog {
        var log = log
        for record in records { log.append(record) }
        return log.streams[0]
    }

    @Test func recordsGoToTheirStreams() {
        var log = log
        log.append(sent(0, stream: 1))
        log.append(sent(0, stream: 7))
        log.append(PacketRecord(kind: .missed, stream: 0, at: .example))
        #expect(log.streams.map(\.sentCount) == [0, 1])
        #expect(log.streams.map(\.missed) == [1, 0])
    }

    @Test func clockStepsBelongToNoStream() {
        var log = log
        var record = PacketRecord(kind: .clockStep, stream: 0, at: at(5))
        record.value = -3_000_000
        log.append(record)
        #expect(log.localClockSteps.map(\.at) == [at(5)])
        #expect(log.localClockSteps.map(\.by) == [.milliseconds(-3)])
    }

    @Test func sentPacketsTakeTheirKernelTimestamps() {
        func transmitted(_ sequence: UInt32, after microseconds: Double) -> PacketRecord {
            let sentAt = at(Double(sequence) * 20) + Nanoseconds(rounding: microseconds * 1e3)
            return .transmitted(stream: 0, sequence: sequence, at: sentAt)
        }
        let stream = log(
            (0..<6).map { sent($0) } + [
                transmitted(0, after: 12), transmitted(1, after: -99), transmitted(2, after: -101),
                transmitted(3, after: 1_000_000), transmitted(4, after: 7), transmitted(4, after: 9),
                transmitted(9, after: 1),
            ]
        )
        let packets = stream.observation().sent
        #expect(packets.map(\.hasKernelTimestamp) == [true, true, false, false, true, false])
        let delays = packets.enumerated().map { ($1.sentAt - at(Double($0) * 20)).count }
        #expect(delays == [12_000, -99_000, 0, 0, 7_000, 0])
        // Time in this host's own queues is late too.
        #expect(stream.lateness == [12, 1, 2, 3, 4 + 7, 5].map { .microseconds($0) })
        #expect(stream.kernelTimestamps == (6, 3))
    }

    @Test func aSequenceNumberOutOfPlaceIsNotTaken() {
        let stream = log([sent(0), sent(2), sent(0), sent(1)])
        #expect(stream.sentCount == 2)
        #expect(stream.observation().sent.map(\.sentAt) == [at(0), at(20)])
    }

    @Test func repliesAreKeptInOrderOfArrivalWithTheirDuplicates() {
        let stream = log([sent(0), sent(1), sent(2), reply(1), reply(0), reply(1, number: 5), reply(7)])
        let replies = stream.observation().replies
        #expect(replies.map(\.sequence) == [1, 0, 1])
        #expect(replies.map(\.reflectorSequence) == [1, 0, 5])
        #expect(replies[0].arrivedAt == at(50) && replies[0].hasKernelTimestamp)
        #expect(replies[0].far == FarTimestamps(receivedAt: at(30), sentAt: at(31)))
        #expect(stream.answeredCount == 2 && stream.replyCount == 3)
    }

    @Test func aReplyWithoutFarTimestampsHasNone() {
        let stream = log([sent(0), reply(0) { $0.flags = [] }])
        let replies = stream.observation().replies
        #expect(replies.map(\.far) == [nil])
        #expect(replies.map(\.hasKernelTimestamp) == [false])
    }

    @Test func followUpsReplaceFarSendTimesWithinBounds() {
        func followUp(_ number: UInt32, _ delay: Nanoseconds) -> PacketRecord {
            let farSentAt = at(Double(number) * 20 + 11) + delay
            return .farTransmitted(stream: 0, reflectorSequence: number, at: .example, farSentAt: farSentAt)
        }
        let delays: [Nanoseconds] = [
            .microseconds(40), .microseconds(-1), Nanoseconds(-1_001), .milliseconds(50), Nanoseconds(49_999_999),
        ]
        let numbers = 0..<UInt32(delays.count)
        let stream = log(
            numbers.map { sent($0) } + numbers.map { reply($0) } + numbers.map { followUp($0, delays[Int($0)]) }
        )
        let moved = stream.observation().replies.enumerated().map { index, reply in
            reply.far.map { $0.sentAt - at(Double(index) * 20 + 11) }
        }
        #expect(moved == [.microseconds(40), .microseconds(-1), .zero, .zero, Nanoseconds(49_999_999)])
        #expect(stream.farSendDelays == [.microseconds(-1), .microseconds(40), Nanoseconds(49_999_999)])
        let received = stream.observation().replies.compactMap(\.far?.receivedAt)
        #expect(received == numbers.map { at(Double($0) * 20 + 10) })
    }

    @Test func followUpsGoByTheReflectorsNumbers() {
        // The reflector saw only the second request: its reply 0.
        let told = at(31.1)
        let stream = log([
            sent(0), sent(1), reply(1, number: 0),
            .farTransmitted(stream: 0, reflectorSequence: 0, at: .example, farSentAt: told),
        ])
        #expect(stream.observation().replies.map { $0.far?.sentAt } == [told])
    }

    @Test func theMeasuredRangeLeavesOutLeadInAndTail() {
        #expect(log([]).measured == 0..<0)
        #expect(log([sent(0, measured: false)]).measured.isEmpty)
        let stream = log((0..<6).map { sent($0, measured: (2...4).contains($0)) })
        #expect(stream.measured == 2..<5)
        #expect(stream.observation().measured == 2..<5)
        #expect(stream.observation().interval == .milliseconds(20))
        #expect(stream.observation().replyTimeout == .seconds(2))
    }

    @Test func marksAreCountedOncePerMeasuredPacket() {
        func marked(_ sequence: UInt32, _ here: UInt8, _ there: UInt8?) -> PacketRecord {
            reply(sequence) {
                $0.trafficClass = here << 2 | 1
                if let there {
                    $0.flags.insert(.farTrafficClass)
                    $0.farTrafficClass = there << 2
                }
            }
        }
        let packets = (0..<5 as Range<UInt32>).map { sent($0, measured: (1...3).contains($0)) }
        let stream = log(
            packets + [marked(0, 1, 1), marked(2, 0, 46), marked(1, 46, 34), marked(2, 8, 8), marked(3, 0, nil)]
                + [marked(4, 2, 2)]
        )
        let counts = stream.markCounts()
        #expect(counts.returned == [.bestEffort: 2, .expeditedForwarding: 1])
        #expect(counts.farEnd == [.expeditedForwarding: 1, .af41: 1])
        #expect(stream.reportsMarks)

        let silent = log([sent(0), marked(0, 46, nil)])
        #expect(silent.markCounts().farEnd == nil && !silent.reportsMarks)
    }

    @Test func failuresAreCountedByTheirReason() {
        let stream = log([
            .sendFailed(stream: 0, at: .example, errno: 105), .sendFailed(stream: 0, at: .example, errno: 1),
            .sendFailed(stream: 0, at: .example, errno: 105),
            .refused(stream: 0, at: .example, reason: .alteredCopy),
            .refused(stream: 0, at: .example, reason: .stunCookie),
            .refused(stream: 0, at: .example, reason: .alteredCopy),
        ])
        #expect(stream.sendFailures == [105: 2, 1: 1])
        #expect(stream.refusals == ["altered_copy": 2, "stun_cookie": 1])
    }

    @Test func everyRefusalKeepsItsCode() {
        for reason in StampRefusal.allCases {
            let stream = log([.refused(stream: 0, at: .example, reason: reason)])
            #expect(stream.refusals == [reason.code: 1])
        }
    }

    @Test func theFarClockErrorIsTheGreatestAndAllMustClaimOne() {
        func claim(_ sequence: UInt32, _ error: UInt32?) -> PacketRecord {
            reply(sequence) {
                guard let error else { return }
                $0.flags.insert(.farSynchronized)
                $0.farClockError = error
            }
        }
        let packets = (0..<3 as Range<UInt32>).map { sent($0) }
        #expect(log(packets).farClockError == nil)
        #expect(log(packets + [claim(0, 5), claim(1, 9), claim(2, 7)]).farClockError == Nanoseconds(9))
        #expect(log(packets + [claim(0, 5), claim(1, nil), claim(2, 7)]).farClockError == nil)
        #expect(log(packets + [claim(0, nil), claim(1, 5)]).farClockError == nil)
        #expect(log(packets + [claim(0, 0)]).farClockError == .zero)
    }

    @Test func theLatestKnownHopsAndPortsStand() {
        let stream = log([
            sent(0), sent(1),
            reply(0) { ($0.timeToLive, $0.farTimeToLive, $0.reflexivePort) = (57, 60, 4_000) },
            reply(1) { $0.flags.insert([.markRefusedByPolicy, .unequalLength]) },
        ])
        #expect(stream.timeToLive == 57 && stream.farTimeToLive == 60 && stream.reflexivePort == 4_000)
        #expect(stream.marksRefusedByPolicy == 1 && stream.unequalLengths == 1)
        let silent = log([sent(0), reply(0)])
        #expect(silent.timeToLive == nil && silent.farTimeToLive == nil && silent.reflexivePort == nil)
    }

    @Test func packetsCountAsUnansweredASecondAfterTheyLeft() {
        let stream = log((0..<4).map { sent($0) } + [reply(1)])
        #expect(stream.unanswered(by: at(999)) == 0)
        #expect(stream.unanswered(by: at(1_000)) == 1)
        #expect(stream.unanswered(by: at(1_030)) == 1)
        #expect(stream.unanswered(by: at(1_040)) == 2)
        #expect(stream.unanswered(by: at(60_000)) == 3)
    }

    @Test func roundTripsLeaveOutTheTimeInsideTheFarEnd() {
        let stream = log([
            sent(0), sent(1), sent(2), reply(0), reply(1) { $0.flags = [] }, reply(2) { $0.at += 5_000_000 },
        ])
        #expect(stream.latestRoundTrips(2) == [.milliseconds(30), .milliseconds(34)])
        #expect(stream.latestRoundTrips(9) == [.milliseconds(29), .milliseconds(30), .milliseconds(34)])
    }

    @Test func timesThatCannotBeDoNotTrap() {
        let stream = log([
            sent(0), .transmitted(stream: 0, sequence: 0, at: WallInstant(nanosecondsSinceUnixEpoch: .max)),
            reply(0) { ($0.farReceivedAt, $0.farSentAt) = (.max, .min) },
            .farTransmitted(
                stream: 0,
                reflectorSequence: 0,
                at: .example,
                farSentAt: WallInstant(nanosecondsSinceUnixEpoch: .max)
            ),
        ])
        #expect(stream.observation().replies.count == 1)
        #expect(stream.latestRoundTrips(1).count == 1)
        #expect(stream.farSendDelays.isEmpty)
    }
}
