import Testing
import Units

@testable import Capture

@Suite("Dissector")
struct DissectorTests {
    private static let ipv4 = (IPAddress(ipv4: 0x0a01_0203), IPAddress(ipv4: 0x3470_0009))
    private static let ipv6 = (
        IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 3), IPAddress(ipv6High: 0x2603_1063_0000_0000, low: 9)
    )

    /// Frame, family, VLAN, octets of IP packet, offset and length of UDP payload.
    private static let readable: [(String, IPAddress.Family, UInt16?, Int, Int, Int)] = [
        ("ethernet-ipv4", .ipv4, nil, 40, 42, 12),
        ("ethernet-ipv6", .ipv6, nil, 60, 62, 12),
        ("vlan", .ipv4, 100, 40, 46, 12),
        ("qinq", .ipv6, 200, 60, 70, 12),
        ("ipv4-options", .ipv4, nil, 44, 46, 12),
        ("ipv4-first-fragment", .ipv4, nil, 60, 42, 60),
        ("ipv6-extensions", .ipv6, nil, 100, 102, 12),
        ("ipv6-ah", .ipv6, nil, 84, 86, 12),
        ("ipv6-first-fragment", .ipv6, nil, 72, 70, 1_992),
        ("pppoe", .ipv4, nil, 40, 50, 12),
        ("pppoe-ipv6", .ipv6, nil, 60, 70, 12),
        ("cooked", .ipv4, nil, 40, 44, 12),
        ("cooked2", .ipv6, nil, 60, 68, 12),
        ("raw-ipv4", .ipv4, nil, 40, 28, 12),
        ("raw-ipv6", .ipv6, nil, 60, 48, 12),
        ("null-ipv4", .ipv4, nil, 40, 32, 12),
        ("null-ipv6", .ipv6, nil, 60, 52, 12),
        ("loop-ipv4", .ipv4, nil, 40, 32, 12),
        ("ppp", .ipv4, nil, 40, 32, 12),
    ]

    private static func read(_ frame: GoldenFrame) throws(DissectionRefusal) -> UDPPacket {
        guard let link = LinkType(number: frame.linkType) else { throw .notIP }
        return try Dissector(link).packet(in: frame.octets.span)
    }

    @Test("frames that another program wrote are read as it wrote them", arguments: readable)
    func golden(
        name: String,
        family: IPAddress.Family,
        vlan: UInt16?,
        ipLength: Int,
        payloadOffset: Int,
        payloadLength: Int
    ) throws {
        let packet = try Self.read(try #require(GoldenFrame.all[name]))
        let (source, destination) = family == .ipv4 ? Self.ipv4 : Self.ipv6
        let expected = UDPPacket(
            source: source,
            destination: destination,
            sourcePort: 50_003,
            destinationPort: 3_479,
            trafficClass: 0xb9,
            vlan: vlan,
            ipLength: ipLength,
            payloadOffset: payloadOffset,
            payloadLength: payloadLength
        )
        #expect(packet == expected)
        #expect(packet.dscp == .expeditedForwarding && packet.ecn.value == 1, "two bits are ECN and no part of DSCP")
    }

    private static let refused: [(String, DissectionRefusal)] = [
        ("ipv4-later-fragment", .laterFragment), ("ipv6-later-fragment", .laterFragment), ("arp", .notIP),
        ("tcp", .notUDP), ("icmp6", .notUDP),
    ]

    @Test("what holds no UDP packet is refused with its reason", arguments: refused)
    func others(name: String, reason: DissectionRefusal) throws {
        let frame = try #require(GoldenFrame.all[name])
        #expect(throws: reason) { try Self.read(frame) }
    }

    @Test("every frame is either listed as readable or as refused")
    func complete() {
        #expect(Set(GoldenFrame.all.keys) == Set(Self.readable.map(\.0) + Self.refused.map(\.0)))
    }

    @Test("a capture may end behind the UDP header, and nowhere before", arguments: readable)
    func truncated(
        name: String,
        family: IPAddress.Family,
        vlan: UInt16?,
        ipLength: Int,
        payloadOffset: Int,
        payloadLength: Int
    ) throws {
        let frame = try #require(GoldenFrame.all[name])
        let dissector = Dissector(try #require(LinkType(number: frame.linkType)))
        for length in 0...frame.octets.count {
            let cut = Array(frame.octets.prefix(length))
            do throws(DissectionRefusal) {
                let packet = try dissector.packet(in: cut.span)
                #expect(length >= payloadOffset && packet.sourcePort == 50_003)
            } catch {
                #expect(length < payloadOffset)
                #expect([.linkTruncated, .ipTruncated, .udpTruncated].contains(error))
            }
        }
    }

    private static func altered(_ name: String, at offset: Int, _ octets: [UInt8]) throws(DissectionRefusal)
        -> UDPPacket
    {
        guard let frame = GoldenFrame.all[name], let link = LinkType(number: frame.linkType) else { throw .notIP }
        var changed = frame.octets
        changed.replaceSubrange(offset..<offset + octets.count, with: octets)
        return try Dissector(link).packet(in: changed.span)
    }

    @Test("lengths and versions that cannot be are refused")
    func malformed() {
        #expect(throws: DissectionRefusal.ipMalformed) { try Self.altered("ethernet-ipv4", at: 14, [0x44]) }
        #expect(throws: DissectionRefusal.ipMalformed) { try Self.altered("ethernet-ipv4", at: 14, [0x65]) }
        #expect(throws: DissectionRefusal.ipMalformed) { try Self.altered("ethernet-ipv4", at: 16, [0, 19]) }
        #expect(throws: DissectionRefusal.udpMalformed) { try Self.altered("ethernet-ipv4", at: 16, [0, 27]) }
        #expect(throws: DissectionRefusal.udpMalformed) { try Self.altered("ethernet-ipv4", at: 38, [0, 7]) }
        #expect(throws: DissectionRefusal.udpMalformed) { try Self.altered("ethernet-ipv4", at: 38, [0, 21]) }
        #expect(throws: DissectionRefusal.ipMalformed) { try Self.altered("ethernet-ipv6", at: 14, [0x4b]) }
        #expect(throws: DissectionRefusal.udpMalformed) { try Self.altered("ethernet-ipv6", at: 18, [0, 19]) }
        #expect(throws: DissectionRefusal.ipMalformed) { try Self.altered("ipv6-extensions", at: 18, [0, 7]) }
        #expect(throws: DissectionRefusal.notIP) { try Self.altered("pppoe", at: 14, [0x12]) }
        #expect(throws: DissectionRefusal.notIP) { try Self.altered("pppoe", at: 20, [0xc0, 0x21]) }
    }

    @Test("tags and extension headers without end are refused")
    func endless() {
        let tags = [UInt8](repeating: 0, count: 12) + (0..<100).flatMap { _ in [0x81, 0, 0, 1] as [UInt8] }
        #expect(throws: DissectionRefusal.tooManyHeaders) { try Dissector(.ethernet).packet(in: tags.span) }
        var headers: [UInt8] = [0x60, 0, 0, 0, 3, 0x20, 60, 64] + [UInt8](repeating: 0, count: 32)
        for _ in 0..<100 { headers += [60, 0, 1, 4, 0, 0, 0, 0] }
        #expect(throws: DissectionRefusal.tooManyHeaders) { try Dissector(.raw).packet(in: headers.span) }
    }

    @Test("a loopback's address family is read in either byte order, and IPv6 by every system's number")
    func loopback() throws {
        let frame = try #require(GoldenFrame.all["raw-ipv6"])
        for family in [10, 24, 28, 30] as [UInt8] {
            for head in [[family, 0, 0, 0], [0, 0, 0, family]] {
                #expect(try Dissector(.null).packet(in: (head + frame.octets).span).destinationPort == 3_479)
            }
        }
        #expect(throws: DissectionRefusal.notIP) {
            try Dissector(.loop).packet(in: ([2, 0, 0, 0] + frame.octets).span)
        }
    }

    @Test("each refusal is counted under its name")
    func counts() {
        var counts = DissectionCounts()
        for reason in DissectionRefusal.allCases {
            for _ in 0...reason.rawValue { counts.count(reason) }
        }
        #expect(counts[.linkTruncated] == 1 && counts[.udpMalformed] == 9 && counts.total == 45)
        #expect(counts.byCode["later_fragment"] == 6)
        #expect(Set(counts.byCode.keys) == Set(DissectionRefusal.allCases.map(\.code)))
    }

    @Test("octets at random never trap")
    func random() {
        var generator = SystemRandomNumberGenerator()
        for link in LinkType.allCases {
            for _ in 0..<2_000 {
                let frame = (0..<Int.random(in: 0...120)).map { _ in UInt8.random(in: 0...255, using: &generator) }
                _ = try? Dissector(link).packet(in: frame.span)
            }
        }
    }
}
