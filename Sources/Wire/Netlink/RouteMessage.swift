import Units

/// A route as the kernel tells it (linux/rtnetlink.h, `rtmsg`): an entry of a table, or the answer to the question
/// which way packets to an address take.
public struct RouteMessage: Hashable, Sendable {
    public enum Kind: UInt8, Hashable, Sendable {
        case unicast = 1
        /// To this host itself.
        case local = 2
        case broadcast = 3
        case anycast = 4
        case multicast = 5
        case blackhole = 6
        case unreachable = 7
        case prohibit = 8
        case `throw` = 9
    }

    /// One of several ways that share a route.
    public struct NextHop: Hashable, Sendable {
        public var interface: Int32
        public var gateway: IPAddress?

        public init(interface: Int32, gateway: IPAddress?) {
            self.interface = interface
            self.gateway = gateway
        }
    }

    public var family: IPAddress.Family
    /// Nil for a kind that is not known here.
    public var kind: Kind?
    /// The entry's destination, or the address asked for; nil is everything of the family.
    public var destination: IPAddress?
    public var prefixLength: UInt8
    public var table: UInt32
    /// Index of the interface that packets leave by.
    public var interface: Int32?
    public var gateway: IPAddress?
    /// The source that packets get which have none yet.
    public var preferredSource: IPAddress?
    /// The lower wins. Absent is 0 for IPv4.
    public var metric: UInt32?
    /// Octets of an IP packet, where the route or what the kernel learned of the path says it; else the interface's.
    public var mtu: UInt32?
    /// Where packets go by several ways.
    public var nextHops: [NextHop]

    static let responseType: UInt16 = 24
    static let requestType: UInt16 = 26
    private static let fixedLength = 12

    private enum Attribute {
        static let destination: UInt16 = 1
        static let source: UInt16 = 2
        static let outputInterface: UInt16 = 4
        static let gateway: UInt16 = 5
        static let priority: UInt16 = 6
        static let preferredSource: UInt16 = 7
        static let metrics: UInt16 = 8
        static let multipath: UInt16 = 9
        static let table: UInt16 = 15
        static let mark: UInt16 = 16
        static let via: UInt16 = 18
        static let protocolNumber: UInt16 = 27
        static let sourcePort: UInt16 = 28
        static let destinationPort: UInt16 = 29
        /// Nested in ``metrics``.
        static let mtu: UInt16 = 2
    }

    public init(_ message: NetlinkMessage) throws(NetlinkRefusal) {
        try message.expect(Self.responseType)
        let attributes = try message.attributes(after: Self.fixedLength)
        guard let number = message.body.octet(at: 0), let prefix = message.body.octet(at: 1),
            let table = message.body.octet(at: 4), let kind = message.body.octet(at: 7)
        else { throw .truncatedBody }
        family = try IPAddress.Family(netlink: number)
        self.kind = Kind(rawValue: kind)
        destination = attributes[Attribute.destination]?.address
        prefixLength = prefix
        self.table = attributes.word(Attribute.table) ?? UInt32(table)
        interface = attributes.word(Attribute.outputInterface).map(Int32.init(bitPattern:))
        gateway = Self.gateway(attributes)
        preferredSource = attributes[Attribute.preferredSource]?.address
        metric = attributes.word(Attribute.priority)
        mtu = try attributes.nested(Attribute.metrics)?.word(Attribute.mtu).flatMap { $0 == 0 ? nil : $0 }
        nextHops = try attributes[Attribute.multipath].map(Self.nextHops) ?? []
    }

    /// The gateway may be of the other family (RFC 5549), and then stands elsewhere.
    private static func gateway(_ attributes: NetlinkAttributes) -> IPAddress? {
        attributes[Attribute.gateway]?.address ?? attributes[Attribute.via]?.dropFirst(2).address
    }

    /// `rtnexthop`: length (2), flags, hops, interface (4), attributes.
    private static func nextHops(_ octets: ArraySlice<UInt8>) throws(NetlinkRefusal) -> [NextHop] {
        var rest = octets
        var found: [NextHop] = []
        while let length = rest.host(UInt16.self).map(Int.init), let interface = rest.host(UInt32.self, at: 4) {
            guard length >= 8, length <= rest.count else { throw .impossibleAttribute }
            let attributes = try NetlinkAttributes(rest.prefix(length).dropFirst(8))
            found.append(NextHop(interface: Int32(bitPattern: interface), gateway: gateway(attributes)))
            rest = rest.dropFirst(length.paddedToFour)
        }
        return found
    }

    /// Whether it is for everything that no other route is for.
    public var isDefault: Bool { prefixLength == 0 }

    // MARK: Requests

    /// Which way a UDP packet takes: the kernel's own decision, its policy rules included.
    ///
    /// - Parameters:
    ///   - trafficClass: the whole octet, DSCP and ECN.
    ///   - source: where packets come from, for a socket that is bound; nil lets the route decide.
    ///   - interface: the index of the one that the socket is bound to, or that its address belongs to.
    ///   - entry: tells the entry of the table that decided, rather than what became of it.
    public static func lookup(
        of address: IPAddress,
        port: UInt16?,
        from source: (address: IPAddress, port: UInt16)? = nil,
        interface: UInt32? = nil,
        trafficClass: UInt8,
        mark: UInt32? = nil,
        entry: Bool
    ) -> NetlinkRequest {
        let lookupTable: UInt32 = 0x1000
        let fibMatch: UInt32 = 0x2000
        let bits: UInt8 = address.family == .ipv4 ? 32 : 128
        var fixed: [UInt8] = [address.family.netlink, bits, source == nil ? 0 : bits, trafficClass, 0, 0, 0, 0]
        fixed.append(host: entry ? lookupTable | fibMatch : lookupTable)
        var request = NetlinkRequest(type: requestType, fixed: fixed)
        request.append(Attribute.destination, address: address)
        if let source { request.append(Attribute.source, address: source.address) }
        if let interface { request.append(Attribute.outputInterface, interface) }
        if let mark { request.append(Attribute.mark, mark) }
        request.append(Attribute.protocolNumber, UInt8(17))
        if let source { request.append(Attribute.sourcePort, source.port.bigEndian) }
        if let port { request.append(Attribute.destinationPort, port.bigEndian) }
        return request
    }

    /// All routes of all tables of a family.
    public static func dump(_ family: IPAddress.Family) -> NetlinkRequest {
        NetlinkRequest(
            type: requestType,
            flags: NetlinkMessage.Flag.request | NetlinkMessage.Flag.dump,
            fixed: [family.netlink] + [UInt8](repeating: 0, count: fixedLength - 1)
        )
    }
}

extension IPAddress.Family {
    /// AF_INET and AF_INET6.
    init(netlink number: UInt8) throws(NetlinkRefusal) {
        switch number {
        case 2: self = .ipv4
        case 10: self = .ipv6
        default: throw .unknownFamily
        }
    }

    var netlink: UInt8 { self == .ipv4 ? 2 : 10 }
}
