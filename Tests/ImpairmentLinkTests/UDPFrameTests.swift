import Testing
import Units

@testable import impairment_link

@Suite("UDP frames")
struct UDPFrameTests {
    @Test("An IPv4 frame is taken apart")
    func ipv4() throws {
        let frame = try #require(parse(SampleFrames.ipv4()))
        #expect(!frame.isIPv6)
        #expect(frame.sourcePort == 50000)
        #expect(frame.destinationPort == 3478)
        #expect(frame.payloadOffset == 42)
        #expect(frame.payloadLength == 4)
        #expect(frame.dscp == .expeditedForwarding)
    }

    @Test("An IPv6 frame is taken apart")
    func ipv6() throws {
        let frame = try #require(parse(SampleFrames.ipv6()))
        #expect(frame.isIPv6)
        #expect(frame.sourcePort == 50000)
        #expect(frame.destinationPort == 3478)
        #expect(frame.payloadOffset == 62)
        #expect(frame.payloadLength == 4)
        #expect(frame.dscp == .expeditedForwarding)
    }

    @Test("Anything but a whole UDP datagram passes unimpaired")
    func others() {
        var arp = SampleFrames.ipv4()
        arp[13] = 6
        var icmp = SampleFrames.ipv4()
        icmp[23] = 1
        var fragment = SampleFrames.ipv4()
        fragment[20] = 0x20
        var laterFragment = SampleFrames.ipv4()
        laterFragment[21] = 1
        var liar = SampleFrames.ipv4()
        liar[39] = 200
        for frame in [arp, icmp, fragment, laterFragment, liar] { #expect(parse(frame) == nil) }
        for frame in [SampleFrames.ipv4(), SampleFrames.ipv6()] {
            for length in 0..<frame.count { #expect(parse(Array(frame[..<length])) == nil) }
        }
    }

    @Test("Remarking IPv4 keeps ECN and leaves a checksum that verifies", arguments: [0, 8, 46, 63])
    func remarkIPv4(mark: Int) throws {
        for trafficClass in [UInt8(0xb8), 0xb9, 0xba, 0xbb, 0x00, 0xff] {
            let before = SampleFrames.ipv4(trafficClass: trafficClass)
            let after = try remarked(before, as: mark)
            #expect(after[15] == UInt8(mark) << 2 | trafficClass & 3)
            #expect(SampleFrames.plainChecksum(Array(after[14..<34])) == 0)
            #expect(after == SampleFrames.ipv4(trafficClass: UInt8(mark) << 2 | trafficClass & 3))
        }
    }

    @Test("Remarking IPv6 keeps ECN and the flow label", arguments: [0, 8, 46, 63])
    func remarkIPv6(mark: Int) throws {
        for trafficClass in [UInt8(0xb8), 0xb9, 0xba, 0xbb, 0x00, 0xff] {
            let after = try remarked(SampleFrames.ipv6(trafficClass: trafficClass), as: mark)
            #expect(after == SampleFrames.ipv6(trafficClass: UInt8(mark) << 2 | trafficClass & 3))
        }
    }

    @Test("The checksum update agrees with RFC 1624's worked example")
    func rfc1624Example() {
        // RFC 1624 §4: HC = 0xdd2f, m = 0x5555, m' = 0x3285, result 0x0000.
        #expect(InternetChecksum.updated(0xdd2f, replacing: 0x5555, with: 0x3285) == 0)
    }

    @Test("The checksum agrees with RFC 1071's worked example")
    func rfc1071Example() {
        // RFC 1071 §3: 00 01 f2 03 f4 f5 f6 f7 sum to ddf2.
        #expect(InternetChecksum.of([0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7]) == ~0xddf2)
    }

    private func parse(_ octets: [UInt8]) -> UDPFrame? { octets.withUnsafeBytes { UDPFrame($0) } }

    private func remarked(_ octets: [UInt8], as mark: Int) throws -> [UInt8] {
        var octets = octets
        var frame = try #require(parse(octets))
        let dscp = try #require(DSCP(mark))
        octets.withUnsafeMutableBytes { frame.remark(dscp, in: $0) }
        #expect(frame.dscp == dscp)
        return octets
    }
}
