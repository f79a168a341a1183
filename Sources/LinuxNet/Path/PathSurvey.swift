import CLinux
import Glibc
import Readiness
import Units
import Wire

/// Looks at how packets leave this host, without sending any.
public struct PathSurvey: Sendable {
    /// An endpoint that is measured, and everything that its name stands for.
    public struct Destination: Sendable {
        /// As the user wrote it.
        public var name: String
        public var host: String
        /// The address that is measured, with a port that is probed.
        public var address: SocketAddress
        /// All that the name resolved to.
        public var resolved: [IPAddress]

        public init(name: String, host: String, address: SocketAddress, resolved: [IPAddress]) {
            self.name = name
            self.host = host
            self.address = address
            self.resolved = resolved
        }
    }

    public var destinations: [Destination]
    public var ranges: MediaRanges
    /// The mark that voice has: routing may depend on it.
    public var dscp: DSCP
    public var environment: [String: String]

    public init(
        destinations: [Destination],
        ranges: MediaRanges = .shipped,
        dscp: DSCP,
        environment: [String: String] = [:]
    ) {
        self.destinations = destinations
        self.ranges = ranges
        self.dscp = dscp
        self.environment = environment
    }

    /// What the kernel says now. What it does not tell is among ``PathEvidence/unread`` with its reason.
    public func read() -> PathEvidence {
        let proxies = ProxySetting.settings(in: environment)
        do throws(SystemError) {
            var socket = try NetlinkSocket(.route)
            let tables = try RoutingTables(&socket)
            return evidence(tables, &socket, proxies)
        } catch {
            return PathEvidence(
                proxies: proxies,
                unread: [UnreadFact(fact: "routes", reason: SystemError.reason(error.errno))]
            )
        }
    }

    private var trafficClass: UInt8 { dscp.value << 2 }

    private func evidence(
        _ tables: RoutingTables,
        _ socket: inout NetlinkSocket,
        _ proxies: [ProxySetting]
    ) -> PathEvidence {
        var routes: [DestinationRoute] = []
        for destination in destinations {
            let (name, address) = (destination.name, destination.address)
            routes.append(tables.destination(name, address, trafficClass: trafficClass, asking: &socket))
        }
        let ranges = rangesEvidence(tables, &socket)
        let used = (routes + ranges.routes).compactMap { $0.route?.interface }
        var unread: [UnreadFact] = []
        if let reason = tables.policiesReason { unread.append(UnreadFact(fact: "ipsec", reason: reason)) }
        if let refused = UnreadFact(refused: socket.refusals, by: "netlink") { unread.append(refused) }
        return PathEvidence(
            routes: routes,
            ranges: ranges,
            defaultRoutes: tables.defaultRoutes,
            rules: tables.policyRules,
            proxies: proxies,
            links: EthernetLinks.read(Set(used), tables),
            unread: unread
        )
    }

    private func rangesEvidence(_ tables: RoutingTables, _ socket: inout NetlinkSocket) -> RangesEvidence {
        var routes: [DestinationRoute] = []
        for range in ranges.prefixes {
            for part in [range] + tables.parts(of: range).prefix(Self.mostParts) {
                let address = SocketAddress(address: part.address, port: Self.relayPort)
                routes.append(
                    tables.destination(part.description, address, trafficClass: trafficClass, asking: &socket)
                )
            }
        }
        let outside = destinations.filter { MediaRanges.isMicrosoftName($0.host) }.flatMap { destination in
            destination.resolved.filter { !ranges.contains($0) }
                .map { RangesEvidence.Outsider(host: destination.host, address: $0) }
        }
        return RangesEvidence(
            ranges: ranges,
            age: SystemClock().wall() - ranges.asOf,
            areMeasured: destinations.contains { MediaRanges.isMicrosoftName($0.host) },
            routes: routes,
            outside: outside
        )
    }

    private static let relayPort: UInt16 = 3478
    /// A host with the whole Internet's routes has thousands within Microsoft's ranges.
    private static let mostParts = 32
}

extension UnreadFact {
    /// Messages that were refused, by reason; nil where none was.
    init?<Refusal: RawRepresentable<String>>(refused counts: [Refusal: Int], by source: String) {
        guard !counts.isEmpty else { return nil }
        let reasons = counts.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", ")
        self.init(fact: "\(source)_refused", reason: reasons)
    }
}
