import ProbeCore
import Testing
import Units
import Wire

/// The HMAC TLV at the session-reflector (RFC 8972 §4.8).
@Suite struct ReflectorIntegrityTests {
    private static let marks = tlv(4, [46 << 2, 0, 0, 0])
    private static let padding = tlv(1, [7, 7, 7])
    private static let hmac = tlv(8, zeros(16))

    private func answer(_ request: [UInt8]) throws -> Answer {
        var reflector = SessionReflector.example(key: .example)
        let answer = try reflector.mustAnswer(request)
        #expect(answer.octets.count == request.count)
        #expect(StampKey.example.verifiesBase(answer.octets))
        return answer
    }

    /// Every TLV comes back as it was but with I, and the mark that it asked for is not granted.
    private func expectRefusedTLVs(_ tlvs: [UInt8], hmacAt offset: Int?, _ comment: Comment) throws {
        let request = Request.authenticated(tlvs, hmacAt: offset)
        let answer = try answer(request)
        let sent = FoundTLV.all(in: request, from: 112)
        let found = FoundTLV.all(in: answer.octets, from: 112)
        #expect(found.map(\.flags) == sent.map { $0.flags & 0x80 | 0x20 }, comment)
        #expect(found.map(\.value) == sent.map(\.value) && found.map(\.type) == sent.map(\.type), comment)
        #expect(answer.reply.trafficClass == 0, comment)
    }

    @Test func sealedTLVsAreAnsweredAndSealedAnew() throws {
        for tail in [[], Self.padding] {
            let answer = try answer(Request.authenticated(Self.marks + Self.hmac + tail, hmacAt: 120))
            let found = FoundTLV.all(in: answer.octets, from: 112)
            #expect(found.allSatisfy { $0.flags == 0 })
            #expect(StampKey.example.verifiesProtection(of: answer.octets, mode: .authenticated))
            #expect(answer.reply.trafficClass == 46 << 2)
        }
    }

    @Test func aWrongHMACSetsIInEach() throws {
        for offset in 112..<140 where offset != 120 && !(121...123).contains(offset) {
            // Any octet of the TLVs; the header of the HMAC TLV itself is not covered.
            var request = Request.authenticated(Self.marks + Self.hmac, hmacAt: 120)
            request[offset] ^= 1
            // A change of the first length is another packet altogether.
            guard !(113...115).contains(offset) else { continue }
            let answer = try answer(request)
            let flags = [answer.octets[112], answer.octets[120]]
            #expect(flags.allSatisfy { $0 & 0x20 != 0 }, "octet \(offset)")
            #expect(Array(answer.octets[116..<120]) == Array(request[116..<120]), "octet \(offset)")
            #expect(Array(answer.octets[121...]) == Array(request[121...]), "octet \(offset)")
        }
    }

    @Test func anotherKeysHMACIsWrong() throws {
        let foreign = Request.authenticated(Self.marks + Self.hmac, hmacAt: 120, key: .other)
        let request = foreign.changed { StampKey.example.sealBase(&$0) }
        let answer = try answer(request)
        #expect(FoundTLV.all(in: answer.octets, from: 112).map(\.flags) == [0xa0, 0xa0])
    }

    @Test func anHMACThatIsNotWhereItMustStandSetsIInEach() throws {
        try expectRefusedTLVs(Self.marks, hmacAt: nil, "missing")
        try expectRefusedTLVs(Self.hmac + Self.marks, hmacAt: 112, "first")
        try expectRefusedTLVs(Self.marks + Self.hmac + Self.hmac, hmacAt: 120, "twice")
        try expectRefusedTLVs(Self.marks + Self.hmac + tlv(240, [1]), hmacAt: 120, "not last")
        try expectRefusedTLVs(Self.marks + Self.hmac + Self.padding + Self.marks, hmacAt: 120, "not last")
        try expectRefusedTLVs(Self.marks + tlv(8, zeros(15)), hmacAt: nil, "too short")
        try expectRefusedTLVs(Self.marks + tlv(8, zeros(20)), hmacAt: nil, "too long")
    }

    @Test func paddingAloneNeedsNoHMAC() throws {
        let answer = try answer(Request.authenticated(Self.padding + Self.padding))
        #expect(FoundTLV.all(in: answer.octets, from: 112).map(\.flags) == [0, 0])
    }

    @Test func anHMACAloneVerifies() throws {
        let answer = try answer(Request.authenticated(Self.hmac, hmacAt: 112))
        #expect(FoundTLV.all(in: answer.octets, from: 112).map(\.flags) == [0])
        #expect(StampKey.example.verifiesProtection(of: answer.octets, mode: .authenticated))
    }

    @Test func aMalformedTLVUnderASoundHMACIsMAndTheRestStays() throws {
        let bad = tlv(4, [1, 2, 3])
        let answer = try answer(Request.authenticated(bad + Self.marks + Self.hmac, hmacAt: 112 + 15))
        let found = FoundTLV.all(in: answer.octets, from: 112)
        #expect(found.map(\.flags) == [0x40, 0x80, 0x80])
        #expect(found[1].value == [46 << 2, 0, 0, 0])
        #expect(StampKey.example.verifiesProtection(of: answer.octets, mode: .authenticated))
    }

    @Test func withoutAKeyAnHMACCannotBeVerified() throws {
        var reflector = SessionReflector.example()
        let request = Request.plain(Self.marks + Self.hmac)
        let answer = try reflector.mustAnswer(request)
        #expect(FoundTLV.all(in: answer.octets, from: 44).map(\.flags) == [0xa0, 0xa0])
        #expect(answer.octets[48..<52] == request[48..<52])
        #expect(answer.reply.trafficClass == 0)
    }

    @Test func aReplyWhoseTLVsAreRefusedIsStillAReply() throws {
        var session = try ProbeSession(key: .example, payload: 260)
        var reflector = SessionReflector.example(key: .example)
        // The path changes a mark asked for: the base packet still verifies.
        let request = session.request().putting(0, 116..<117)
        let answer = try reflector.mustAnswer(request)
        let reply = try session.read(answer.octets)
        #expect(reply.telemetry.anomaly == .integrityFailed)
        #expect(reply.telemetry.classOfService == nil)
        #expect(reply.farSentAt != nil)
    }
}
