import ProbeCore
import Testing
import Units
import Wire

/// U, M and I by the book (RFC 8972 §4), and the values of each TLV.
@Suite struct ReflectorTLVTests {
    private static let marks = tlv(4, [46 << 2, 0, 0, 0])

    /// What comes back behind the base packet.
    private func reflected(_ tlvs: [UInt8], _ context: RequestContext = .example()) throws -> [UInt8] {
        var reflector = SessionReflector.example()
        let answer = try reflector.mustAnswer(Request.plain(tlvs), context)
        #expect(answer.octets.count == 44 + tlvs.count)
        return Array(answer.octets[44...])
    }

    @Test(arguments: [0, 6, 9, 10, 11, 240, 252, 255] as [UInt8])
    func aTypeThatIsNotUnderstoodComesBackWithU(type: UInt8) throws {
        for length in [0, 1, 4, 40] {
            let sent = tlv(type, [UInt8](repeating: 0x5a, count: length))
            #expect(try reflected(sent) == sent)
            // A sender that does not set U, or sets more than U, gets U all the same.
            for flags in [0x00, 0x40, 0x20, 0xff] as [UInt8] {
                let odd = tlv(type, [UInt8](repeating: 0x5a, count: length), flags: flags)
                #expect(try reflected(odd) == sent)
            }
        }
    }

    @Test func whatStandsBehindAnUnknownTypeIsAnswered() throws {
        let back = try reflected(tlv(240, [1, 2, 3]) + Self.marks)
        #expect(FoundTLV.all(in: back, from: 0).map(\.flags) == [0x80, 0])
    }

    @Test func flagsThatTheSenderMayNotSetAreReset() throws {
        for flags in 0...255 as ClosedRange<UInt8> {
            let sent = tlv(4, [46 << 2, 0, 0, 0], flags: flags) + tlv(1, [7, 7], flags: flags)
            let found = FoundTLV.all(in: try reflected(sent), from: 0)
            #expect(found.map(\.flags) == [0, 0])
            #expect(found.map(\.type) == [4, 1])
        }
    }

    @Test(arguments: [(2, 3), (3, 3), (4, 3), (4, 5), (4, 0), (5, 11), (5, 13), (7, 15), (7, 17)] as [(UInt8, Int)])
    func aWrongLengthIsMalformedAndEndsTheProcessing(type: UInt8, length: Int) throws {
        let behind = tlv(4, [46 << 2, 0, 0, 0], flags: 0xff) + tlv(240, [], flags: 0x13)
        let before = tlv(1, [9])
        let bad = tlv(type, [UInt8](repeating: 0x11, count: length))
        let back = try reflected(before + bad + behind)
        #expect(
            back == tlv(1, [9], flags: 0) + tlv(type, [UInt8](repeating: 0x11, count: length), flags: 0x40) + behind
        )
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7] as [UInt8])
    func aValueThatRunsPastTheEndIsMalformed(type: UInt8) throws {
        for claimed in [5, 100, 0xffff] {
            let bad = tlv(type, [1, 2, 3, 4], length: claimed)
            #expect(try reflected(bad) == tlv(type, [1, 2, 3, 4], flags: 0x40, length: claimed))
        }
    }

    @Test func anUnknownTypeThatRunsPastTheEndIsBoth() throws {
        #expect(try reflected(tlv(240, [1, 2], length: 3)) == tlv(240, [1, 2], flags: 0xc0, length: 3))
    }

    @Test func oneToThreeTrailingOctetsAreNoTLV() throws {
        for count in 1...3 {
            let tail = [UInt8](repeating: 0xff, count: count)
            #expect(try reflected(tail) == tail)
            #expect(try reflected(tlv(1, [5]) + tail) == tlv(1, [5], flags: 0) + tail)
        }
    }

    @Test func sixteenThousandEmptyTLVsComeBack() throws {
        let back = try reflected((0..<16_000).flatMap { _ in tlv(240, [], flags: 0) })
        let flags = stride(from: 0, to: back.count, by: 4).map { back[$0] }
        // Only as many as one walk reads are touched, and nothing but flags.
        #expect(flags.prefix(64).allSatisfy { $0 == 0x80 } && flags.dropFirst(64).allSatisfy { $0 == 0 })
        #expect(stride(from: 0, to: back.count, by: 4).allSatisfy { back[$0 + 1..<$0 + 4] == [240, 0, 0] })
    }

    @Test func zeroedPaddingComesBackWithNothingButU() throws {
        let back = try reflected(zeros(64))
        #expect(back == (0..<16).flatMap { _ in [0x80, 0, 0, 0] as [UInt8] })
    }

    @Test func randomPaddingCostsNoMoreThanFlags() throws {
        var generator = SeededGenerator(seed: 5357)
        var touched = 0
        for _ in 0..<3_000 {
            let padding = generator.octets(Int.random(in: 0...200, using: &generator))
            let back = try reflected(padding)
            var flagPlaces: Set<Int> = []
            var offset = 0
            var holdsKnownType = false
            while padding.count - offset >= 4 {
                flagPlaces.insert(offset)
                let length = Int(padding.integer(offset + 2..<offset + 4))
                holdsKnownType = holdsKnownType || (2...7).contains(padding[offset + 1])
                offset += 4 + length
            }
            if holdsKnownType { continue }
            let changed = padding.indices.filter { padding[$0] != back[$0] }
            #expect(flagPlaces.isSuperset(of: changed))
            touched += changed.isEmpty ? 0 : 1
        }
        #expect(touched > 1_000)
    }

    // MARK: - Values

    @Test func theReservedOctetsOfTheMarksAreZeroed() throws {
        let back = try reflected(tlv(4, [46 << 2 | 3, 0xff, 0xab, 0xcd]), .example(trafficClass: 34 << 2 | 1))
        #expect(back == tlv(4, [0xba, 0x24, 0, 0], flags: 0))
    }

    @Test func timestampInformationIsAnsweredAndItsSubTLVsAreLeftAlone() throws {
        let back = try reflected(tlv(3, [0, 0, 0, 0] + tlv(1, [6, 6])))
        #expect(back == tlv(3, [1, 2, 1, 2] + tlv(1, [6, 6]), flags: 0))
    }

    @Test func directMeasurementCountsTheSessionsPackets() throws {
        var reflector = SessionReflector.example()
        let request = Request.plain(tlv(5, [0, 0, 0, 77, 1, 1, 1, 1, 2, 2, 2, 2]))
        for number in 1...3 as ClosedRange<UInt8> {
            let answer = try reflector.mustAnswer(request)
            let value = [0, 0, 0, 77, 0, 0, 0, number, 0, 0, 0, number]
            #expect(FoundTLV.all(in: answer.octets, from: 44) == [FoundTLV(flags: 0, type: 5, value: value)])
        }
        // Another session has its own counts, and a refused request is in none.
        let refused = reflector.answer(request, .example(sourcePort: 53))
        #expect(refused == nil)
        let other = try reflector.mustAnswer(request, .example(sourcePort: 40_001))
        #expect(other.octets.integer(52..<60) == 1 << 32 | 1)
    }

    @Test func theSourceIsToldAndTheDestinationAddressOnlyWithAKey() throws {
        let asked = zeros(4) + tlv(4, zeros(16)) + tlv(7, zeros(16)) + tlv(1, zeros(8))
        let ports: [UInt8] = [0x0d, 0x96, 0x9c, 0x40]
        let source = tlv(8, [192, 0, 2, 1] + zeros(12), flags: 0)
        let mac = tlv(1, zeros(8))
        #expect(try reflected(tlv(2, asked)) == tlv(2, ports + tlv(4, zeros(16)) + source + mac, flags: 0))

        var reflector = SessionReflector.example(key: .example)
        let sealed = Request.authenticated(tlv(2, asked) + tlv(8, zeros(16)), hmacAt: 112 + 4 + asked.count)
        let answer = try reflector.mustAnswer(sealed)
        let destination = tlv(5, [192, 0, 2, 2] + zeros(12), flags: 0)
        #expect(FoundTLV.all(in: answer.octets, from: 112).first?.value == ports + destination + source + mac)
    }

    @Test func ipv6AddressesAreToldInTheirOwnSubTLVs() throws {
        let back = try reflected(
            tlv(2, zeros(4) + tlv(7, zeros(16))),
            .example(source: .example6(1), destination: .example6(2))
        )
        let address = octets("20010db8 00000000 00000000 00000001")
        #expect(back == tlv(2, [0x0d, 0x96, 0x9c, 0x40] + tlv(9, address, flags: 0), flags: 0))
    }

    @Test func aSubTLVThatOverrunsItsTLVMakesItMalformed() throws {
        let bad = tlv(2, zeros(4) + tlv(7, zeros(8), length: 16))
        let behind = tlv(1, zeros(20))
        #expect(try reflected(bad + behind) == [0x40] + bad.dropFirst() + behind)
    }

    // MARK: - Follow-Up Telemetry

    @Test func followUpTelemetryTellsOfThePreviousReply() throws {
        var reflector = SessionReflector.example()
        let request = Request.plain(tlv(7, [UInt8](repeating: 3, count: 16)))
        let first = try reflector.mustAnswer(request)
        #expect(first.reply.wantsTransmitTimestamp)
        #expect(Array(first.octets[44...]) == tlv(7, zeros(16), flags: 0), "nothing is known yet")
        let left = WallInstant.example + .microseconds(21_017)
        reflector.noteTransmission(slot: first.reply.slot, sequence: first.reply.sequence, at: left)
        let second = try reflector.mustAnswer(request)
        let stamp = StampTimestamp(left, format: .ntp).rawValue
        #expect(second.octets.integer(48..<52) == 0 && second.octets.integer(52..<60) == stamp)
        #expect(Array(second.octets[60...]) == [2, 0, 0, 0], "taken in software")
        reflector.noteTransmission(slot: second.reply.slot, sequence: 1, at: left + .milliseconds(20))
        let third = try reflector.mustAnswer(request)
        #expect(third.octets.integer(48..<52) == 1)
        // Another session knows nothing of it.
        let other = try reflector.mustAnswer(request, .example(sourcePort: 40_001))
        #expect(Array(other.octets[48...]) == zeros(16))
    }

    @Test func aTransmissionThatCannotBeIsNotTaken() throws {
        var reflector = SessionReflector.example()
        let request = Request.plain(tlv(7, zeros(16)))
        let first = try reflector.mustAnswer(request)
        reflector.noteTransmission(slot: first.reply.slot, sequence: 1, at: .example)
        reflector.noteTransmission(slot: first.reply.slot + 1, sequence: 0, at: .example)
        let second = try reflector.mustAnswer(request)
        #expect(Array(second.octets[48...]) == zeros(16))
    }

    @Test func aSessionThatWasIdleTooLongStartsAnew() throws {
        var reflector = SessionReflector.example()
        let request = Request.plain(tlv(7, zeros(16)))
        let start = MonotonicInstant(nanoseconds: 1)
        let first = try reflector.mustAnswer(request, now: start)
        reflector.noteTransmission(slot: first.reply.slot, sequence: 0, at: .example)
        let second = try reflector.mustAnswer(request, now: start + .seconds(900))
        #expect(second.reply.sequence == 1 && second.octets.integer(52..<60) != 0)
        let third = try reflector.mustAnswer(request, now: start + .seconds(1_801))
        #expect(third.reply.sequence == 0 && third.octets.integer(52..<60) == 0)
    }
}
