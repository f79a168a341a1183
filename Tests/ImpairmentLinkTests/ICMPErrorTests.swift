import Testing

@testable import impairment_link

@Suite("ICMP errors")
struct ICMPErrorTests {
    @Test("Port unreachable over IPv4 comes from the destination and quotes the packet")
    func ipv4PortUnreachable() throws {
        let frame = SampleFrames.ipv4()
        let answer = try answer(to: frame, refusal: .portUnreachable)
        #expect(Array(answer[0..<14]) == SampleFrames.siteMAC + SampleFrames.farMAC + [8, 0])
        let header = Array(answer[14..<34])
        #expect(SampleFrames.plainChecksum(header) == 0)
        #expect(Int(header[2]) << 8 | Int(header[3]) == answer.count - 14)
        #expect(header[9] == 1)
        #expect(Array(header[12..<20]) == [10, 77, 0, 2, 10, 77, 0, 1])
        let message = Array(answer[34...])
        #expect(message[0] == 3 && message[1] == 3)
        #expect(SampleFrames.plainChecksum(message) == 0)
        #expect(Array(message[8...]) == Array(frame[14...]))
    }

    @Test("Administratively prohibited over IPv4 comes from the router")
    func ipv4Prohibited() throws {
        let answer = try answer(to: SampleFrames.ipv4(), refusal: .administrativelyProhibited)
        #expect(Array(answer[26..<34]) == ICMPError.routerIPv4 + [10, 77, 0, 1])
        #expect(answer[34] == 3 && answer[35] == 13)
    }

    @Test("Over IPv6 the checksum covers the pseudo-header")
    func ipv6() throws {
        let frame = SampleFrames.ipv6()
        for (refusal, code, source) in [
            (ICMPRefusal.portUnreachable, UInt8(4), SampleFrames.ipv6Far),
            (.administrativelyProhibited, 1, ICMPError.routerIPv6),
        ] {
            let answer = try answer(to: frame, refusal: refusal)
            let message = Array(answer[54...])
            #expect(Array(answer[22..<54]) == source + SampleFrames.ipv6Site)
            #expect(answer[20] == 58)
            #expect(Int(answer[18]) << 8 | Int(answer[19]) == message.count)
            #expect(message[0] == 1 && message[1] == code)
            let pseudoHeader = Array(answer[22..<54]) + [0, 0, 0, UInt8(message.count), 0, 0, 0, 58]
            #expect(SampleFrames.plainChecksum(pseudoHeader + message) == 0)
            #expect(Array(message[8...]) == Array(frame[14...]))
        }
    }

    private func answer(to frame: [UInt8], refusal: ICMPRefusal) throws -> [UInt8] {
        try frame.withUnsafeBytes { octets in
            let parsed = try #require(UDPFrame(octets))
            return ICMPError(refusal: refusal).answer(to: octets, parsed: parsed)
        }
    }
}
