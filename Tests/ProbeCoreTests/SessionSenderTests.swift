import ProbeCore
import Testing
import Units
import Wire

/// What a session-sender takes for a reply to its requests, and what not.
@Suite struct SessionSenderTests {
    /// A reply to request `sequence`, whose fields can then be changed.
    private func reply(
        to sequence: UInt32 = 0,
        sentAt: WallInstant = .example,
        ssid: UInt16 = 0xbeef,
        errorEstimate: ErrorEstimate = .example
    ) -> SessionReflectorPacket {
        SessionReflectorPacket(
            sequence: sequence,
            timestamp: StampTimestamp(.example + .milliseconds(11), format: errorEstimate.format),
            errorEstimate: errorEstimate,
            ssid: ssid,
            receiveTimestamp: StampTimestamp(.example + .milliseconds(10), format: errorEstimate.format),
            senderSequence: sequence,
            senderTimestamp: StampTimestamp(sentAt, format: .ntp),
            senderErrorEstimate: .example,
            senderTTL: 60
        )
    }

    private func octets(_ reply: SessionReflectorPacket, length: Int = 44) -> [UInt8] {
        Array(zeros(max(length, 44)).changed { reply.write(into: &$0, mode: .unauthenticated) }.prefix(length))
    }

    @Test func requestsAreNumberedFromZeroAndARefusedSendLeavesNoGap() throws {
        var session = try ProbeSession(payload: 44)
        #expect(session.sender.nextSequence == 0)
        #expect(session.request().integer(0..<4) == 0)
        session.stampOnly(at: .example + .milliseconds(20))
        #expect(session.buffer.integer(0..<4) == 1)
        #expect(session.sender.nextSequence == 1)
        #expect(session.request(at: .example + .milliseconds(40)).integer(0..<4) == 1)
        let stamped = session.refusal(of: octets(reply(to: 1, sentAt: .example + .milliseconds(20))))
        #expect(stamped == .alteredCopy, "the request that was sent carried another time")
        #expect(session.refusal(of: octets(reply(to: 1, sentAt: .example + .milliseconds(40)))) == nil)
    }

    @Test func aRequestStampedAndNotSentHasNoReply() throws {
        var session = try ProbeSession(payload: 44)
        session.stampOnly()
        let early = session.refusal(of: octets(reply()))
        #expect(early == .unknownSequence)
    }

    @Test func aReplyAnswersItsRequest() throws {
        var session = try ProbeSession(payload: 44)
        _ = session.request()
        #expect(session.sender.awaitsReplies)
        let read = try session.read(octets(reply()))
        #expect(read.base == reply())
        #expect(!session.sender.awaitsReplies)
        // A duplicate is a reply too: that it is one is for the statistics to say.
        let again = session.refusal(of: octets(reply()))
        #expect(again == nil)
        #expect(!session.sender.awaitsReplies)
    }

    @Test(arguments: [1, 2, 63, 64, 255, 256, 0x7fff_ffff, 0x8000_0000, 0x9000_0000, 0xffff_ffff] as [UInt32])
    func aSequenceNumberNeverSentIsRefused(sequence: UInt32) throws {
        var session = try ProbeSession(payload: 44)
        _ = session.request()
        let real = session.refusal(of: octets(reply(to: sequence)))
        #expect(real == .unknownSequence)
        // What an empty memory would hold must not pass for a copy either.
        var forged = reply(to: sequence)
        forged.senderTimestamp = StampTimestamp(rawValue: 0)
        let empty = session.refusal(of: octets(forged))
        #expect(empty == .unknownSequence)
        #expect(session.sender.awaitsReplies)
    }

    @Test func anythingIsRefusedBeforeTheFirstRequest() throws {
        var session = try ProbeSession(payload: 44)
        for sequence in [0, 1, .max] as [UInt32] {
            let refusal = session.refusal(of: octets(reply(to: sequence)))
            #expect(refusal == .unknownSequence)
        }
    }

    @Test func anAlteredCopyIsRefused() throws {
        var session = try ProbeSession(payload: 44)
        _ = session.request()
        for offset in 28..<36 {
            var forged = octets(reply())
            forged[offset] ^= 1
            let refusal = session.refusal(of: forged)
            #expect(refusal == .alteredCopy, "octet \(offset)")
        }
        #expect(session.sender.awaitsReplies)
    }

    @Test func aForeignSessionIsRefused() throws {
        var session = try ProbeSession(payload: 44)
        _ = session.request()
        for ssid in [1, 0xbeee, 0xffff] as [UInt16] {
            let refusal = session.refusal(of: octets(reply(ssid: ssid)))
            #expect(refusal == .foreignSession)
        }
    }

    @Test func anEchoedRequestIsRefused() throws {
        for key in [nil, StampKey.example] {
            var session = try ProbeSession(key: key, payload: 172)
            let request = session.request()
            let refusal = session.refusal(of: request)
            #expect(refusal == .echoedRequest)
        }
    }

    @Test func stunAndCorruptRepliesAreRefused() throws {
        var session = try ProbeSession(payload: 44)
        _ = session.request()
        let cookie = session.refusal(of: octets(reply()).putting(0x2112_a442, 4..<8))
        #expect(cookie == .stunCookie)
        let estimate = session.refusal(of: octets(reply()).putting(0x9600, 12..<14))
        #expect(estimate == .zeroErrorEstimate)
        let ptp = ErrorEstimate(rawValue: 0x4001)
        let nanoseconds = session.refusal(of: octets(reply(errorEstimate: ptp)).putting(1_000_000_000, 20..<24))
        #expect(nanoseconds == .malformedTimestamp)
    }

    @Test func theOldestRememberedRequestIsAnsweredAndOlderOnesAreRefused() throws {
        // 2 s of 20 ms twice over: 200, and so 256 places.
        var session = try ProbeSession(payload: 44)
        for number in 0..<256 as Range<Int64> { _ = session.request(at: .example + Nanoseconds(number)) }
        session.stampOnly(at: .example + .seconds(1))
        let oldest = session.refusal(of: octets(reply(to: 1, sentAt: .example + Nanoseconds(1))))
        #expect(oldest == nil)
        let overwritten = session.refusal(of: octets(reply(to: 0)))
        #expect(overwritten == .unknownSequence)
        let latest = session.refusal(of: octets(reply(to: 255, sentAt: .example + Nanoseconds(255))))
        #expect(latest == nil)
    }

    @Test func everyRequestIsRememberedForTwiceTheReplyTimeout() throws {
        for (interval, timeout) in [(20, 2_000), (1, 10_000), (1_000, 1_000), (20, 5_000)] as [(Int64, Int64)] {
            var session = try ProbeSession(
                payload: 44,
                interval: .milliseconds(interval),
                replyTimeout: .milliseconds(timeout)
            )
            for number in 0...(2 * timeout / interval) {
                _ = session.request(at: .example + .milliseconds(number * interval))
            }
            let refusal = session.refusal(of: octets(reply(to: 0)))
            #expect(refusal == nil, "\(interval) ms, \(timeout) ms")
        }
    }

    @Test func extremeTimesDoNotTrap() throws {
        let session = try ProbeSession(payload: 44, interval: Nanoseconds(1), replyTimeout: .maximum)
        #expect(!session.sender.awaitsReplies)
        _ = try ProbeSession(payload: 44, interval: .zero, replyTimeout: .zero)
    }

    // MARK: - Other reflectors

    @Test func repliesOfLegacyReflectorsAreRead() throws {
        for length in [36, 38, 41, 44] {
            var session = try ProbeSession(payload: 44)
            _ = session.request()
            let read = try session.read(octets(reply(ssid: 0), length: length))
            #expect(read.farReceivedAt == .example + .milliseconds(10))
            #expect(read.farSentAt == .example + .milliseconds(11))
            #expect(read.base.senderTTL == (length > 40 ? 60 : nil))
            #expect(read.base.senderErrorEstimate.rawValue == (length >= 38 ? 0x1601 : 0))
            #expect(read.hasUnequalLength == (length != 44))
            #expect(read.telemetry == .empty)
        }
    }

    @Test func withoutTheSSIDNoTLVIsBelieved() throws {
        var session = try ProbeSession(payload: 172)
        var reflector = SessionReflector.example()
        let answer = try reflector.mustAnswer(session.request())
        let trusted = try session.read(answer.octets)
        #expect(trusted.telemetry.classOfService != nil)
        let legacy = try session.read(answer.octets.putting(0, 14..<16))
        #expect(legacy.telemetry == .empty)
    }

    @Test func aSessionWithoutSSIDBelievesItsReplies() throws {
        var session = try ProbeSession(payload: 172, ssid: 0)
        var reflector = SessionReflector.example()
        let answer = try reflector.mustAnswer(session.request())
        let reply = try session.read(answer.octets)
        #expect(reply.telemetry.classOfService != nil)
    }

    @Test func aReflectorWithoutAClockGivesNoTimes() throws {
        var session = try ProbeSession(payload: 44)
        _ = session.request()
        let read = try session.read(octets(reply()).putting(0, 16..<24))
        #expect(read.farReceivedAt == nil && read.farSentAt != nil)
        #expect(!record(of: read).flags.contains(.farTimestamps))
    }

    // MARK: - Truncation and authentication

    @Test func repliesTruncatedAnywhereAreRefusedOrReadWithoutTLVs() throws {
        var session = try ProbeSession(payload: 172)
        var reflector = SessionReflector.example()
        let whole = try reflector.mustAnswer(session.request()).octets
        for length in 0..<whole.count {
            let cut = Array(whole.prefix(length))
            guard length >= 36 else {
                let refusal = session.refusal(of: cut)
                #expect(refusal == .tooShort)
                continue
            }
            let read = try session.read(cut)
            #expect(read.hasUnequalLength)
            #expect(read.base.senderTTL == (length > 40 ? 64 : nil))
            #expect(read.telemetry.understoodCount == 0 && read.telemetry.classOfService == nil)
            #expect(read.telemetry.anomaly == (length < 48 ? nil : .altered), "\(length)")
        }
    }

    @Test func authenticatedRepliesTruncatedAnywhereAreRefusedOrReadWithoutTLVs() throws {
        var session = try ProbeSession(key: .example, payload: 220)
        var reflector = SessionReflector.example(key: .example)
        let whole = try reflector.mustAnswer(session.request()).octets
        for length in 0..<whole.count {
            let cut = Array(whole.prefix(length))
            guard length >= 112 else {
                let refusal = session.refusal(of: cut)
                #expect(refusal == .tooShort)
                continue
            }
            let read = try session.read(cut)
            #expect(read.hasUnequalLength && read.telemetry.understoodCount == 0)
        }
    }

    @Test func anAlteredAuthenticatedReplyIsRefused() throws {
        var session = try ProbeSession(key: .example, payload: 220)
        var reflector = SessionReflector.example(key: .example)
        let whole = try reflector.mustAnswer(session.request()).octets
        for offset in 0..<112 {
            var forged = whole
            forged[offset] ^= 0x10
            let refusal = session.refusal(of: forged)
            #expect(refusal == .authenticationFailed, "octet \(offset)")
        }
        // An altered TLV costs the TLVs and nothing else.
        let read = try session.read(whole.putting(0, 116..<118))
        #expect(read.telemetry.classOfService == nil && read.telemetry.anomaly != nil)
        var stranger = try ProbeSession(key: .other, payload: 220)
        _ = stranger.request()
        let refusal = stranger.refusal(of: whole)
        #expect(refusal == .authenticationFailed)
    }

    // MARK: - Records

    private func record(of reply: SessionReply) -> PacketRecord {
        reply.record(
            stream: 3,
            arrivedAt: .example + .milliseconds(20),
            kernelTimestamp: true,
            trafficClass: 46 << 2,
            timeToLive: 57
        )
    }

    @Test func theRecordOfAReplyHoldsAllOfIt() throws {
        var session = try ProbeSession(payload: 172)
        var reflector = SessionReflector.example()
        let answer = try reflector.mustAnswer(session.request(), .example(trafficClass: 34 << 2 | 1))
        let record = record(of: try session.read(answer.octets))
        #expect(record.kind == .reply && record.stream == 3)
        #expect(record.at == (WallInstant.example + .milliseconds(20)).nanosecondsSinceUnixEpoch)
        #expect(record.farReceivedAt == (WallInstant.example + .milliseconds(20)).nanosecondsSinceUnixEpoch)
        #expect(record.farSentAt == (WallInstant.example + .milliseconds(21)).nanosecondsSinceUnixEpoch)
        #expect(record.flags == [.kernelTimestamp, .farTimestamps, .farTrafficClass])
        #expect(record.trafficClass == 46 << 2 && record.farTrafficClass == 34 << 2 | 1)
        #expect(record.timeToLive == 57 && record.farTimeToLive == 64)
        #expect(record.reflexivePort == 40_000)
        #expect(record.sequence == 0 && record.reflectorSequence == 0)
    }

    @Test func aShorterReplysRecordSaysSo() throws {
        var session = try ProbeSession(payload: 172)
        _ = session.request()
        let record = record(of: try session.read(octets(reply(ssid: 0), length: 41)))
        #expect(record.flags == [.kernelTimestamp, .farTimestamps, .unequalLength])
        #expect(record.reflexivePort == 0)
    }

    @Test func aFarClockErrorIsRecordedOnlyWhereItIsClaimedAndFits() throws {
        func record(_ rawValue: UInt16) throws -> PacketRecord {
            var session = try ProbeSession(payload: 44)
            _ = session.request()
            return self.record(of: try session.read(octets(reply(errorEstimate: ErrorEstimate(rawValue: rawValue)))))
        }
        // 2⁻¹⁰ s, rounded up to whole nanoseconds.
        let claimed = try record(0x9601)
        #expect(claimed.flags.contains(.farSynchronized) && claimed.farClockError == 976_563)
        let unsynchronized = try record(0x1601)
        #expect(!unsynchronized.flags.contains(.farSynchronized))
        // 4 s fits; 16 s would be told as less than it is.
        let wide = try record(0xa201)
        #expect(wide.flags.contains(.farSynchronized) && wide.farClockError == 4_000_000_000)
        let wider = try record(0xa401)
        #expect(!wider.flags.contains(.farSynchronized))
    }
}
