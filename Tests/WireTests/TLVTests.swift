import Testing
import Units
import Wire

@Suite struct TLVTests {
    private func offsets(_ bytes: [UInt8]) -> [Int] { tlvs(in: bytes, from: 0).map(\.headerOffset) }

    @Test func walkGoesFromHeaderToHeader() {
        let bytes = octets("80010003aabbcc 80040004b8000000 fe000000 e1ff0001 77")
        let found = tlvs(in: bytes, from: 0)
        #expect(found.map(\.headerOffset) == [0, 7, 15, 19])
        #expect(found.map(\.type.rawValue) == [1, 4, 0, 255])
        #expect(found.map(\.length) == [3, 4, 0, 1])
        #expect(found.allSatisfy { !$0.isTruncated })
        #expect(found[3].flags.isSuperset(of: [.unrecognized, .malformed, .integrityFailed]))
    }

    @Test func fewerThanFourOctetsAreNoTLV() {
        for tail in 0...3 {
            let bytes = octets("80010000") + [UInt8](repeating: 0x80, count: tail)
            #expect(offsets(bytes) == [0])
        }
        #expect(offsets([]).isEmpty)
        #expect(tlvs(in: [0, 0, 0, 0], from: 5).isEmpty)
        #expect(tlvs(in: [0, 0, 0, 0], from: 1).isEmpty)
    }

    @Test func aTLVPastTheEndComesOnceAndEndsTheWalk() {
        for length in ["ffff", "0002", "0005"] {
            let found = tlvs(in: octets("80010000 8004\(length) 00"), from: 0)
            #expect(found.map(\.isTruncated) == [false, true])
        }
        #expect(tlvs(in: octets("80010000 80040001 00"), from: 0).map(\.isTruncated) == [false, false])
    }

    @Test func walkIsCapped() {
        let bytes = [UInt8](repeating: 0, count: 64_000)
        #expect(offsets(bytes).count == 64)
        #expect(TLVCursor.maximumCount == 64)
        #expect(offsets(Array(bytes.prefix(64))).count == 16)
    }

    @Test func walkStaysInsideTheEndItWasGiven() {
        let bytes = octets("80010002aabb 80040004b8000000")
        var cursor = TLVCursor(from: 0, to: 8)
        #expect(cursor.next(in: bytes)?.isTruncated == false)
        #expect(cursor.next(in: bytes) == nil)
        var beyond = TLVCursor(from: 6, to: 1_000)
        #expect(beyond.next(in: bytes)?.length == 4)
        #expect(beyond.next(in: bytes) == nil)
        var backwards = TLVCursor(from: 3, to: -1)
        #expect(backwards.next(in: bytes) == nil)
    }

    /// Padding that looks like TLVs stays padding.
    @Test func valuesAreNotWalked() {
        #expect(offsets(octets("80010008 80040004b8000000")) == [0])
    }

    private func reads<Body: TLVBody>(_ type: Body.Type, length: Int) -> Bool {
        let bytes = [UInt8](repeating: 1, count: 4 + length)
        let tlv = TLV(flags: [], type: Body.type, headerOffset: 0, length: length)
        return Body(reading: bytes, at: tlv) != nil
    }

    @Test(arguments: 0...40) func lengthsThatCannotBeAreMalformed(length: Int) {
        #expect(reads(ClassOfService.self, length: length) == (length == 4))
        #expect(reads(DirectMeasurement.self, length: length) == (length == 12))
        #expect(reads(FollowUpTelemetry.self, length: length) == (length == 16))
        #expect(reads(TimestampInformation.self, length: length) == (length >= 4))
    }

    @Test func aTruncatedValueIsNotRead() {
        let bytes = octets("80040004 b80000")
        let tlv = tlvs(in: bytes, from: 0)[0]
        #expect(tlv.isTruncated)
        #expect(ClassOfService(reading: bytes, at: tlv) == nil)
        #expect(Location(reading: bytes, at: tlv) == nil)
        // Even where the caller forgot to say so.
        let unsaid = TLV(flags: [], type: .classOfService, headerOffset: 0, length: 4)
        #expect(ClassOfService(reading: bytes, at: unsaid) == nil)
    }

    @Test func classOfServiceBits() {
        let bytes = octets("00040004 ba26abcd")
        let body = ClassOfService(reading: bytes, at: tlvs(in: bytes, from: 0)[0])
        let expected = ClassOfService(
            requested: .expeditedForwarding,
            received: .af41,
            receivedECN: ECN(trafficClass: 1),
            reversePath: 2,
            reserved: 0xabcd
        )
        #expect(body == expected)
        #expect(written(8) { _ = $0.writeTLV(expected, at: 0, flags: []) } == bytes)
    }

    @Test func classOfServiceRoundTripsEveryValue() {
        for word in UInt16.min ... .max {
            let bytes = [0, 4, 0, 4, UInt8(word >> 8), UInt8(word & 0xff), 0, 0]
            let body = ClassOfService(reading: bytes, at: tlvs(in: bytes, from: 0)[0])
            let again = body.map { body in written(8) { body.writeTLV(to: &$0) } }
            if again != bytes { Issue.record("\(word)") }
        }
    }

    @Test func timestampInformationOctets() {
        let body = TimestampInformation(
            sourceIn: .ptp,
            methodIn: .hardwareAssist,
            sourceOut: .freeRunning,
            methodOut: .controlPlane
        )
        let bytes = octets("80030004 02010503")
        #expect(written(8) { _ = $0.writeTLV(body, at: 0) } == bytes)
        #expect(TimestampInformation(reading: bytes, at: tlvs(in: bytes, from: 0)[0]) == body)
        #expect(written(8) { _ = $0.writeTLV(TimestampInformation.request, at: 0) } == octets("80030004 00000000"))
        let names: [SynchronizationSource] = [.ntp, .ptp, .ssuBITS, .satellite, .freeRunning]
        #expect(names.map(\.rawValue) == [1, 2, 3, 4, 5])
    }

    @Test func directMeasurementOctets() {
        let body = DirectMeasurement(
            senderTransmitted: 0x0102_0304,
            reflectorReceived: 0x0506_0708,
            reflectorTransmitted: 0x090a_0b0c
        )
        let bytes = octets("8005000c 0102030405060708090a0b0c")
        #expect(written(16) { _ = $0.writeTLV(body, at: 0) } == bytes)
        #expect(DirectMeasurement(reading: bytes, at: tlvs(in: bytes, from: 0)[0]) == body)
    }

    @Test func followUpTelemetryOctets() {
        let body = FollowUpTelemetry(
            sequence: 6,
            timestamp: StampTimestamp(rawValue: 0x0102_0304_0506_0708),
            method: .hardwareAssist
        )
        let bytes = octets("80070010 00000006 0102030405060708 01000000")
        #expect(written(20) { _ = $0.writeTLV(body, at: 0) } == bytes)
        #expect(FollowUpTelemetry(reading: bytes, at: tlvs(in: bytes, from: 0)[0]) == body)
    }

    @Test func extraPaddingFillsExactlyItsLength() {
        for length in [0, 1, 7, 100] {
            var generator = SeededGenerator(seed: 3)
            let bytes = written(length + 6) { bytes in
                #expect(bytes.writeExtraPadding(length: length, at: 1, using: &generator) == length + 5)
            }
            #expect(bytes.first == 0xa5 && bytes.last == 0xa5)
            #expect(Array(bytes[1..<5]) == [0x80, 1, 0, UInt8(length)])
            var again = SeededGenerator(seed: 3)
            let expected = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &again) }
            #expect(Array(bytes[5..<5 + length]) == expected)
        }
    }

    @Test func flagsAreReplacedInPlace() {
        let bytes = octets("ff040004 b8000000")
        let tlv = tlvs(in: bytes, from: 0)[0]
        #expect(changed(bytes) { $0.setFlags(.malformed, of: tlv) } == octets("40040004 b8000000"))
    }
}

extension ClassOfService {
    fileprivate func writeTLV(to bytes: inout MutableSpan<UInt8>) { bytes.writeTLV(self, at: 0, flags: []) }
}
