import Units

/// The types of attributes that are known here (RFC 8489 §18.3, RFC 8656 §18); any other number is a type too.
public struct StunAttributeType: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let mappedAddress = StunAttributeType(rawValue: 0x0001)
    public static let errorCode = StunAttributeType(rawValue: 0x0009)
    public static let lifetime = StunAttributeType(rawValue: 0x000d)
    public static let realm = StunAttributeType(rawValue: 0x0014)
    public static let nonce = StunAttributeType(rawValue: 0x0015)
    public static let requestedTransport = StunAttributeType(rawValue: 0x0019)
    public static let xorMappedAddress = StunAttributeType(rawValue: 0x0020)
    public static let software = StunAttributeType(rawValue: 0x8022)
    public static let alternateServer = StunAttributeType(rawValue: 0x8023)
    public static let fingerprint = StunAttributeType(rawValue: 0x8028)
}

/// Where one attribute stands in a message (RFC 8489 §14): a view by offsets, no octets copied.
public struct StunAttribute: Hashable, Sendable {
    public var type: StunAttributeType
    public var valueOffset: Int
    /// Octets of the value; up to three octets of padding behind it are not counted.
    public var length: Int

    /// The octets of an attribute's header: type and length.
    public static let headerLength = 4

    /// Where the next attribute's header stands.
    @inlinable
    public var endOffset: Int { valueOffset + (length + 3) & ~3 }
}

/// Walks the attributes of a message whose header has been read.
public struct StunAttributeCursor: Sendable {
    public private(set) var position = StunHeader.length

    public init() {}

    /// Nil at the end of the message.
    public mutating func next(in bytes: Span<UInt8>) throws(StunRefusal) -> StunAttribute? {
        guard position < bytes.count else { return nil }
        guard bytes.count - position >= StunAttribute.headerLength else { throw .attributeOverrun }
        let attribute = StunAttribute(
            type: StunAttributeType(rawValue: bytes.bigEndian16(at: position)),
            valueOffset: position + StunAttribute.headerLength,
            length: Int(bytes.bigEndian16(at: position + 2))
        )
        guard attribute.endOffset <= bytes.count else { throw .attributeOverrun }
        position = attribute.endOffset
        return attribute
    }
}

extension TransportAddress {
    /// Reads MAPPED-ADDRESS, XOR-MAPPED-ADDRESS or ALTERNATE-SERVER (RFC 8489 §14.1, §14.2 and §14.15).
    ///
    /// - Parameter mask: the transaction whose bits, with the magic cookie, the XOR form is masked with.
    init(
        reading bytes: Span<UInt8>,
        at attribute: StunAttribute,
        unmaskedBy mask: StunTransactionID?
    ) throws(StunRefusal) {
        guard attribute.length >= 8 else { throw .malformedAddress }
        let offset = attribute.valueOffset
        let cookie = mask == nil ? 0 : StunCookie.value
        let port = bytes.bigEndian16(at: offset + 2) ^ UInt16(truncatingIfNeeded: cookie >> 16)
        switch (bytes[offset + 1], attribute.length) {
        case (1, 8): self.init(address: IPAddress(ipv4: bytes.bigEndian32(at: offset + 4) ^ cookie), port: port)
        case (2, 20):
            let high = UInt64(cookie) << 32 | UInt64(mask?.high ?? 0)
            self.init(
                address: IPAddress(
                    ipv6High: bytes.bigEndian64(at: offset + 4) ^ high,
                    low: bytes.bigEndian64(at: offset + 12) ^ (mask?.low ?? 0)
                ),
                port: port
            )
        default: throw .malformedAddress
        }
    }
}
