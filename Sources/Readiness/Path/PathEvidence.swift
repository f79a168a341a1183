import Units

/// An IPsec policy that catches packets whatever their route says.
public struct TransformPolicy: Hashable, Sendable {
    public var destination: IPPrefix
    /// The other end of the tunnel; nil where packets are encrypted in place.
    public var tunnelEnd: IPAddress?

    public init(destination: IPPrefix, tunnelEnd: IPAddress?) {
        self.destination = destination
        self.tunnelEnd = tunnelEnd
    }
}

/// The way that packets to one address leave this host, by the kernel's own decision.
public struct PacketRoute: Hashable, Sendable {
    public var interface: String
    public var kind: InterfaceKind
    public var source: IPAddress?
    /// Nil where the address is on the link.
    public var gateway: IPAddress?
    /// The entry of the routing table that decided.
    public var prefix: IPPrefix?
    public var table: UInt32
    public var metric: UInt32?
    /// The largest IP packet, octets: the path's where the kernel has learned it, else the interface's.
    public var mtu: Int?
    public var transform: TransformPolicy?

    public init(
        interface: String,
        kind: InterfaceKind,
        source: IPAddress?,
        gateway: IPAddress?,
        prefix: IPPrefix?,
        table: UInt32,
        metric: UInt32?,
        mtu: Int?,
        transform: TransformPolicy? = nil
    ) {
        self.interface = interface
        self.kind = kind
        self.source = source
        self.gateway = gateway
        self.prefix = prefix
        self.table = table
        self.metric = metric
        self.mtu = mtu
        self.transform = transform
    }

    /// A tunnel's name for people; nil where packets leave as they are.
    public var tunnel: String? {
        if kind.isTunnel { return "\(interface) (\(kind.name))" }
        // What is encrypted in place goes the same way as what is not.
        return transform?.tunnelEnd.map { "an IPsec tunnel to \($0)" }
    }
}

/// Where something leads to and which way.
public struct DestinationRoute: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        case route(PacketRoute)
        /// There is none: the kernel's reason.
        case none(reason: String)
    }

    /// An endpoint as the user wrote it, or a range.
    public var name: String
    public var address: IPAddress
    public var outcome: Outcome

    public init(name: String, address: IPAddress, outcome: Outcome) {
        self.name = name
        self.address = address
        self.outcome = outcome
    }

    public var route: PacketRoute? {
        guard case .route(let route) = outcome else { return nil }
        return route
    }
}

/// A route for everything that has no route of its own.
public struct DefaultRoute: Hashable, Sendable {
    public var family: IPAddress.Family
    public var interface: String
    public var kind: InterfaceKind
    public var gateway: IPAddress?
    public var table: UInt32
    public var metric: UInt32?

    public init(
        family: IPAddress.Family,
        interface: String,
        kind: InterfaceKind,
        gateway: IPAddress?,
        table: UInt32,
        metric: UInt32?
    ) {
        self.family = family
        self.interface = interface
        self.kind = kind
        self.gateway = gateway
        self.table = table
        self.metric = metric
    }

    /// `via 10.0.0.1 dev eth0`, as `ip route` takes it.
    public var way: String { (gateway.map { "via \($0) " } ?? "") + "dev \(interface)" }
}

/// A rule that asks another routing table than the usual ones, or asks them for some packets only.
public struct PolicyRule: Hashable, Sendable {
    public var family: IPAddress.Family
    public var priority: UInt32
    public var table: UInt32
    /// `from 10.0.0.0/8 dscp 46`, or `from all`.
    public var selector: String

    public init(family: IPAddress.Family, priority: UInt32, table: UInt32, selector: String) {
        self.family = family
        self.priority = priority
        self.table = table
        self.selector = selector
    }

    public var text: String { "\(priority): \(selector) lookup \(table)" }
}

/// A proxy that the environment names. The user and password that it may hold are never kept.
public struct ProxySetting: Hashable, Sendable {
    /// `https_proxy`.
    public var variable: String
    /// `http://proxy.example.net:3128`.
    public var address: String

    public init(variable: String, address: String) {
        self.variable = variable
        self.address = address
    }

    /// Of an environment: the variables that programs heed, in either case.
    public static func settings(in environment: [String: String]) -> [ProxySetting] {
        let names: Set<String> = ["http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy"]
        return environment.filter { names.contains($0.key.lowercased()) && !$0.value.isEmpty }
            .map { ProxySetting(variable: $0.key, address: withoutCredentials($0.value)) }
            .sorted { $0.variable < $1.variable }
    }

    /// Everything between the scheme and the last `@` before the path, which is where a password can be.
    static func withoutCredentials(_ address: String) -> String {
        let start = address.firstRange(of: "://")?.upperBound ?? address.startIndex
        guard let at = address[start...].lastIndex(of: "@") else { return address }
        return String(address[..<start] + address[address.index(after: at)...])
    }
}

/// What a switch said of itself by LLDP.
public struct SwitchNeighbour: Hashable, Sendable {
    public var interface: String
    public var name: String?
    public var chassis: String
    public var port: String
    public var portDescription: String?
    public var vlan: UInt16?

    public init(
        interface: String,
        name: String?,
        chassis: String,
        port: String,
        portDescription: String?,
        vlan: UInt16?
    ) {
        self.interface = interface
        self.name = name
        self.chassis = chassis
        self.port = port
        self.portDescription = portDescription
        self.vlan = vlan
    }
}

/// Something that could not be read, and why.
public struct UnreadFact: Hashable, Sendable {
    /// `wifi`, `lldp`, `ipsec`.
    public var fact: String
    public var reason: String

    public init(fact: String, reason: String) {
        self.fact = fact
        self.reason = reason
    }
}

/// How media leaves this host.
public struct PathEvidence: Hashable, Sendable {
    /// Of each endpoint that was measured.
    public var routes: [DestinationRoute]
    /// Nil where nobody looked.
    public var ranges: RangesEvidence?
    public var defaultRoutes: [DefaultRoute]
    /// Those that every host has are left out.
    public var rules: [PolicyRule]
    public var proxies: [ProxySetting]
    /// The interfaces that the routes leave by.
    public var links: [LinkEvidence]
    public var wireless: [WirelessEvidence]
    public var neighbours: [SwitchNeighbour]
    public var unread: [UnreadFact]

    public init(
        routes: [DestinationRoute] = [],
        ranges: RangesEvidence? = nil,
        defaultRoutes: [DefaultRoute] = [],
        rules: [PolicyRule] = [],
        proxies: [ProxySetting] = [],
        links: [LinkEvidence] = [],
        wireless: [WirelessEvidence] = [],
        neighbours: [SwitchNeighbour] = [],
        unread: [UnreadFact] = []
    ) {
        self.routes = routes
        self.ranges = ranges
        self.defaultRoutes = defaultRoutes
        self.rules = rules
        self.proxies = proxies
        self.links = links
        self.wireless = wireless
        self.neighbours = neighbours
        self.unread = unread
    }
}
