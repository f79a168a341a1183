import Testing
import Units
import Wire

/// No datagram may trap anything that reads one. Each test's inputs come from its seed, so a failure repeats.
@Suite struct HostileInputTests {
    private static let followUpRequest: [UInt8] = {
        let base = Array(WorkedExample.request.prefix(44)) + [UInt8](repeating: 0, count: 68)
        return changed(base) { bytes in
            var next = bytes.writeTLV(ClassOfService(requested: .expeditedForwarding), at: 44)
            next = bytes.writeTLV(Location.sourceRequest, at: next)
            next = bytes.writeTLV(FollowUpTelemetry.none, at: next)
            bytes.writeTLVHeader(.extraPadding, length: 8, at: next)
        }
    }()
    private static let originals = WorkedExample.all.map(\.octets) + [followUpRequest]

    /// Puts `bytes` through everything that reads a datagram; counts what was read, so that nothing is optimised away.
    private func readAll(_ bytes: [UInt8], withHMAC: Bool) -> Int {
        var read = 0
        for mode in StampMode.allCases {
            if let packet = try? SessionSenderPacket(parsing: bytes, mode: mode) {
                read += packet.errorEstimate.error > .zero ? 1 : 2
            }
            if let packet = try? SessionReflectorPacket(parsing: bytes, mode: mode) {
                let near = WorkedExample.sentAt
                read += packet.timestamp.wallInstant(format: packet.errorEstimate.format, near: near) == nil ? 1 : 2
            }
            read += SessionReflectorPacket.isReply(bytes, mode: mode) ? 1 : 0
            read += readTLVs(bytes, mode)
            for request in [Self.followUpRequest, bytes] {
                let telemetry = ReplyTelemetry(reading: bytes, request: request, mode: mode, key: nil)
                read += telemetry.understoodCount
            }
            if withHMAC {
                read += WorkedExample.key.verifiesBase(bytes) ? 1 : 0
                read += WorkedExample.key.verifiesProtection(of: bytes, mode: mode) ? 1 : 0
            }
        }
        return read
    }

    private func readTLVs(_ bytes: [UInt8], _ mode: StampMode) -> Int {
        var read = 0
        var copy = bytes
        var span = copy.mutableSpan
        var cursor = TLVCursor(from: mode.baseLength, to: bytes.count)
        while let tlv = cursor.next(in: bytes) {
            read += ClassOfService(reading: bytes, at: tlv) == nil ? 0 : 1
            read += FollowUpTelemetry(reading: bytes, at: tlv) == nil ? 0 : 1
            read += DirectMeasurement(reading: bytes, at: tlv) == nil ? 0 : 1
            read += TimestampInformation(reading: bytes, at: tlv) == nil ? 0 : 1
            let address = IPAddress(ipv6High: .max, low: .max)
            let answered = Location.answer(in: &span, at: tlv, destination: (address, 1), source: (address, 2))
            read += answered == (Location(reading: bytes, at: tlv) != nil) ? 1 : 0
            span.setFlags(.malformed, of: tlv)
        }
        return read
    }

    @Test func everyTruncationOfEveryPacket() {
        for original in Self.originals {
            for count in 0...original.count { _ = readAll(Array(original.prefix(count)), withHMAC: true) }
        }
    }

    @Test func everyValueOfEveryOctet() {
        var read = 0
        for original in Self.originals {
            for offset in original.indices {
                for value in [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff] as [UInt8] {
                    var bytes = original
                    bytes[offset] = value
                    read += readAll(bytes, withHMAC: false)
                }
            }
        }
        #expect(read > 0)
    }

    @Test func twoHundredThousandRandomDatagrams() {
        var generator = SeededGenerator(seed: 8972)
        for round in 0..<200_000 {
            let bytes = generator.octets(Int.random(in: 0...180, using: &generator))
            _ = readAll(bytes, withHMAC: round.isMultiple(of: 64))
        }
    }

    @Test func twoHundredThousandMutatedDatagrams() {
        var generator = SeededGenerator(seed: 9503)
        var read = 0
        for round in 0..<200_000 {
            var bytes = Self.originals[round % Self.originals.count]
            for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
            read += readAll(bytes, withHMAC: round.isMultiple(of: 64))
        }
        #expect(read > 200_000)
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let offset = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[offset] = [0, 0xff, 0x80, 1].randomElement(using: &generator) ?? 0
        case 2: bytes.removeLast(min(bytes.count, Int.random(in: 0...8, using: &generator)))
        case 3: bytes.append(contentsOf: generator.octets(Int.random(in: 0...40, using: &generator)))
        case 4: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: offset)
        default: bytes.append(contentsOf: octets("80020018 00000000 80070010"))
        }
    }

    @Test func theLargestDatagrams() {
        let base = Array(WorkedExample.request.prefix(44))
        let empties = base + [UInt8](repeating: 0, count: 65_507 - 44)
        _ = readAll(empties, withHMAC: true)
        #expect(tlvs(in: empties).count == 64)
        let subTLVs = base + octets("8002fff8") + [UInt8](repeating: 0, count: 0xfff8)
        _ = readAll(subTLVs, withHMAC: true)
        let tlv = tlvs(in: subTLVs)[0]
        #expect(Location(reading: subTLVs, at: tlv) != nil)
    }
}
