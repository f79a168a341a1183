import Testing
import Units
import Wire

@Suite struct RefusalTests {
    private let request = WorkedExample.request
    private let reply = WorkedExample.reply

    private func refusal(ofRequest bytes: [UInt8], _ mode: StampMode = .unauthenticated) -> StampRefusal? {
        do throws(StampRefusal) {
            _ = try SessionSenderPacket(parsing: bytes, mode: mode)
            return nil
        } catch {
            return error
        }
    }

    private func refusal(ofReply bytes: [UInt8], _ mode: StampMode = .unauthenticated) -> StampRefusal? {
        do throws(StampRefusal) {
            _ = try SessionReflectorPacket(parsing: bytes, mode: mode)
            return nil
        } catch {
            return error
        }
    }

    @Test func codesAreStable() {
        #expect(
            StampRefusal.allCases.map(\.code) == [
                "too_short", "short_request", "stun_cookie", "zero_error_estimate", "malformed_timestamp",
                "authentication_failed", "reflected_packet", "echoed_request", "foreign_session", "unknown_sequence",
                "altered_copy",
            ]
        )
        #expect(StampRefusal.allCases.map { Int($0.rawValue) } == Array(StampRefusal.allCases.indices))
        #expect(
            TLVAnomaly.allCases.map(\.code) == [
                "tlv_malformed", "tlv_integrity_failed", "tlv_altered", "tlv_implausible",
            ]
        )
        #expect(TLVAnomaly.allCases.map { Int($0.rawValue) } == Array(TLVAnomaly.allCases.indices))
    }

    @Test func requestLengths() {
        for count in 0..<request.count {
            let expected: StampRefusal? = count < 14 ? .tooShort : nil
            #expect(refusal(ofRequest: Array(request.prefix(count))) == expected, "\(count) octets")
        }
        for count in [0, 1, 13, 44, 111] {
            let bytes = Array(WorkedExample.authenticatedRequest.prefix(count))
            #expect(refusal(ofRequest: bytes, .authenticated) == .tooShort)
        }
    }

    @Test func aShortRequestHasNoSSID() throws {
        for count in [14, 16, 41, 43] {
            let bytes = Array(request.prefix(count))
            let packet = try SessionSenderPacket(parsing: bytes, mode: .unauthenticated)
            #expect(packet.ssid == 0)
            #expect(packet.sequence == 5 && packet.timestamp == WorkedExample.senderPacket.timestamp)
        }
    }

    @Test func replyLengths() throws {
        for count in 0..<reply.count {
            let expected: StampRefusal? = count < 36 ? .tooShort : nil
            #expect(refusal(ofReply: Array(reply.prefix(count))) == expected, "\(count) octets")
        }
        let bytes = Array(WorkedExample.authenticatedReply.prefix(111))
        #expect(refusal(ofReply: bytes, .authenticated) == .tooShort)
    }

    /// Replies of TWAMP-Light session-reflectors: 36 and 38 octets are seen in the field, 41 in RFC 5357.
    @Test(arguments: [(36, nil, 0), (38, nil, 0x1601), (40, nil, 0x1601), (41, 64, 0x1601)] as [(Int, UInt8?, UInt16)])
    func shortRepliesAreReadAsFarAsTheyGo(count: Int, ttl: UInt8?, estimate: UInt16) throws {
        let bytes = Array(reply.prefix(count))
        let packet = try SessionReflectorPacket(parsing: bytes, mode: .unauthenticated)
        #expect(packet.senderTTL == ttl)
        #expect(packet.senderErrorEstimate.rawValue == estimate)
        #expect(packet.ssid == 0xbeef)
        #expect(packet.senderTimestamp == WorkedExample.senderPacket.timestamp)
    }

    @Test func stunComesFirst() {
        let binding = octets("000100002112a442000102030405060708090a0b")
        for mode in StampMode.allCases {
            #expect(refusal(ofRequest: binding, mode) == .stunCookie)
            #expect(refusal(ofReply: binding, mode) == .stunCookie)
        }
        #expect(refusal(ofRequest: Array(binding.prefix(8))) == .stunCookie)
        #expect(refusal(ofRequest: Array(binding.prefix(7))) == .tooShort)
    }

    @Test func aMultiplierOfZeroIsCorrupt() {
        var bytes = request
        bytes[13] = 0
        #expect(refusal(ofRequest: bytes) == .zeroErrorEstimate)
        bytes = reply
        bytes[13] = 0
        #expect(refusal(ofReply: bytes) == .zeroErrorEstimate)
        bytes = WorkedExample.authenticatedReply
        bytes[25] = 0
        #expect(refusal(ofReply: bytes, .authenticated) == .zeroErrorEstimate)
    }

    @Test func tooManyNanosecondsAreMalformed() {
        let tooMany = octets("3b9aca00")
        var bytes = request
        bytes[12] |= 0x40
        bytes.replaceSubrange(8..<12, with: tooMany)
        #expect(refusal(ofRequest: bytes) == .malformedTimestamp)
        for offset in [8, 20] {
            bytes = reply
            bytes.replaceSubrange(8..<12, with: octets("00000000"))
            bytes.replaceSubrange(20..<24, with: octets("00000000"))
            bytes[12] |= 0x40
            #expect(refusal(ofReply: bytes) == nil)
            bytes.replaceSubrange(offset..<offset + 4, with: tooMany)
            #expect(refusal(ofReply: bytes) == .malformedTimestamp)
        }
    }

    /// T1 has a format of its own.
    @Test func theCopyOfT1IsJudgedByNeitherZ() {
        var bytes = reply
        bytes[36] |= 0x40
        bytes.replaceSubrange(32..<36, with: octets("ffffffff"))
        #expect(refusal(ofReply: bytes) == nil)
    }

    @Test func ourOwnPacketEchoedIsNoReply() {
        #expect(refusal(ofReply: request) == .echoedRequest)
        #expect(refusal(ofReply: WorkedExample.authenticatedRequest, .authenticated) == .echoedRequest)
    }

    @Test func aReflectorWithoutAClockIsNoEcho() throws {
        var bytes = reply
        bytes.replaceSubrange(16..<24, with: [UInt8](repeating: 0, count: 8))
        let packet = try SessionReflectorPacket(parsing: bytes, mode: .unauthenticated)
        #expect(!packet.receiveTimestamp.isAvailable)
    }

    @Test func noPacketArrivesWithATTLOfZero() throws {
        var bytes = reply
        bytes[40] = 0
        #expect(try SessionReflectorPacket(parsing: bytes, mode: .unauthenticated).senderTTL == nil)
        var packet = WorkedExample.reflectorPacket(sequence: 5)
        packet.senderTTL = nil
        let unknown = written(44) { packet.write(into: &$0, mode: .unauthenticated) }
        #expect(unknown[40] == 255)
    }

    @Test func octetsThatMustBeZeroMayBeAnything() {
        var bytes = request
        for offset in 16..<44 { bytes[offset] = 0xff }
        #expect(refusal(ofRequest: bytes) == nil)
    }

    @Test func aReplyIsNeverTakenForARequest() {
        #expect(SessionReflectorPacket.isReply(reply, mode: .unauthenticated))
        #expect(SessionReflectorPacket.isReply(WorkedExample.authenticatedReply, mode: .authenticated))
        for count in 41...reply.count {
            #expect(SessionReflectorPacket.isReply(Array(reply.prefix(count)), mode: .unauthenticated))
        }
        var withSecondSSID = reply
        withSecondSSID[38] = 0xbe
        withSecondSSID[39] = 0xef
        #expect(SessionReflectorPacket.isReply(withSecondSSID, mode: .unauthenticated))
    }

    @Test func aRequestIsNeverTakenForAReply() {
        #expect(!SessionReflectorPacket.isReply(request, mode: .unauthenticated))
        #expect(!SessionReflectorPacket.isReply(WorkedExample.authenticatedRequest, mode: .authenticated))
        // TWAMP-Light session-senders fill what should be zero at random.
        var generator = SeededGenerator(seed: 5357)
        for _ in 0..<100_000 {
            let bytes = request.prefix(14) + generator.octets(38)
            #expect(!SessionReflectorPacket.isReply(Array(bytes), mode: .unauthenticated))
        }
    }

    @Test(arguments: StampMode.allCases) func requestsRoundTrip(mode: StampMode) throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let packet = SessionSenderPacket(
                sequence: .random(in: 0 ... .max, using: &generator),
                timestamp: StampTimestamp(rawValue: .random(in: 0 ... .max, using: &generator)),
                errorEstimate: ErrorEstimate(rawValue: .random(in: 0...0xff, using: &generator) << 8 & 0xbf00 | 1),
                ssid: .random(in: 0 ... .max, using: &generator)
            )
            let bytes = written(mode.baseLength) { packet.write(into: &$0, mode: mode) }
            #expect(try SessionSenderPacket(parsing: bytes, mode: mode) == packet)
        }
    }

    @Test(arguments: StampMode.allCases) func repliesRoundTrip(mode: StampMode) throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<2_000 {
            let packet = SessionReflectorPacket(
                sequence: .random(in: 0 ... .max, using: &generator),
                timestamp: StampTimestamp(rawValue: .random(in: 0 ... .max, using: &generator)),
                errorEstimate: ErrorEstimate(rawValue: .random(in: 0...0xff, using: &generator) << 8 & 0xbf00 | 1),
                ssid: .random(in: 0 ... .max, using: &generator),
                receiveTimestamp: StampTimestamp(rawValue: .random(in: 1 ... .max, using: &generator)),
                senderSequence: .random(in: 0 ... .max, using: &generator),
                senderTimestamp: StampTimestamp(rawValue: .random(in: 0 ... .max, using: &generator)),
                senderErrorEstimate: ErrorEstimate(rawValue: .random(in: 0 ... .max, using: &generator)),
                senderTTL: .random(in: 1 ... .max, using: &generator)
            )
            let bytes = written(mode.baseLength) { packet.write(into: &$0, mode: mode) }
            #expect(try SessionReflectorPacket(parsing: bytes, mode: mode) == packet)
        }
    }
}
