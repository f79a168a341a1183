import Units

/// An address of an interface (linux/if_addr.h, `ifaddrmsg`).
public struct InterfaceAddressMessage: Hashable, Sendable {
    public var interface: Int32
    /// The interface's own, where it is one end of a point-to-point link.
    public var address: IPAddress
    public var prefixLength: UInt8
    public var isLinkLocal: Bool

    static let responseType: UInt16 = 20
    private static let requestType: UInt16 = 22
    private static let fixedLength = 8
    private static let peer: UInt16 = 1
    private static let local: UInt16 = 2
    private static let linkScope: UInt8 = 253

    public init(_ message: NetlinkMessage) throws(NetlinkRefusal) {
        try message.expect(Self.responseType)
        let attributes = try message.attributes(after: Self.fixedLength)
        guard let prefix = message.body.octet(at: 1), let scope = message.body.octet(at: 3),
            let index = message.body.host(UInt32.self, at: 4)
        else { throw .truncatedBody }
        guard let address = (attributes[Self.local] ?? attributes[Self.peer])?.address else { throw .missingAttribute }
        interface = Int32(bitPattern: index)
        self.address = address
        prefixLength = prefix
        isLinkLocal = scope == Self.linkScope
    }

    /// All addresses of both families.
    public static func dump() -> NetlinkRequest {
        NetlinkRequest(
            type: requestType,
            flags: NetlinkMessage.Flag.request | NetlinkMessage.Flag.dump,
            fixed: [UInt8](repeating: 0, count: fixedLength)
        )
    }
}
