import Testing
import Units
import Wire

@Suite("Routes, rules and addresses from the kernel")
struct RouteMessageTests {
    @Test func aDefaultRoute() throws {
        let route = try RouteMessage(NetlinkSamples.message(NetlinkSamples.defaultRoute))
        #expect(route.isDefault && route.destination == nil)
        #expect(route.family == .ipv4 && route.kind == .unicast)
        #expect(route.table == 254 && route.metric == 100 && route.interface == 3)
        #expect(route.gateway?.description == "10.9.0.1")
        #expect(route.mtu == nil && route.preferredSource == nil && route.nextHops.isEmpty)
    }

    @Test func aRouteWithItsOwnMTU() throws {
        let route = try RouteMessage(NetlinkSamples.message(NetlinkSamples.routeWithMTU))
        #expect(route.destination?.description == "52.112.0.0" && route.prefixLength == 14)
        #expect(route.mtu == 1_300 && route.metric == 50)
        #expect(route.preferredSource?.description == "10.1.0.2")
    }

    @Test func aRouteOfTwoWays() throws {
        let route = try RouteMessage(NetlinkSamples.message(NetlinkSamples.routeOfTwoWays))
        #expect(route.nextHops.map(\.interface) == [3, 4])
        #expect(route.nextHops.map { $0.gateway?.description } == ["10.1.0.1", "10.2.0.1"])
        #expect(route.interface == nil && route.isDefault)
    }

    @Test func aRouteOfIPv6InATableOfItsOwn() throws {
        let route = try RouteMessage(NetlinkSamples.message(NetlinkSamples.routeIPv6))
        #expect(route.family == .ipv6 && route.table == 1_000 && route.prefixLength == 38)
        #expect(route.destination?.description == "2603:1063::" && route.interface == 7)
    }

    @Test func rules() throws {
        let local = try RuleMessage(NetlinkSamples.message(NetlinkSamples.localRule))
        #expect(local.isStandard && local.priority == 0 && local.table == 255)
        let tos = try RuleMessage(NetlinkSamples.message(NetlinkSamples.tosRule))
        #expect(!tos.isStandard && tos.priority == 501 && tos.table == 101)
        #expect(tos.conditions == ["tos 0x10"] || tos.conditions == ["tos 0x10", "dscp 0"])
        let ports = try RuleMessage(NetlinkSamples.message(NetlinkSamples.portRule))
        #expect(ports.conditions.contains("dport 3478-3481") && ports.conditions.contains("ipproto 17"))
        let source = try RuleMessage(NetlinkSamples.message(NetlinkSamples.sourceRule))
        #expect(source.isInverted && source.table == 100 && source.priority == 1_000)
        #expect(source.conditions == ["from 10.0.0.0/8", "tos 0xb8", "fwmark 0x10/0xff", "iif eth1"])
    }

    @Test func addresses() throws {
        let address = try InterfaceAddressMessage(NetlinkSamples.message(NetlinkSamples.address))
        #expect(address.address.description == "10.9.0.2" && address.prefixLength == 24 && address.interface == 3)
        #expect(!address.isLinkLocal)
        let local = try InterfaceAddressMessage(NetlinkSamples.message(NetlinkSamples.linkLocalAddress))
        #expect(local.isLinkLocal && local.address.description == "fe80::b4d1:3cff:feb1:f377")
    }

    @Test func anIPsecPolicyCatchesWhatItsSelectorSays() throws {
        let policy = try TransformPolicyMessage(NetlinkSamples.message(NetlinkSamples.policy))
        #expect(policy.direction == .outbound && policy.transforms && policy.priority == 77)
        #expect(policy.tunnelEnd?.description == "2.2.2.2")
        #expect(policy.destination.description == "52.112.0.0" && policy.destinationLength == 14)
        let (inside, outside) = (SampleAddress.relay, IPAddress(ipv4: 0x0909_0909))
        let (own, other) = (IPAddress(ipv4: 0x0a01_0203), IPAddress(ipv4: 0xc0a8_0001))
        #expect(policy.catches(inside, port: 3_478, from: own))
        #expect(policy.catches(inside, port: nil, from: nil))
        #expect(!policy.catches(outside, port: 3_478, from: own))
        #expect(!policy.catches(inside, port: 3_478, from: other))
    }

    @Test func requestsAreWhatTheKernelReads() {
        let request = RouteMessage.lookup(of: SampleAddress.relay, port: 3_478, trafficClass: 0xb8, entry: false)
        #expect(
            request.encoded(sequence: 5)
                == octets(
                    """
                    34000000 1a00 0100 05000000 00000000
                    02 20 00 b8 00 00 00 00 00100000
                    0800 0100 34700001
                    0500 1b00 11000000
                    0600 1d00 0d960000
                    """
                )
        )
        let bound = RouteMessage.lookup(
            of: SampleAddress.relay,
            port: 3_478,
            from: (IPAddress(ipv4: 0x0a01_0002), 40_000),
            interface: 3,
            trafficClass: 0,
            entry: true
        )
        #expect(
            bound.encoded(sequence: 7)
                == octets(
                    """
                    4c000000 1a00 0100 07000000 00000000
                    02 20 20 00 00 00 00 00 00300000
                    0800 0100 34700001
                    0800 0200 0a010002
                    0800 0400 03000000
                    0500 1b00 11000000
                    0600 1c00 9c400000
                    0600 1d00 0d960000
                    """
                )
        )
        let dump = RuleMessage.dump(.ipv6).encoded(sequence: 6)
        #expect(dump == octets("1c000000 2200 0103 06000000 00000000 0a00000000000000 00000000"))
    }
}

enum SampleAddress {
    static let relay = IPAddress(ipv4: 0x3470_0001)
}
