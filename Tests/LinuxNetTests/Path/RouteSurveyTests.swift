import Foundation
import Readiness
import Testing
import Units

@testable import LinuxNet

/// What the survey says is what `ip route get` says, in namespaces of every kind of route.
@Suite("Routes against ip(8)", .enabled(if: NetworkNamespace.isAvailable, "needs root, ip and veth"))
struct RouteSurveyTests {
    private static func survey(_ namespace: NetworkNamespace, _ addresses: [String] = []) throws -> PathEvidence {
        try namespace.inside {
            let destinations = try addresses.map { text in
                let address = SocketAddress(address: try IPPrefix(text).address, port: 3_478)
                return PathSurvey.Destination(name: text, host: text, address: address, resolved: [address.address])
            }
            return PathSurvey(destinations: destinations, dscp: .expeditedForwarding).read()
        }
    }

    /// Two interfaces, the first with a default route.
    private static func namespace() throws -> NetworkNamespace {
        let namespace = try NetworkNamespace()
        for (name, peer, address) in [("up0", "peer0", "10.1.0.2/24"), ("up1", "peer1", "10.2.0.2/24")] {
            try namespace.ip("link add \(name) type veth peer name \(peer)")
            try namespace.ip("address add \(address) dev \(name)")
            try namespace.ip("link set \(name) up")
            try namespace.ip("link set \(peer) up")
        }
        try namespace.ip("address add fd01::2/64 dev up0 nodad")
        try namespace.ip("route add default via 10.1.0.1 metric 100")
        return namespace
    }

    private func expectAgreement(_ namespace: NetworkNamespace, _ address: String) throws {
        let route = try #require(try Self.survey(namespace, [address]).routes.first?.route)
        let family = address.contains(":") ? "-6 " : ""
        let tos = address.contains(":") ? "" : " tos 0xb8"
        let text = try namespace.ip("-j \(family)route get \(address)\(tos) ipproto udp dport 3478")
        let peers = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        )
        let peer = try #require(peers.first)
        #expect(route.interface == peer["dev"] as? String)
        #expect(route.gateway?.description == peer["gateway"] as? String)
        #expect(route.source?.description == peer["prefsrc"] as? String)
        let table = (peer["table"] as? String).flatMap { UInt32($0) } ?? 254
        #expect(route.table == table)
    }

    @Test func gatewaysAndDirectNeighbours() throws {
        let namespace = try Self.namespace()
        for address in ["52.112.0.1", "10.1.0.77", "10.2.0.9", "fd01::99"] { try expectAgreement(namespace, address) }
        let route = try #require(try Self.survey(namespace, ["52.112.0.1"]).routes.first?.route)
        #expect(route.prefix?.description == "0.0.0.0/0" && route.metric == 100 && route.mtu == 1_500)
        #expect(route.kind.name == "veth" && route.tunnel == nil)
    }

    @Test func theMarkOfVoiceDecides() throws {
        let namespace = try Self.namespace()
        try namespace.ip("route add default via 10.2.0.1 table 100")
        // iproute2 before 6.10 cannot say dscp; the kernel compares the old field's bits of 46: 0x18.
        try namespace.ip("rule add priority 500 tos 0x18 table 100")
        try expectAgreement(namespace, "52.112.0.1")
        let evidence = try Self.survey(namespace, ["52.112.0.1"])
        #expect(evidence.rules.map(\.text) == ["500: tos 0x18 lookup 100"])
        #expect(evidence.findings().contains { $0.code == .pathPolicyRouting })
    }

    @Test func portsAndSourcesDecide() throws {
        let namespace = try Self.namespace()
        try namespace.ip("route add default via 10.2.0.1 table 1000")
        try namespace.ip("rule add priority 500 ipproto udp dport 3478-3481 table 1000")
        try expectAgreement(namespace, "52.112.0.1")
        let route = try #require(try Self.survey(namespace, ["52.112.0.1"]).routes.first?.route)
        #expect(route.interface == "up1" && route.table == 1_000)
    }

    @Test func aRouteMTU() throws {
        let namespace = try Self.namespace()
        try namespace.ip("route add 52.112.0.0/14 via 10.1.0.1 mtu 1200")
        let evidence = try Self.survey(namespace, ["52.112.0.1"])
        #expect(evidence.routes.first?.route?.mtu == 1_200)
        let finding = try #require(evidence.findings().first { $0.code == .pathMTULow })
        #expect(finding.evidence.contains(.init("mtu_bytes", .count(1_200))))
    }

    @Test func severalDefaultRoutes() throws {
        let namespace = try Self.namespace()
        try namespace.ip("route add default via 10.2.0.1 metric 200")
        let evidence = try Self.survey(namespace, ["52.112.0.1"])
        #expect(evidence.defaultRoutes.map(\.way) == ["via 10.1.0.1 dev up0", "via 10.2.0.1 dev up1"])
        #expect(evidence.routes.first?.route?.interface == "up0")
        #expect(evidence.findings().contains { $0.code == .pathSeveralDefaultRoutes })
    }

    @Test func aRouteOfTwoWaysIsTwoDefaultRoutes() throws {
        let namespace = try Self.namespace()
        try namespace.ip("route replace default metric 100 nexthop via 10.1.0.1 nexthop via 10.2.0.1")
        let evidence = try Self.survey(namespace)
        #expect(evidence.defaultRoutes.count == 2)
        let finding = try #require(evidence.findings().first { $0.code == .pathSeveralDefaultRoutes })
        #expect(finding.summary.contains("equal rank"))
    }

    @Test("a tunnel that takes everything")
    func tunnel() throws {
        let namespace = try Self.namespace()
        try namespace.ip("tuntap add mode tun name vpn0")
        try namespace.ip("address add 10.99.0.2/32 dev vpn0")
        try namespace.ip("link set vpn0 up mtu 1420")
        try namespace.ip("route add default dev vpn0 metric 10")
        try expectAgreement(namespace, "198.51.100.1")
        let evidence = try Self.survey(namespace, ["198.51.100.1"])
        let finding = try #require(evidence.findings().first { $0.code == .pathVPNHairpin })
        #expect(finding.severity == .atRisk)
        #expect(finding.summary.contains("198.51.100.1, 52.112.0.0/14 and 52.122.0.0/15"))
        #expect(finding.remedy.contains("52.112.0.0/14, 52.122.0.0/15 and 2603:1063::/38"))
        #expect(finding.remedy.contains("ip route replace 52.112.0.0/14 via 10.1.0.1 dev up0"))
        #expect(finding.evidence.contains(.init("mtu_bytes", .count(1_420))))
    }

    @Test("the remedy helps: ranges that are routed past the tunnel are no hairpin")
    func splitTunnel() throws {
        let namespace = try Self.namespace()
        try namespace.ip("tuntap add mode tun name vpn0")
        try namespace.ip("link set vpn0 up")
        try namespace.ip("route add default dev vpn0 metric 10")
        try namespace.ip("route add 52.112.0.0/14 via 10.1.0.1 dev up0")
        let half = try Self.survey(namespace).findings()
        let differing = try #require(half.first { $0.code == .pathRangesRoutedDifferently })
        #expect(differing.severity == .atRisk && half.contains { $0.code == .pathVPNHairpin })
        try namespace.ip("route add 52.122.0.0/15 via 10.1.0.1 dev up0")
        let whole = try Self.survey(namespace).findings()
        #expect(!whole.contains { $0.code == .pathRangesRoutedDifferently || $0.code == .pathVPNHairpin })
        // A part of a range may have a route of its own.
        try namespace.ip("route add 52.113.7.0/24 dev vpn0")
        let parts = try Self.survey(namespace)
        #expect(parts.ranges?.routes.contains { $0.name == "52.113.7.0/24" && $0.route?.interface == "vpn0" } == true)
        #expect(parts.findings().contains { $0.code == .pathVPNHairpin && $0.summary.contains("52.113.7.0/24") })
    }

    @Test func anIPsecPolicyThatCatchesTheAddress() throws {
        let namespace = try Self.namespace()
        try namespace.ip(
            "xfrm policy add src 10.1.0.0/24 dst 52.112.0.0/14 dir out tmpl src 10.1.0.2 dst 203.0.113.9 proto esp mode tunnel"
        )
        let caught = try Self.survey(namespace, ["52.112.0.1", "198.51.100.1"])
        #expect(caught.routes[0].route?.transform?.tunnelEnd?.description == "203.0.113.9")
        #expect(caught.routes[1].route?.transform == nil)
        let finding = try #require(caught.findings().first { $0.code == .pathVPNHairpin })
        #expect(finding.summary.contains("an IPsec tunnel to 203.0.113.9"))
        #expect(finding.remedy.contains("ip xfrm policy add dst 52.112.0.0/14 dir out priority 0 action allow"))
        // A policy that lets the packets pass as they are, in the place of the other.
        try namespace.ip("xfrm policy delete src 10.1.0.0/24 dst 52.112.0.0/14 dir out")
        try namespace.ip("xfrm policy add src 10.1.0.0/24 dst 52.112.0.0/14 proto udp dir out action allow")
        #expect(try Self.survey(namespace, ["52.112.0.1"]).routes[0].route?.transform == nil)
    }

    @Test("policies of an xfrm interface and of marked packets are not for the probes, nor is transport mode a tunnel")
    func otherIPsecPolicies() throws {
        let namespace = try Self.namespace()
        let selector = "xfrm policy add src 10.1.0.0/24 dst"
        let tunnel = "tmpl src 10.1.0.2 dst 203.0.113.9 proto esp mode tunnel"
        try namespace.ip("\(selector) 52.112.0.0/14 dir out if_id 7 \(tunnel)")
        try namespace.ip("\(selector) 198.51.100.0/24 dir out mark 5 mask 0xff \(tunnel)")
        try namespace.ip("\(selector) 203.0.113.0/24 dir out tmpl proto esp mode transport")
        let evidence = try Self.survey(namespace, ["52.112.0.1", "198.51.100.1", "203.0.113.1"])
        #expect(evidence.routes.map { $0.route?.transform != nil } == [false, false, true])
        #expect(!evidence.findings().contains { $0.code == .pathVPNHairpin })
    }

    @Test func noRoute() throws {
        let namespace = try Self.namespace()
        try namespace.ip("route add unreachable 198.51.100.0/24")
        try namespace.ip("route add prohibit 203.0.113.0/24")
        try namespace.ip("route add blackhole 192.0.2.0/24")
        let evidence = try Self.survey(namespace, ["198.51.100.1", "203.0.113.1", "192.0.2.1", "2001:db8::1"])
        let reasons = evidence.routes.map { destination in
            guard case .none(let reason) = destination.outcome else { return "" }
            return reason
        }
        #expect(reasons == ["No route to host", "Permission denied", "Invalid argument", "Network is unreachable"])
    }

    @Test func linksCarryTheirSubnetsAndAddresses() throws {
        let namespace = try Self.namespace()
        let link = try #require(try Self.survey(namespace, ["52.112.0.1"]).links.first)
        #expect(link.interface == "up0" && link.kind.name == "veth")
        #expect(Set(link.subnets.map(\.description)) == ["10.1.0.0/24", "fd01::/64"])
        #expect(link.hardwareAddress?.count == 17)
        // What veth says of itself.
        #expect(link.speed == 10_000 && link.duplex == .full && link.isNegotiated == false)
    }
}
