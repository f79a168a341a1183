import CLinux
import Glibc
import Readiness
import Units
import Wire

/// What the kernel knows of interfaces and routes, read once.
struct RoutingTables: Sendable {
    let links: [Int32: LinkMessage]
    let addresses: [InterfaceAddressMessage]
    let routes: [RouteMessage]
    let rules: [RuleMessage]
    /// Nil where this process may not read them.
    let policies: [TransformPolicyMessage]?
    let policiesReason: String?

    init(_ socket: inout NetlinkSocket) throws(SystemError) {
        let links = try socket.values(LinkMessage.dump(), "list links", LinkMessage.init)
        self.links = Dictionary(links.map { ($0.index, $0) }) { $1 }
        addresses = try socket.values(InterfaceAddressMessage.dump(), "list addresses", InterfaceAddressMessage.init)
        var routes: [RouteMessage] = []
        var rules: [RuleMessage] = []
        for family in InterfaceList.hasIPv6 ? [IPAddress.Family.ipv4, .ipv6] : [.ipv4] {
            routes += try socket.values(RouteMessage.dump(family), "list routes", RouteMessage.init)
            rules += try Self.rules(family, &socket)
        }
        (self.routes, self.rules) = (routes, rules)
        do throws(SystemError) {
            policies = try Self.readPolicies()
            policiesReason = nil
        } catch {
            policies = nil
            policiesReason = error.errno == EPERM ? "needs CAP_NET_ADMIN" : SystemError.reason(error.errno)
        }
    }

    /// A kernel may be built without policy routing: then there are no rules.
    private static func rules(
        _ family: IPAddress.Family,
        _ socket: inout NetlinkSocket
    ) throws(SystemError) -> [RuleMessage] {
        do throws(SystemError) {
            return try socket.values(RuleMessage.dump(family), "list rules", RuleMessage.init)
        } catch {
            guard error.errno == EOPNOTSUPP || error.errno == EAFNOSUPPORT else { throw error }
            return []
        }
    }

    /// A kernel may be built without IPsec: then there are no policies.
    private static func readPolicies() throws(SystemError) -> [TransformPolicyMessage] {
        do throws(SystemError) {
            var socket = try NetlinkSocket(.transform)
            return try socket.values(TransformPolicyMessage.dump(), "list IPsec policies", TransformPolicyMessage.init)
        } catch {
            guard error.errno == EPROTONOSUPPORT else { throw error }
            return []
        }
    }

    // MARK: Lookups

    /// The kernel's decision for a UDP packet with this mark to this address, in its own words where it has none.
    func destination(
        _ name: String,
        _ address: SocketAddress,
        trafficClass: UInt8,
        asking socket: inout NetlinkSocket
    ) -> DestinationRoute {
        func request(entry: Bool) -> NetlinkRequest {
            let port = address.port == 0 ? nil : address.port
            return RouteMessage.lookup(of: address.address, port: port, trafficClass: trafficClass, entry: entry)
        }
        do throws(SystemError) {
            let found = try socket.values(request(entry: false), "look up a route", RouteMessage.init)
            guard let used = found.first else { throw SystemError("look up a route", errno: ENODATA) }
            // The entry says more, but the decision does not rest on it: kernels before 4.13 do not tell it.
            let entry = try? socket.values(request(entry: true), "look up a route's entry", RouteMessage.init).first
            let route = packetRoute(used, entry: entry ?? nil, to: address)
            return DestinationRoute(name: name, address: address.address, outcome: .route(route))
        } catch {
            let reason = SystemError.reason(error.errno)
            return DestinationRoute(name: name, address: address.address, outcome: .none(reason: reason))
        }
    }

    private func packetRoute(_ used: RouteMessage, entry: RouteMessage?, to address: SocketAddress) -> PacketRoute {
        let index = used.interface ?? entry?.interface ?? 0
        let link = links[index]
        return PacketRoute(
            interface: link?.name ?? "interface \(index)",
            kind: link.map(kind) ?? InterfaceKind(name: "unknown"),
            source: used.preferredSource ?? entry?.preferredSource,
            gateway: used.gateway,
            prefix: entry.map { IPPrefix($0.destination ?? Self.any($0.family), length: Int($0.prefixLength)) },
            table: entry?.table ?? used.table,
            metric: entry?.metric ?? used.metric,
            mtu: (used.mtu ?? entry?.mtu ?? link?.mtu).map(Int.init),
            transform: transform(address, from: used.preferredSource)
        )
    }

    private static func any(_ family: IPAddress.Family) -> IPAddress {
        family == .ipv4 ? IPAddress(ipv4: 0) : IPAddress(ipv6High: 0, low: 0)
    }

    /// The policy of the lowest priority number decides; one without templates lets packets pass as they are.
    private func transform(_ address: SocketAddress, from source: IPAddress?) -> TransformPolicy? {
        let port = address.port == 0 ? nil : address.port
        let caught = (policies ?? []).filter { $0.catches(address.address, port: port, from: source) }
        guard let policy = caught.min(by: { $0.priority < $1.priority }), policy.transforms else { return nil }
        let range = IPPrefix(policy.destination, length: Int(policy.destinationLength))
        return TransformPolicy(destination: range, tunnelEnd: policy.tunnelEnd)
    }

    // MARK: Interfaces

    /// A VLAN upon a tunnel is a tunnel.
    func kind(_ link: LinkMessage) -> InterfaceKind {
        var link = link
        var kind = Self.ownKind(link)
        for _ in 0..<4 where !kind.isTunnel {
            guard link.kind == "vlan" || link.kind == "macvlan", let lower = link.lower.flatMap({ links[$0] }) else {
                break
            }
            link = lower
            let below = Self.ownKind(lower)
            if below.isTunnel || below.name == "wifi" { kind = below }
        }
        return kind
    }

    private static func ownKind(_ link: LinkMessage) -> InterfaceKind {
        InterfaceKind(
            driver: link.kind,
            hardwareType: link.hardwareType,
            isWireless: LinkStatistics(interface: link.name).isWireless
        )
    }

    /// Of all tables, each way of a route that has several by itself.
    var defaultRoutes: [DefaultRoute] {
        routes.filter { $0.isDefault && $0.kind == .unicast }.flatMap { route -> [DefaultRoute] in
            let single = route.interface.map { [RouteMessage.NextHop(interface: $0, gateway: route.gateway)] } ?? []
            return (route.nextHops.isEmpty ? single : route.nextHops).map { hop in
                DefaultRoute(
                    family: route.family,
                    interface: links[hop.interface]?.name ?? "interface \(hop.interface)",
                    kind: links[hop.interface].map(kind) ?? InterfaceKind(name: "unknown"),
                    gateway: hop.gateway,
                    table: route.table,
                    metric: route.metric
                )
            }
        }
    }

    var policyRules: [PolicyRule] {
        rules.filter { !$0.isStandard }.map { rule in
            let selector = rule.conditions.isEmpty ? "from all" : rule.conditions.joined(separator: " ")
            return PolicyRule(
                family: rule.family,
                priority: rule.priority,
                table: rule.table,
                selector: (rule.isInverted ? "not " : "") + selector
            )
        }
    }

    /// The parts of a range that have routes of their own.
    func parts(of range: IPPrefix) -> [IPPrefix] {
        let entries = routes.compactMap { route in
            route.destination.map { IPPrefix($0, length: Int(route.prefixLength)) }
        }
        return Array(Set(entries.filter { range.contains($0) && $0 != range })).sorted { "\($0)" < "\($1)" }
    }

    func subnets(_ index: Int32) -> [IPPrefix] {
        addresses.filter { $0.interface == index && !$0.isLinkLocal }
            .map { IPPrefix($0.address, length: Int($0.prefixLength)) }
    }
}
