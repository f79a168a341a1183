import Readiness
import Results
import Testing
import Units

@testable import Capture

@Suite("Audit of media")
struct MediaAuditTests {
    private static let relay = IPAddress(ipv4: 0x3471_0101)
    private static let ranges = [IPPrefix(IPAddress(ipv4: 0x3470_0000), length: 14)]

    private static func rules() -> MediaRules {
        MediaRules(classes: MediaClass.teams, relayPorts: 3_478...3_481, ranges: ranges)
    }

    private static func client(_ number: UInt32) -> IPAddress { IPAddress(ipv4: 0x0a00_0000 + number) }

    private static func packet(
        _ source: (IPAddress, UInt16),
        _ destination: (IPAddress, UInt16),
        dscp: UInt8 = 46
    ) -> UDPPacket {
        UDPPacket(
            source: source.0,
            destination: destination.0,
            sourcePort: source.1,
            destinationPort: destination.1,
            trafficClass: dscp << 2,
            vlan: nil,
            ipLength: 210,
            payloadOffset: 42,
            payloadLength: 182
        )
    }

    @Test("an address of a relay says more than a port of one")
    func directions() {
        let rules = Self.rules()
        let client = Self.client(1)
        func direction(_ packet: UDPPacket) -> MediaDirection? { rules.match(packet)?.direction }
        #expect(direction(Self.packet((client, 50_000), (Self.relay, 55_000))) == .outbound)
        #expect(direction(Self.packet((Self.relay, 55_000), (client, 50_000))) == .inbound)
        #expect(direction(Self.packet((client, 3_478), (Self.relay, 55_000))) == .outbound)
        #expect(direction(Self.packet((client, 50_000), (Self.client(2), 3_480))) == .outbound)
        #expect(direction(Self.packet((Self.client(2), 3_480), (client, 50_000))) == .inbound)
        #expect(direction(Self.packet((client, 3_478), (Self.client(2), 3_478))) == nil)
        #expect(direction(Self.packet((client, 50_000), (Self.client(2), 53))) == nil)
        #expect(direction(Self.packet((client, 61_000), (Self.relay, 443))) == nil, "HTTP/3")
        #expect(direction(Self.packet((client, 50_000), (Self.relay, 443))) == .outbound, "media by its own port")
    }

    @Test(
        "classes end where Microsoft says",
        arguments: [
            (50_000, 0), (50_019, 0), (50_020, 1), (50_039, 1), (50_040, 2), (50_059, 2), (49_999, 3), (50_060, 3),
        ] as [(UInt16, Int)]
    )
    func classes(port: UInt16, place: Int) {
        let rules = Self.rules()
        #expect(rules.match(Self.packet((Self.client(1), port), (Self.relay, 3_478)))?.mediaClass == place)
        #expect(rules.match(Self.packet((Self.relay, 3_478), (Self.client(1), port)))?.mediaClass == place)
    }

    @Test("hosts beyond the bound are counted together")
    func bound() {
        var table = HostTable(limit: 3, slots: 2)
        for host in 0..<10 as Range<UInt32> {
            for _ in 0...host {
                table.note(.bestEffort, required: .expeditedForwarding, host: Self.client(host), slot: 1)
            }
        }
        #expect(table.hosts.count == 3)
        let known = table.hosts.values.reduce(0) { $0 + $1[1].packets }
        #expect(known == 1 + 2 + 3 && known + table.others[1].packets == 55)
    }

    private static func audited(_ frames: [(name: String, times: Int)]) throws -> MediaAudit {
        var audit = MediaAudit(rules: rules(), hostLimit: 10)
        var index = 0
        for (name, times) in frames {
            let frame = try #require(GoldenFrame.all[name])
            let dissector = Dissector(try #require(LinkType(number: frame.linkType)))
            for _ in 0..<times {
                let instant = WallInstant(nanosecondsSinceUnixEpoch: Int64(index) * 20_000_000)
                audit.note(frame.octets.span, at: instant, by: dissector)
                index += 1
            }
        }
        return audit
    }

    @Test("frames are counted by what they are")
    func frames() throws {
        let audit = try Self.audited([("ethernet-ipv4", 30), ("vlan", 20), ("arp", 3), ("tcp", 2)])
        let stream = audit.streams[MediaAudit.slot(0, .outbound)]
        #expect(audit.frames == 55 && audit.media == 50 && audit.refused[.notIP] == 3 && audit.refused[.notUDP] == 2)
        #expect(stream.tally.marked == 50 && stream.octets == 50 * 40)
        #expect(stream.series.ecnCounts == [ECN(trafficClass: 1): 50])
        let verdict = AuditVerdict(audit, graded: [.outbound, .inbound], dropped: nil)
        #expect(verdict.grade == .ready && verdict.findings.isEmpty)
    }

    @Test("no media settles nothing")
    func none() throws {
        let verdict = AuditVerdict(try Self.audited([("arp", 5)]), graded: [.outbound], dropped: nil)
        #expect(verdict.grade == .inconclusive && verdict.findings.map(\.code) == [.dscpMediaNone])
    }

    @Test("a capture that missed much settles nothing, one that missed little is a note")
    func drops() throws {
        let audit = try Self.audited([("ethernet-ipv4", 1_000)])
        #expect(AuditVerdict(audit, graded: [.outbound], dropped: 5).grade == .ready)
        #expect(AuditVerdict(audit, graded: [.outbound], dropped: 100).grade == .inconclusive)
        #expect(AuditVerdict(audit, graded: [.outbound], dropped: 0).findings.isEmpty)
    }
}
