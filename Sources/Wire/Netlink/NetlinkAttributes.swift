/// Attributes one after the other (linux/netlink.h, `nlattr`): a message's, or those nested in another.
public struct NetlinkAttributes: Sendable {
    public struct Attribute: Sendable {
        /// Without the flags for "nested" and "network byte order".
        public var type: UInt16
        public var value: ArraySlice<UInt8>
    }

    public private(set) var all: [Attribute] = []

    private static let headerLength = 4
    private static let typeMask: UInt16 = 0x3fff

    /// - Throws: ``NetlinkRefusal/impossibleAttribute``. Fewer octets at the end than a header has are padding.
    public init(_ octets: ArraySlice<UInt8>) throws(NetlinkRefusal) {
        var rest = octets
        while let length = rest.host(UInt16.self).map(Int.init), let type = rest.host(UInt16.self, at: 2) {
            guard length >= Self.headerLength, length <= rest.count else { throw .impossibleAttribute }
            let value = rest.prefix(length).dropFirst(Self.headerLength)
            all.append(Attribute(type: type & Self.typeMask, value: value))
            rest = rest.dropFirst(length.paddedToFour)
        }
    }

    /// The first of a type.
    public subscript(type: UInt16) -> ArraySlice<UInt8>? { all.first { $0.type == type }?.value }

    /// The attributes nested in the first of a type; nil where there is none.
    public func nested(_ type: UInt16) throws(NetlinkRefusal) -> NetlinkAttributes? {
        guard let value = self[type] else { return nil }
        return try NetlinkAttributes(value)
    }

    func word(_ type: UInt16) -> UInt32? { self[type]?.host(UInt32.self) }
}

extension NetlinkMessage {
    /// The attributes behind the fixed part of the body.
    func attributes(after fixed: Int) throws(NetlinkRefusal) -> NetlinkAttributes {
        guard body.count >= fixed else { throw .truncatedBody }
        return try NetlinkAttributes(body.dropFirst(fixed.paddedToFour))
    }

    func expect(_ type: UInt16) throws(NetlinkRefusal) {
        guard self.type == type else { throw .unexpectedType }
    }
}
