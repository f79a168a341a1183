import Testing
import Units
import Wire

@Suite struct LocationTests {
    private let zeros16 = String(repeating: "00", count: 16)
    private let ipv4 = IPAddress(ipv4: 0xc000_0201)
    private let ipv6 = IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1)

    private func location(in bytes: [UInt8]) -> Location? {
        Location(reading: bytes, at: tlvs(in: bytes, from: 0)[0])
    }

    @Test func aRequestIsAllZeros() {
        let bytes = octets("80020018 0000 0000 80070010" + zeros16)
        #expect(written(28) { _ = $0.writeTLV(Location.sourceRequest, at: 0) } == bytes)
        #expect(location(in: bytes) == .sourceRequest)
    }

    @Test func portsAloneWillDo() {
        let body = location(in: octets("00020004 0d96 c350"))
        #expect(body == Location(destinationPort: 3_478, sourcePort: 50_000, destination: .absent, source: .absent))
    }

    @Test func addressesOfBothKinds() {
        let body = Location(
            destinationPort: 3_478,
            sourcePort: 50_000,
            destination: .known(ipv6),
            source: .known(ipv4)
        )
        let bytes = octets(
            """
            0002002c 0d96 c350
            00060010 20010db8 00000000 00000000 00000001
            00080010 c0000201 00000000 00000000 00000000
            """
        )
        #expect(written(48) { _ = $0.writeTLV(body, at: 0, flags: []) } == bytes)
        #expect(location(in: bytes) == body)
        #expect(body.source.address == ipv4)
        #expect(LocationDatum.requested.address == nil)
    }

    @Test func otherSubTLVsArePassedOver() {
        let body = location(in: octets("00020024 0001 0002 80010008 0000000000000000 80070010" + zeros16))
        #expect(body == Location(destinationPort: 1, sourcePort: 2, destination: .absent, source: .requested))
    }

    @Test(arguments: [
        "0002 0003 000000",  // shorter than the ports
        "0002 0008 00000000 8007 0001",  // overruns the TLV by one octet
        "0002 0008 00000000 8007 ffff",
        "0002 0008 00000000 80fa 0001",  // so does one of an unknown type
        "0002 000c 00000000 8007 0004 00000000",  // an address of four octets
    ])
    func whatCannotBeIsMalformed(hex: String) {
        // Octets behind the TLV must not be taken for the sub-TLV's.
        let bytes = octets("00" + hex.dropFirst(2)) + [UInt8](repeating: 0, count: 32)
        #expect(location(in: bytes) == nil)
        let untouched = changed(bytes) { span in
            let done = Location.answer(
                in: &span,
                at: tlvs(in: bytes, from: 0)[0],
                destination: (ipv4, 1),
                source: (ipv4, 2)
            )
            #expect(!done)
        }
        #expect(untouched == bytes)
    }

    @Test func oneToThreeOctetsBehindTheSubTLVsAreNoSubTLV() {
        #expect(location(in: octets("00020007 0001 0002 800700")) != nil)
    }

    @Test func answerFillsInWhatWasAskedFor() {
        let asked = octets(
            "80020044 0000 0000 80070010\(zeros16) 80010008 0000000000000000 00040010\(zeros16) 11223344 5566"
        )
        let answered = changed(asked) { bytes in
            let done = Location.answer(
                in: &bytes,
                at: TLV(flags: .unrecognized, type: .location, headerOffset: 0, length: 0x38),
                destination: (ipv6, 3_479),
                source: (ipv4, 1_024)
            )
            #expect(done)
        }
        let expected = octets(
            """
            80020044 0d97 0400
            00080010 c0000201 00000000 00000000 00000000
            80010008 0000000000000000
            00060010 20010db8 00000000 00000000 00000001
            11223344 5566
            """
        )
        #expect(answered == expected)
    }
}
