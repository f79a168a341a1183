import Testing
import Units

@testable import LinuxNet

/// Which interfaces a flow passes, in namespaces in which its address and its route are not the same interface's.
@Suite("Interfaces of a flow", .enabled(if: NetworkNamespace.isAvailable, "needs root, ip and veth"))
struct FlowInterfacesTests {
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
        try namespace.ip("route add default via 10.1.0.1")
        return namespace
    }

    private static func interfaces(
        _ namespace: NetworkNamespace,
        from local: String,
        to remote: String,
        port: UInt16 = 3_478
    ) throws -> FlowInterfaces {
        let from = SocketAddress(address: try IPPrefix(local).address, port: 40_000)
        let to = SocketAddress(address: try IPPrefix(remote).address, port: port)
        return try namespace.inside {
            var router = try FlowRouter(dscp: .expeditedForwarding)
            return try router.interfaces(from: from, to: to)
        }
    }

    @Test func addressAndRouteOnOneInterface() throws {
        let namespace = try Self.namespace()
        for (local, remote, name) in [
            ("10.1.0.2", "192.0.2.1", "up0"), ("10.2.0.2", "10.2.0.9", "up1"), ("fd01::2", "fd01::9", "up0"),
        ] {
            #expect(try Self.interfaces(namespace, from: local, to: remote) == FlowInterfaces(leaving: [name]))
        }
    }

    @Test func theRouteDecidesAndNotTheAddress() throws {
        let namespace = try Self.namespace()
        let expected = FlowInterfaces(leaving: ["up0"], returning: "up1")
        #expect(try Self.interfaces(namespace, from: "10.2.0.2", to: "192.0.2.1") == expected)
    }

    @Test func rulesForSourcesAndPorts() throws {
        let namespace = try Self.namespace()
        try namespace.ip("route add default via 10.2.0.1 table 100")
        try namespace.ip("rule add priority 500 from 10.1.0.2 ipproto udp dport 3481 table 100")
        let other = try Self.interfaces(namespace, from: "10.1.0.2", to: "192.0.2.1", port: 3_481)
        #expect(other == FlowInterfaces(leaving: ["up1"], returning: "up0"))
        let rest = try Self.interfaces(namespace, from: "10.1.0.2", to: "192.0.2.1", port: 3_480)
        #expect(rest == FlowInterfaces(leaving: ["up0"]))
    }

    @Test func everyWayOfARouteThatHasSeveral() throws {
        let namespace = try Self.namespace()
        try namespace.ip("route add 198.51.100.0/24 nexthop via 10.1.0.1 nexthop via 10.2.0.1")
        let found = try Self.interfaces(namespace, from: "10.1.0.2", to: "198.51.100.1")
        #expect(Set(found.leaving) == ["up0", "up1"] && found.returning == nil)
    }

    @Test func thisHostItselfIsOnLoopback() throws {
        let namespace = try Self.namespace()
        let expected = FlowInterfaces(leaving: ["lo"])
        #expect(try Self.interfaces(namespace, from: "10.1.0.2", to: "10.2.0.2") == expected)
        #expect(try Self.interfaces(namespace, from: "127.0.0.1", to: "127.0.0.1") == expected)
        #expect(try Self.interfaces(namespace, from: "fd01::2", to: "fd01::2") == expected)
    }

    @Test func noWayIsAnError() throws {
        let namespace = try Self.namespace()
        try namespace.ip("route add prohibit 203.0.113.0/24")
        #expect(throws: SystemError.self) {
            try Self.interfaces(namespace, from: "10.1.0.2", to: "203.0.113.1")
        }
    }
}
