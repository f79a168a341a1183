import Testing
import Units
import Wire

/// Frames built by another implementation: `scapy.contrib.lldp` of Scapy.
@Suite("LLDP")
struct LinkDiscoveryTests {
    private static let ethernet = "0180c200000e001b21aabbcc88cc"
    private static let mandatory =
        "020704001b21aabbcc" + "0415054769676162697445746865726e6574312f302f37" + "06020078"
    private static let optional =
        "080f466c6f6f722034206465736b203132" + "0a0b73772d6265726c696e2d34" + "0c084120737769746368"
        + "100c05010a0100fe020000000700" + "fe060080c2010078"
    private static let end = "0000"
    private let whole = octets(ethernet + mandatory + optional + end)

    @Test func aSwitch() throws {
        let frame = try LinkDiscoveryFrame(ethernet: whole)
        #expect(frame.chassis == "00:1b:21:aa:bb:cc" && frame.port == "GigabitEthernet1/0/7")
        #expect(frame.timeToLive == 120 && frame.portDescription == "Floor 4 desk 12")
        #expect(frame.systemName == "sw-berlin-4" && frame.systemDescription == "A switch")
        #expect(frame.managementAddress?.description == "10.1.0.254" && frame.portVLAN == 120)
    }

    @Test func paddingAndTagsDoNotMatter() throws {
        let plain = try LinkDiscoveryFrame(ethernet: whole)
        #expect(try LinkDiscoveryFrame(ethernet: whole + [UInt8](repeating: 0, count: 20)) == plain)
        let tagged = Self.ethernet.replacing("88cc", with: "8100007888cc") + Self.mandatory + Self.optional + Self.end
        #expect(try LinkDiscoveryFrame(ethernet: octets(tagged)) == plain)
    }

    @Test func refusals() {
        func refusal(_ hex: String) -> LinkDiscoveryRefusal? {
            do throws(LinkDiscoveryRefusal) {
                _ = try LinkDiscoveryFrame(ethernet: octets(hex))
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(Self.ethernet.replacing("88cc", with: "0800")) == .notLinkDiscovery)
        #expect(refusal(Self.ethernet) == .mandatoryMissing)
        #expect(refusal(Self.ethernet + "0415054769676162") == .truncated)
        #expect(refusal(Self.ethernet + Self.mandatory.dropFirst(18)) == .mandatoryMissing)
        #expect(refusal(Self.ethernet + "020104" + "04020531" + "06020078") == .badIdentifier)
        #expect(refusal(Self.ethernet + Self.mandatory + "0aff41") == .truncated)
    }

    @Test func identifiersOfOtherShapes() throws {
        func read(_ hex: String) throws -> LinkDiscoveryFrame { try LinkDiscoveryFrame(octets(hex)[...]) }
        // Chassis by network address, port by a single octet that is no text.
        let addressed = try read("02060501c0a80001" + "0402051b" + "06020078")
        #expect(addressed.chassis == "192.168.0.1" && addressed.port == "1b")
        // Octets that are no UTF-8 are shown as octets.
        let binary = try read("020407fffefd" + "04020731" + "06020000")
        #expect(binary.chassis == "ff:fe:fd" && binary.port == "1" && binary.timeToLive == 0)
    }

    @Test("no octet makes the reader trap")
    func damagedFrames() {
        var random = SeededGenerator(seed: 0x6c6c_6470)
        for length in 0..<whole.count { _ = try? LinkDiscoveryFrame(ethernet: Array(whole.prefix(length))) }
        for _ in 0..<4_000 {
            var damaged = whole
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                damaged[Int.random(in: 12..<damaged.count, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            _ = try? LinkDiscoveryFrame(ethernet: damaged)
        }
    }
}
