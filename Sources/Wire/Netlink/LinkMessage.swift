/// A network interface as the kernel tells it (linux/if_link.h, `ifinfomsg`).
public struct LinkMessage: Hashable, Sendable {
    /// RFC 2863 §3.1.14, as the kernel numbers it.
    public enum OperationalState: UInt8, Hashable, Sendable {
        /// Many drivers, and all tunnels of the kind tun, say no more.
        case unknown = 0
        case notPresent = 1
        case down = 2
        case lowerLayerDown = 3
        case testing = 4
        case dormant = 5
        case up = 6
    }

    public var index: Int32
    public var name: String
    /// The kind of device, as its driver calls it: `tun`, `wireguard`, `vlan`; nil for hardware.
    public var kind: String?
    /// ARPHRD: what its packets are.
    public var hardwareType: UInt16
    public var address: HardwareAddress?
    public var isUp: Bool
    public var isLoopback: Bool
    /// Octets of an IP packet.
    public var mtu: UInt32?
    public var state: OperationalState?
    /// Index of the bridge or bond that it belongs to.
    public var master: Int32?
    /// Index of the interface that it stands upon (vlan, macvlan), in this namespace or, as with veth, in another.
    public var lower: Int32?
    public var counters: LinkCounters?

    static let responseType: UInt16 = 16
    private static let requestType: UInt16 = 18
    private static let fixedLength = 16

    private enum Attribute {
        static let address: UInt16 = 1
        static let name: UInt16 = 3
        static let mtu: UInt16 = 4
        static let lower: UInt16 = 5
        static let master: UInt16 = 10
        static let state: UInt16 = 16
        static let information: UInt16 = 18
        static let counters: UInt16 = 23
        /// The lower interface is in another namespace.
        static let lowerNamespace: UInt16 = 37
        /// Nested in ``information``.
        static let kind: UInt16 = 1
    }

    public init(_ message: NetlinkMessage) throws(NetlinkRefusal) {
        try message.expect(Self.responseType)
        let attributes = try message.attributes(after: Self.fixedLength)
        guard let type = message.body.host(UInt16.self, at: 2), let index = message.body.host(UInt32.self, at: 4),
            let flags = message.body.host(UInt32.self, at: 8)
        else { throw .truncatedBody }
        guard let name = attributes[Attribute.name]?.name, !name.isEmpty else { throw .missingAttribute }
        self.index = Int32(bitPattern: index)
        self.name = name
        hardwareType = type
        kind = try attributes.nested(Attribute.information)?[Attribute.kind]?.name
        address = attributes[Attribute.address].flatMap { HardwareAddress($0) }
        isUp = flags & 1 != 0
        isLoopback = flags & 8 != 0
        mtu = attributes.word(Attribute.mtu)
        state = attributes[Attribute.state]?.octet(at: 0).flatMap(OperationalState.init(rawValue:))
        master = attributes.word(Attribute.master).map(Int32.init(bitPattern:))
        lower =
            attributes[Attribute.lowerNamespace] == nil
            ? attributes.word(Attribute.lower).map(Int32.init(bitPattern:)) : nil
        counters = attributes[Attribute.counters].flatMap(LinkCounters.init)
    }

    public static func dump() -> NetlinkRequest {
        NetlinkRequest(
            type: requestType,
            flags: NetlinkMessage.Flag.request | NetlinkMessage.Flag.dump,
            fixed: [UInt8](repeating: 0, count: fixedLength)
        )
    }

    public static func get(index: Int32) -> NetlinkRequest {
        var fixed: [UInt8] = [0, 0, 0, 0]
        fixed.append(host: UInt32(bitPattern: index))
        fixed += [UInt8](repeating: 0, count: 8)
        return NetlinkRequest(type: requestType, fixed: fixed)
    }
}

/// Counters of an interface since it came to be (`rtnl_link_stats64`).
public struct LinkCounters: Hashable, Sendable {
    public var receivedPackets: UInt64
    public var sentPackets: UInt64
    public var receiveErrors: UInt64
    public var transmitErrors: UInt64
    public var receiveDrops: UInt64
    public var transmitDrops: UInt64
    public var collisions: UInt64
    /// Of the receive errors, those whose checksum was wrong: a cable, or a duplex mismatch.
    public var checksumErrors: UInt64

    public init(
        receivedPackets: UInt64 = 0,
        sentPackets: UInt64 = 0,
        receiveErrors: UInt64 = 0,
        transmitErrors: UInt64 = 0,
        receiveDrops: UInt64 = 0,
        transmitDrops: UInt64 = 0,
        collisions: UInt64 = 0,
        checksumErrors: UInt64 = 0
    ) {
        self.receivedPackets = receivedPackets
        self.sentPackets = sentPackets
        self.receiveErrors = receiveErrors
        self.transmitErrors = transmitErrors
        self.receiveDrops = receiveDrops
        self.transmitDrops = transmitDrops
        self.collisions = collisions
        self.checksumErrors = checksumErrors
    }

    /// Nil when the counters are not all there.
    init?(_ octets: ArraySlice<UInt8>) {
        func counter(_ place: Int) -> UInt64? { octets.host(UInt64.self, at: place * 8) }
        guard let received = counter(0), let sent = counter(1), let receiveErrors = counter(4),
            let transmitErrors = counter(5), let receiveDrops = counter(6), let transmitDrops = counter(7),
            let collisions = counter(9), let checksumErrors = counter(12)
        else { return nil }
        self.init(
            receivedPackets: received,
            sentPackets: sent,
            receiveErrors: receiveErrors,
            transmitErrors: transmitErrors,
            receiveDrops: receiveDrops,
            transmitDrops: transmitDrops,
            collisions: collisions,
            checksumErrors: checksumErrors
        )
    }

    /// What was added since `earlier`; 0 where a driver began again.
    public func since(_ earlier: LinkCounters) -> LinkCounters {
        func grown(_ counter: KeyPath<LinkCounters, UInt64>) -> UInt64 {
            let (now, before) = (self[keyPath: counter], earlier[keyPath: counter])
            return now < before ? 0 : now - before
        }
        return LinkCounters(
            receivedPackets: grown(\.receivedPackets),
            sentPackets: grown(\.sentPackets),
            receiveErrors: grown(\.receiveErrors),
            transmitErrors: grown(\.transmitErrors),
            receiveDrops: grown(\.receiveDrops),
            transmitDrops: grown(\.transmitDrops),
            collisions: grown(\.collisions),
            checksumErrors: grown(\.checksumErrors)
        )
    }
}
