import Units

/// An IPsec policy (linux/xfrm.h, `xfrm_userpolicy_info`): packets that it catches leave encrypted, by another way than
/// their route says.
public struct TransformPolicyMessage: Hashable, Sendable {
    public enum Direction: UInt8, Hashable, Sendable {
        case inbound = 0
        case outbound = 1
        case forwarded = 2
    }

    public var direction: Direction?
    public var family: IPAddress.Family
    public var source: IPAddress
    public var sourceLength: UInt8
    public var destination: IPAddress
    public var destinationLength: UInt8
    /// The IP protocol; nil is any.
    public var protocolNumber: UInt8?
    /// Destination ports that it catches; nil is any, or a mask that is no single port.
    public var destinationPort: UInt16?
    /// The lower wins.
    public var priority: UInt32
    public var isBlocking: Bool
    /// The other end of the tunnel; nil for a policy that only lets packets pass or encrypts them in place.
    public var tunnelEnd: IPAddress?
    /// Encrypts in place or in a tunnel.
    public var transforms: Bool
    /// It speaks only of what is routed to the `xfrm` interface of this number; nil is any.
    public var interfaceID: UInt32?
    /// It speaks only of packets whose mark is this under the mask; nil is any.
    public var mark: Mark?

    public struct Mark: Hashable, Sendable {
        public var value: UInt32
        public var mask: UInt32
    }

    static let responseType: UInt16 = 0x13
    private static let requestType: UInt16 = 0x15
    private static let fixedLength = 168

    /// Offsets into the fixed part: the selector, then lifetimes of 96 octets, then the rest.
    private enum Offset {
        static let destination = 0
        static let source = 16
        static let destinationPort = 32
        static let destinationPortMask = 34
        static let family = 40
        static let destinationLength = 42
        static let sourceLength = 43
        static let protocolNumber = 44
        static let priority = 152
        static let direction = 160
        static let action = 161
    }

    public init(_ message: NetlinkMessage) throws(NetlinkRefusal) {
        try message.expect(Self.responseType)
        let body = message.body
        let attributes = try message.attributes(after: Self.fixedLength)
        guard let number = body.host(UInt16.self, at: Offset.family),
            let port = body.network(UInt16.self, at: Offset.destinationPort),
            let portMask = body.network(UInt16.self, at: Offset.destinationPortMask),
            let destinationLength = body.octet(at: Offset.destinationLength),
            let sourceLength = body.octet(at: Offset.sourceLength),
            let transport = body.octet(at: Offset.protocolNumber),
            let priority = body.host(UInt32.self, at: Offset.priority),
            let direction = body.octet(at: Offset.direction), let action = body.octet(at: Offset.action)
        else { throw .truncatedBody }
        family = try IPAddress.Family(netlink: UInt8(truncatingIfNeeded: number))
        guard let source = body.address(family, at: Offset.source),
            let destination = body.address(family, at: Offset.destination)
        else { throw .truncatedBody }
        (self.source, self.sourceLength) = (source, sourceLength)
        (self.destination, self.destinationLength) = (destination, destinationLength)
        protocolNumber = transport == 0 ? nil : transport
        destinationPort = portMask == .max ? port : nil
        self.priority = priority
        self.direction = Direction(rawValue: direction)
        isBlocking = action != 0
        (tunnelEnd, transforms) = try Self.template(attributes)
        let (markType, interfaceType): (UInt16, UInt16) = (21, 31)
        interfaceID = attributes.word(interfaceType).flatMap { $0 == 0 ? nil : $0 }
        if let value = attributes.word(markType), let mask = attributes[markType]?.host(UInt32.self, at: 4) {
            mark = Mark(value: value, mask: mask)
        }
    }

    /// `xfrm_user_tmpl`: the identity (24), family (2), source at 28, mode at 48; 64 octets each.
    private static func template(_ attributes: NetlinkAttributes) throws(NetlinkRefusal) -> (IPAddress?, Bool) {
        let templates: UInt16 = 5
        guard let first = attributes[templates], !first.isEmpty else { return (nil, false) }
        guard let number = first.host(UInt16.self, at: 24), let mode = first.octet(at: 48) else {
            throw .impossibleAttribute
        }
        let tunnel: UInt8 = 1
        let family = try IPAddress.Family(netlink: UInt8(truncatingIfNeeded: number))
        return (mode == tunnel ? first.address(family, at: 0) : nil, true)
    }

    public static func dump() -> NetlinkRequest {
        NetlinkRequest(type: requestType, flags: NetlinkMessage.Flag.request | NetlinkMessage.Flag.dump)
    }

    /// Whether packets of UDP without a mark, from `source` to `address` and `port`, that leave by an interface of no
    /// tunnel, are ones that it speaks of.
    public func catches(_ address: IPAddress, port: UInt16?, from source: IPAddress?) -> Bool {
        guard direction == .outbound, protocolNumber == nil || protocolNumber == 17 else { return false }
        if interfaceID != nil { return false }
        if let mark, mark.value & mark.mask != 0 { return false }
        if let destinationPort, let port, destinationPort != port { return false }
        return IPPrefix(destination, length: Int(destinationLength)).contains(address)
            && (source.map { IPPrefix(self.source, length: Int(sourceLength)).contains($0) } ?? true)
    }
}
