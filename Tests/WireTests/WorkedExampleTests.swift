import Testing
import Units
import Wire

/// The worked example, octet by octet, both ways.
@Suite struct WorkedExampleTests {
    private let asked = ClassOfService(requested: .expeditedForwarding)
    private let answered = ClassOfService(
        requested: .expeditedForwarding,
        received: .af41,
        receivedECN: ECN(trafficClass: 1)
    )

    @Test func requestIsWritten() {
        let bytes = written(52) { bytes in
            WorkedExample.senderPacket.write(into: &bytes, mode: .unauthenticated)
            #expect(bytes.writeTLV(asked, at: 44) == 52)
        }
        #expect(bytes == WorkedExample.request)
    }

    @Test func requestIsRead() throws {
        let packet = try SessionSenderPacket(parsing: WorkedExample.request, mode: .unauthenticated)
        #expect(packet == WorkedExample.senderPacket)
        let found = tlvs(in: WorkedExample.request)
        #expect(found == [TLV(flags: .unrecognized, type: .classOfService, headerOffset: 44, length: 4)])
        #expect(ClassOfService(reading: WorkedExample.request, at: found[0]) == asked)
    }

    @Test func replyIsWritten() {
        let bytes = written(52) { bytes in
            WorkedExample.reflectorPacket(sequence: 5).write(into: &bytes, mode: .unauthenticated)
            #expect(bytes.writeTLV(answered, at: 44, flags: []) == 52)
        }
        #expect(bytes == WorkedExample.reply)
    }

    @Test func replyIsRead() throws {
        let packet = try SessionReflectorPacket(parsing: WorkedExample.reply, mode: .unauthenticated)
        #expect(packet == WorkedExample.reflectorPacket(sequence: 5))
        let near = WorkedExample.sentAt
        #expect(packet.receiveTimestamp.wallInstant(format: .ntp, near: near) == WorkedExample.receivedAt)
        #expect(packet.timestamp.wallInstant(format: .ntp, near: near) == WorkedExample.answeredAt)
        #expect(ClassOfService(reading: WorkedExample.reply, at: tlvs(in: WorkedExample.reply)[0]) == answered)
    }

    @Test func authenticatedRequestIsWritten() {
        let bytes = written(140) { bytes in
            WorkedExample.senderPacket.write(into: &bytes, mode: .authenticated)
            let next = bytes.writeTLV(asked, at: 112)
            let hmac = bytes.writeTLVHeader(.hmac, length: 16, at: next)
            WorkedExample.key.sealBase(&bytes)
            WorkedExample.key.sealTLVs(in: &bytes, mode: .authenticated, hmacAt: hmac)
        }
        #expect(bytes == WorkedExample.authenticatedRequest)
    }

    @Test func authenticatedRequestIsRead() throws {
        let bytes = WorkedExample.authenticatedRequest
        #expect(try SessionSenderPacket(parsing: bytes, mode: .authenticated) == WorkedExample.senderPacket)
    }

    @Test func authenticatedReplyIsWritten() {
        let bytes = written(140) { bytes in
            WorkedExample.reflectorPacket(sequence: 3).write(into: &bytes, mode: .authenticated)
            let next = bytes.writeTLV(answered, at: 112, flags: [])
            let hmac = bytes.writeTLVHeader(.hmac, length: 16, at: next, flags: [])
            WorkedExample.key.sealTLVs(in: &bytes, mode: .authenticated, hmacAt: hmac)
            WorkedExample.key.sealBase(&bytes)
        }
        #expect(bytes == WorkedExample.authenticatedReply)
    }

    @Test func authenticatedReplyIsRead() throws {
        let bytes = WorkedExample.authenticatedReply
        let packet = try SessionReflectorPacket(parsing: bytes, mode: .authenticated)
        #expect(packet == WorkedExample.reflectorPacket(sequence: 3))
    }

    @Test(arguments: [WorkedExample.authenticatedRequest, WorkedExample.authenticatedReply])
    func anyChangeBreaksOneOfTheHMACs(packet: [UInt8]) {
        let key = WorkedExample.key
        #expect(key.verifiesBase(packet))
        #expect(key.verifiesProtection(of: packet, mode: .authenticated))
        // The flags of the HMAC TLV are the one octet that neither covers.
        for offset in packet.indices where offset != 120 {
            var forged = packet
            forged[offset] ^= 1
            let base = key.verifiesBase(forged)
            let tlvs = key.verifiesProtection(of: forged, mode: .authenticated)
            #expect(!(base && tlvs), "octet \(offset)")
            #expect(base == (offset >= 112), "octet \(offset)")
        }
    }
}
