/// The flags of a TLV and of a sub-TLV (RFC 8972 §4).
public struct TLVFlags: OptionSet, Hashable, Sendable {
    public var rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// U. A session-sender sets it in every TLV; a session-reflector clears it where it understands the type. So a
    /// reflector that knows no TLVs and echoes them leaves it set.
    public static let unrecognized = TLVFlags(rawValue: 0x80)
    /// M. The length cannot be, for that type or in that packet.
    public static let malformed = TLVFlags(rawValue: 0x40)
    /// I. The HMAC TLV did not verify.
    public static let integrityFailed = TLVFlags(rawValue: 0x20)
}

/// The types of TLVs that are known here (IANA "STAMP TLV Types"); any other number is a type too.
public struct TLVType: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Never sent; what zeroed octets read as.
    public static let reserved = TLVType(rawValue: 0)
    public static let extraPadding = TLVType(rawValue: 1)
    public static let location = TLVType(rawValue: 2)
    public static let timestampInformation = TLVType(rawValue: 3)
    public static let classOfService = TLVType(rawValue: 4)
    public static let directMeasurement = TLVType(rawValue: 5)
    public static let accessReport = TLVType(rawValue: 6)
    public static let followUpTelemetry = TLVType(rawValue: 7)
    public static let hmac = TLVType(rawValue: 8)
}

/// Where one TLV stands in a packet, and what its header says (RFC 8972 §4): a view by offsets, no octets copied.
public struct TLV: Hashable, Sendable {
    public var flags: TLVFlags
    public var type: TLVType
    public var headerOffset: Int
    /// The octets of the value, as the header has it.
    public var length: Int
    /// The value, as the header has it, runs past the end of what holds it: malformed, and the last TLV.
    public var isTruncated: Bool

    /// The octets of a header: flags, type, and the length in two octets.
    public static let headerLength = 4

    @inlinable
    public init(flags: TLVFlags, type: TLVType, headerOffset: Int, length: Int, isTruncated: Bool = false) {
        self.flags = flags
        self.type = type
        self.headerOffset = headerOffset
        self.length = length
        self.isTruncated = isTruncated
    }

    @inlinable
    public var valueOffset: Int { headerOffset + Self.headerLength }
    /// Where the next header stands, unless this TLV is truncated.
    @inlinable
    public var endOffset: Int { valueOffset + length }

    /// Whether the value is all there and has exactly `length` octets.
    @inlinable
    func holds(exactly length: Int, in bytes: Span<UInt8>) -> Bool { self.length == length && isWhole(in: bytes) }

    @inlinable
    func isWhole(in bytes: Span<UInt8>) -> Bool {
        !isTruncated && headerOffset >= 0 && length >= 0 && endOffset <= bytes.count
    }

    /// Same type, place and length, whatever the flags: a session-reflector changes none of the three.
    @inlinable
    func isLaidOut(like other: TLV) -> Bool {
        type == other.type && headerOffset == other.headerOffset && length == other.length
            && isTruncated == other.isTruncated
    }
}

/// Walks the TLVs of a packet, or the sub-TLVs of a TLV. Ends where fewer than four octets are left, after a
/// truncated TLV, and after ``maximumCount``.
public struct TLVCursor: Sendable {
    /// The most TLVs read in one walk. A packet of empty ones could hold sixteen thousand; what is past this many is
    /// treated as octets without meaning.
    public static let maximumCount = 64

    /// Where the next header would stand.
    public private(set) var position: Int
    private let end: Int
    private var remaining = Self.maximumCount

    /// - Parameters:
    ///   - start: The offset of the first header.
    ///   - end: The offset after the last octet of what holds the TLVs.
    public init(from start: Int, to end: Int) {
        position = max(0, start)
        self.end = end
    }

    public mutating func next(in bytes: Span<UInt8>) -> TLV? {
        let end = min(end, bytes.count)
        guard remaining > 0, position <= end, end - position >= TLV.headerLength else { return nil }
        remaining -= 1
        var tlv = TLV(
            flags: TLVFlags(rawValue: bytes[position]),
            type: TLVType(rawValue: bytes[position + 1]),
            headerOffset: position,
            length: Int(bytes.bigEndian16(at: position + 2))
        )
        tlv.isTruncated = tlv.endOffset > end
        position = min(tlv.endOffset, end)
        if tlv.isTruncated { remaining = 0 }
        return tlv
    }
}
