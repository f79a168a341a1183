import ProbeCore
import Testing
import Units

/// What segments count adds up to what an uncut log counts.
@Suite struct LogTotalsTests {
    private static let start = WallInstant(nanosecondsSinceUnixEpoch: 1_795_521_600_000_000_000)
    private static let interval = Nanoseconds.milliseconds(20)

    private func records(rounds: UInt32) -> [PacketRecord] {
        (0..<rounds).flatMap { sequence -> [PacketRecord] in
            let at = Self.start + Self.interval * Int64(sequence)
            var records = [
                PacketRecord.sent(stream: 0, sequence: sequence, at: at, lateness: .zero, measured: sequence >= 10)
            ]
            if sequence % 7 == 3 { records.append(PacketRecord(kind: .missed, stream: 0, at: at)) }
            guard sequence % 10 != 9 else { return records }
            var reply = PacketRecord(kind: .reply, stream: 0, at: at + .milliseconds(9))
            reply.sequence = sequence
            reply.flags = [.farTrafficClass, .farSynchronized]
            reply.farClockError = 1_000 + sequence
            reply.timeToLive = 57
            records.append(reply)
            return records
        }
    }

    @Test func segmentsAddUp() throws {
        var whole = ObservationLog(streams: 1, interval: Self.interval, replyTimeout: .seconds(1))
        var cut = whole
        var cutter = SegmentCutter(SegmentPlan(length: .seconds(10)), start: Self.start, replyTimeout: .seconds(1))
        var totals = ObservationLog.totals
        var segments = 0
        for record in records(rounds: 3_000) {
            whole.append(record)
            cut.append(record)
            let now = WallInstant(nanosecondsSinceUnixEpoch: record.at)
            while let segment = cutter.next(&cut, now: now) {
                totals.addTotals(of: segment.log)
                segments += 1
            }
        }
        for segment in cutter.rest(of: &cut, at: Self.start + Self.interval * 3_000) {
            totals.addTotals(of: segment.log)
            segments += 1
        }
        #expect(segments > 4)
        let (sum, all) = (try #require(totals.streams.first), try #require(whole.streams.first))
        #expect(sum.measuredNumbers == all.measuredNumbers)
        #expect(sum.measured.count == 2_990)
        #expect(sum.measuredSpan == all.measuredSpan)
        // Nine of ten; those of the lead-in belong to no segment.
        #expect(sum.answeredCount == 2_691)
        #expect(sum.missed == all.missed)
        #expect(sum.farClockError == all.farClockError)
        #expect(sum.timeToLive == 57)
        #expect(sum.reportsMarks)
    }

    /// Where nothing could be sent there is no packet, but the reason is counted.
    @Test func whatWasNeverSentIsCountedToo() throws {
        var log = ObservationLog(streams: 1, interval: Self.interval, replyTimeout: .seconds(1))
        var cutter = SegmentCutter(SegmentPlan(length: .seconds(10)), start: Self.start, replyTimeout: .seconds(1))
        for index in 0..<5 as Range<Int64> {
            var failed = PacketRecord(kind: .sendFailed, stream: 0, at: Self.start + Self.interval * index)
            failed.detail = 101
            log.append(failed)
        }
        var totals = ObservationLog.totals
        for segment in cutter.rest(of: &log, at: Self.start + .seconds(1)) { totals.addTotals(of: segment.log) }
        #expect(try #require(totals.streams.first).sendFailures == [101: 5])
    }
}
