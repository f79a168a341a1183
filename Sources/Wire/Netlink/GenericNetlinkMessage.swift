/// Generic netlink: protocols by name, whose number the kernel tells (linux/genetlink.h).
public enum GenericNetlink {
    static let headerLength = 4
    /// The one whose number is fixed: it tells those of the others.
    static let controller: UInt16 = 0x10

    private static let getFamily: UInt8 = 3
    private static let newFamily: UInt8 = 1
    private static let familyNumber: UInt16 = 1
    private static let familyName: UInt16 = 2

    /// Asks for the number of the family of this name.
    public static func family(named name: String) -> NetlinkRequest {
        var request = self.request(controller, command: getFamily, version: 1)
        request.append(familyName, name: name)
        return request
    }

    /// The number of a family in the controller's answer.
    public static func family(_ message: NetlinkMessage) throws(NetlinkRefusal) -> UInt16 {
        try message.expect(controller)
        guard message.body.octet(at: 0) == newFamily else { throw .unexpectedType }
        let attributes = try message.attributes(after: headerLength)
        guard let number = attributes[familyNumber]?.host(UInt16.self), number >= NetlinkMessage.Control.lowestOwnType
        else { throw .missingAttribute }
        return number
    }

    static func request(_ family: UInt16, command: UInt8, version: UInt8, dump: Bool = false) -> NetlinkRequest {
        NetlinkRequest(
            type: family,
            flags: NetlinkMessage.Flag.request | (dump ? NetlinkMessage.Flag.dump : 0),
            fixed: [command, version, 0, 0]
        )
    }
}

extension NetlinkMessage {
    /// The attributes of a generic message that carries this command.
    func attributes(command: UInt8) throws(NetlinkRefusal) -> NetlinkAttributes {
        guard let found = body.octet(at: 0) else { throw .truncatedBody }
        guard found == command else { throw .unexpectedType }
        return try attributes(after: GenericNetlink.headerLength)
    }
}

/// What two Ethernet ports agreed on (linux/ethtool_netlink.h, family `ethtool`).
public struct EthernetModeMessage: Hashable, Sendable {
    public enum Duplex: String, Hashable, Sendable {
        case half, full
    }

    /// Mbit/s; nil where the driver does not know, as without a carrier.
    public var speed: UInt32?
    public var duplex: Duplex?
    /// Whether speed and duplex were negotiated; nil where the driver does not say.
    public var isNegotiated: Bool?

    public static let familyName = "ethtool"
    private static let command: UInt8 = 4
    private static let header: UInt16 = 1
    private static let deviceIndex: UInt16 = 1

    private enum Attribute {
        static let autonegotiation: UInt16 = 2
        static let speed: UInt16 = 5
        static let duplex: UInt16 = 6
    }

    public init(_ message: NetlinkMessage) throws(NetlinkRefusal) {
        let attributes = try message.attributes(command: Self.command)
        speed = attributes.word(Attribute.speed).flatMap { $0 == 0 || $0 == .max ? nil : $0 }
        duplex =
            switch attributes[Attribute.duplex]?.octet(at: 0) {
            case 0: .half
            case 1: .full
            default: nil
            }
        isNegotiated = attributes[Attribute.autonegotiation]?.octet(at: 0).map { $0 != 0 }
    }

    public static func get(family: UInt16, index: Int32) -> NetlinkRequest {
        var request = GenericNetlink.request(family, command: command, version: 1)
        var nested = NetlinkRequest(type: 0)
        nested.append(deviceIndex, UInt32(bitPattern: index))
        let isNested: UInt16 = 0x8000
        request.append(header | isNested, nested.body)
        return request
    }
}
