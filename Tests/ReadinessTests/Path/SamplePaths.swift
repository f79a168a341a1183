import Readiness
import Units

/// Paths that no host has, for the tests of what is found in them.
enum SamplePaths {
    static let gateway = IPAddress(ipv4: 0x0a01_0001)
    static let own = IPAddress(ipv4: 0x0a01_0002)
    static let relay = IPAddress(ipv4: 0x3470_0001)

    static func route(
        _ interface: String = "eth0",
        _ kind: String = "ethernet",
        via gateway: IPAddress? = gateway,
        mtu: Int = 1_500
    ) -> PacketRoute {
        PacketRoute(
            interface: interface,
            kind: InterfaceKind(name: kind),
            source: own,
            gateway: gateway,
            prefix: IPPrefix(IPAddress(ipv4: 0), length: 0),
            table: 254,
            metric: 100,
            mtu: mtu
        )
    }

    static func destination(_ name: String, _ route: PacketRoute?, _ address: IPAddress = relay) -> DestinationRoute {
        let outcome = route.map(DestinationRoute.Outcome.route) ?? .none(reason: "Network is unreachable")
        return DestinationRoute(name: name, address: address, outcome: outcome)
    }

    static func defaultRoute(
        _ interface: String = "eth0",
        _ kind: String = "ethernet",
        metric: UInt32 = 100
    ) -> DefaultRoute {
        DefaultRoute(
            family: .ipv4,
            interface: interface,
            kind: InterfaceKind(name: kind),
            gateway: gateway,
            table: 254,
            metric: metric
        )
    }

    static func ranges(
        _ routes: [DestinationRoute],
        age: Nanoseconds = .seconds(86_400),
        outside: [RangesEvidence.Outsider] = []
    ) -> RangesEvidence {
        RangesEvidence(ranges: .shipped, age: age, routes: routes, outside: outside)
    }

    static func second(_ count: Int64) -> WallInstant {
        WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_000_000_000) + .seconds(count)
    }
}

extension [Finding] {
    var codes: [Finding.Code] { map(\.code) }

    func fact(_ name: String, of code: Finding.Code) -> EvidenceValue? {
        first { $0.code == code }?.evidence.first { $0.name == name }?.value
    }
}
