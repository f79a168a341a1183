import Testing
import Units
import Wire

@Suite("What is not a netlink message is refused")
struct NetlinkRefusalTests {
    /// Every reader of every message: each must give a value or a refusal.
    private func readEverything(_ message: NetlinkMessage) {
        _ = try? RouteMessage(message)
        _ = try? RuleMessage(message)
        _ = try? LinkMessage(message)
        _ = try? InterfaceAddressMessage(message)
        _ = try? TransformPolicyMessage(message)
        _ = try? GenericNetlink.family(message)
        _ = try? EthernetModeMessage(message)
        _ = try? WirelessInterfaceMessage(message)
        _ = try? WirelessStationMessage(message)
        _ = message.errorNumber
    }

    @Test func truncatedHeadersAndImpossibleLengths() {
        #expect(NetlinkDatagram([1, 2, 3]).refusal == .truncatedHeader)
        var whole = octets(NetlinkSamples.localRule)
        #expect(NetlinkDatagram(Array(whole.dropLast())).refusal == .impossibleLength)
        whole[0] = 15
        #expect(NetlinkDatagram(whole).refusal == .impossibleLength)
        #expect(NetlinkDatagram([]).refusal == nil && NetlinkDatagram([]).messages.isEmpty)
    }

    @Test func severalMessagesInOneDatagram() {
        let datagram = NetlinkDatagram(octets(NetlinkSamples.localRule + NetlinkSamples.tosRule))
        #expect(datagram.messages.count == 2 && datagram.refusal == nil)
    }

    @Test func anotherTypeIsRefused() throws {
        let route = try NetlinkSamples.message(NetlinkSamples.defaultRoute)
        #expect(throws: NetlinkRefusal.unexpectedType) { try LinkMessage(route) }
        #expect(throws: NetlinkRefusal.unexpectedType) { try WirelessStationMessage(route) }
    }

    @Test func attributesThatRunPastTheirMessageAreRefused() throws {
        var route = try NetlinkSamples.message(NetlinkSamples.defaultRoute)
        // The length of the first attribute, behind the 12 octets of the route itself.
        route.body[route.body.startIndex + 12] = 0xff
        #expect(throws: NetlinkRefusal.impossibleAttribute) { try RouteMessage(route) }
        route.body[route.body.startIndex + 12] = 3
        #expect(throws: NetlinkRefusal.impossibleAttribute) { try RouteMessage(route) }
        route.body = route.body.prefix(11)
        #expect(throws: NetlinkRefusal.truncatedBody) { try RouteMessage(route) }
    }

    @Test func anotherFamilyIsRefused() throws {
        var rule = try NetlinkSamples.message(NetlinkSamples.localRule)
        rule.body[rule.body.startIndex] = 28
        #expect(throws: NetlinkRefusal.unknownFamily) { try RuleMessage(rule) }
    }

    @Test func controlCharactersInNamesAreLeftOut() throws {
        let escape = NetlinkSamples.wirelessInterface.replacing("4272616e6368", with: "1b5b33316d00")
        let found = try WirelessInterfaceMessage(NetlinkSamples.message(escape))
        #expect(found.ssid == "[31m Voice")
    }

    @Test("no octet of any message makes a reader trap")
    func damagedMessages() {
        var random = SeededGenerator(seed: 0x6e65_746c)
        for hex in NetlinkSamples.all {
            let whole = octets(hex)
            for length in 0..<whole.count {
                NetlinkDatagram(Array(whole.prefix(length))).messages.forEach(readEverything)
            }
            for _ in 0..<400 {
                var damaged = whole
                for _ in 0...Int.random(in: 0..<4, using: &random) {
                    damaged[Int.random(in: 16..<damaged.count, using: &random)] = .random(
                        in: .min ... .max,
                        using: &random
                    )
                }
                NetlinkDatagram(damaged).messages.forEach(readEverything)
            }
        }
    }
}
