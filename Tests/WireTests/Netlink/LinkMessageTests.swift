import Testing
import Units
import Wire

@Suite("Links and Wi-Fi from the kernel")
struct LinkMessageTests {
    @Test(
        "kinds of virtual devices",
        arguments: [
            (NetlinkSamples.wireguard, "wg0", "wireguard", 1_420), (NetlinkSamples.gre, "gre1", "gre", 1_476),
            (NetlinkSamples.sit, "he-ipv6", "sit", 1_480), (NetlinkSamples.ppp, "ppp0", "ppp", 1_492),
            (NetlinkSamples.xfrm, "ipsec1", "xfrm", 1_400), (NetlinkSamples.vlan, "eth1.20", "vlan", 1_500),
        ]
    )
    func kinds(hex: String, name: String, kind: String, mtu: UInt32) throws {
        let link = try LinkMessage(NetlinkSamples.message(hex))
        #expect(link.name == name && link.kind == kind && link.mtu == mtu)
        #expect(link.isUp && !link.isLoopback && link.state == .up)
    }

    @Test func whatAVLANStandsUpon() throws {
        let link = try LinkMessage(NetlinkSamples.message(NetlinkSamples.vlan))
        #expect(link.lower == 5 && link.master == 13)
        #expect(link.address?.description == "52:54:00:12:34:56")
    }

    @Test func counterGrowth() {
        let before = LinkCounters(receivedPackets: 10, receiveErrors: 2, checksumErrors: 1)
        let after = LinkCounters(receivedPackets: 25, receiveErrors: 5, checksumErrors: 0)
        let grown = after.since(before)
        #expect(grown.receivedPackets == 15 && grown.receiveErrors == 3)
        #expect(grown.checksumErrors == 0, "a driver that began again has not counted backwards")
    }

    @Test func aWirelessInterface() throws {
        let found = try WirelessInterfaceMessage(NetlinkSamples.message(NetlinkSamples.wirelessInterface))
        #expect(found.index == 3 && found.name == "wlan0" && found.isStation)
        #expect(found.ssid == "Branch Voice" && found.frequency == 5_180 && found.channelWidth == 80)
        let point = try WirelessInterfaceMessage(NetlinkSamples.message(NetlinkSamples.wirelessAccessPoint))
        #expect(!point.isStation && point.ssid == nil && point.channelWidth == 20)
        #expect(throws: NetlinkRefusal.missingAttribute) {
            try WirelessInterfaceMessage(NetlinkSamples.message(NetlinkSamples.wirelessWithoutDevice))
        }
    }

    @Test func anAccessPoint() throws {
        let station = try WirelessStationMessage(NetlinkSamples.message(NetlinkSamples.wirelessStation))
        #expect(station.bssid.description == "00:11:22:33:44:55")
        #expect(station.signal == -61 && station.averageSignal == -63)
        #expect(station.transmitRate == 866_700 && station.receiveRate == 6_500)
        #expect(station.transmittedPackets == 4_000 && station.transmitRetries == 321 && station.transmitFailures == 7)
        #expect(station.connectedTime == 3_600 && station.beaconLosses == 2)
    }

    @Test func anErrorCarriesItsReason() throws {
        let message = try NetlinkSamples.message(NetlinkSamples.noSuchFamily)
        #expect(message.errorNumber == 2 && message.endsAnswer)
    }

    @Test func ethernetModes() throws {
        // linux/ethtool_netlink.h, LINKMODES_GET_REPLY: header {index 2, "eth0"}, autonegotiation on, 100 Mbit/s, half.
        let hex = """
            40000000 1500 0000 07000000 00000000 04010000
            18000180 08000100 02000000 09000200 6574683000000000
            05000200 01000000 08000500 64000000 05000600 00000000
            """
        let mode = try EthernetModeMessage(
            NetlinkSamples.message(hex.replacing("40000000 1500", with: "44000000 1500"))
        )
        #expect(mode.speed == 100 && mode.duplex == .half && mode.isNegotiated == true)
    }
}
