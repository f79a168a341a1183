import Units

/// One address of a ``Location``.
public enum LocationDatum: Hashable, Sendable {
    /// No sub-TLV for it.
    case absent
    /// The session-sender asks: a generic sub-TLV of zeros.
    case requested
    /// The session-reflector has answered, with the sub-TLV of the address's own kind.
    case known(IPAddress)

    @inlinable
    public var address: IPAddress? {
        if case .known(let address) = self { address } else { nil }
    }
}

/// The Location TLV (RFC 8972 §4.2): the addresses and ports that the session-reflector saw on the request, and so what
/// network address translation made of them. The ports are zero from a session-sender.
public struct Location: TLVBody, Hashable {
    public var destinationPort: UInt16
    /// After translation, if there is any.
    public var sourcePort: UInt16
    public var destination: LocationDatum
    public var source: LocationDatum

    public static let type = TLVType.location
    public var length: Int { 4 + Self.subTLVLength(of: destination) + Self.subTLVLength(of: source) }
    /// What a session-sender transmits to ask for the source address and both ports.
    public static let sourceRequest = Location(
        destinationPort: 0,
        sourcePort: 0,
        destination: .absent,
        source: .requested
    )

    @inlinable
    public init(destinationPort: UInt16, sourcePort: UInt16, destination: LocationDatum, source: LocationDatum) {
        self.destinationPort = destinationPort
        self.sourcePort = sourcePort
        self.destination = destination
        self.source = source
    }

    /// Sub-TLVs of other types are passed over. A sub-TLV that overruns the TLV, or an address of a wrong length,
    /// makes all of it malformed.
    public init?(reading bytes: Span<UInt8>, at tlv: TLV) {
        guard tlv.length >= 4, tlv.isWhole(in: bytes) else { return nil }
        self.init(
            destinationPort: bytes.bigEndian16(at: tlv.valueOffset),
            sourcePort: bytes.bigEndian16(at: tlv.valueOffset + 2),
            destination: .absent,
            source: .absent
        )
        var cursor = Self.subTLVs(of: tlv)
        while let subTLV = cursor.next(in: bytes) {
            guard subTLV.isWhole(in: bytes), let datum = Self.datum(reading: bytes, at: subTLV) else { return nil }
            switch subTLV.type {
            case .destinationIP, .destinationIPv4, .destinationIPv6: destination = datum
            case .sourceIP, .sourceIPv4, .sourceIPv6: source = datum
            default: continue
            }
        }
    }

    /// The sub-TLVs, which have the same header as a TLV.
    public static func subTLVs(of tlv: TLV) -> TLVCursor {
        TLVCursor(from: tlv.valueOffset + 4, to: tlv.isTruncated ? 0 : tlv.endOffset)
    }

    public func write(into bytes: inout MutableSpan<UInt8>, at valueOffset: Int) {
        bytes.store(destinationPort, at: valueOffset)
        bytes.store(sourcePort, at: valueOffset + 2)
        let next = Self.write(destination, as: .destinationIP, into: &bytes, at: valueOffset + 4)
        _ = Self.write(source, as: .sourceIP, into: &bytes, at: next)
    }

    /// Answers a request where it stands, as a session-reflector: fills in the ports, turns the generic address
    /// sub-TLVs into those of the address's kind, clears U in them, and sets it in all others.
    ///
    /// - Parameter destination: an address of nil is not told: behind a translator it is nobody else's business.
    /// - Returns: False where the TLV is malformed; then nothing was written.
    public static func answer(
        in bytes: inout MutableSpan<UInt8>,
        at tlv: TLV,
        destination: (address: IPAddress?, port: UInt16),
        source: (address: IPAddress, port: UInt16)
    ) -> Bool {
        guard Location(reading: bytes.span, at: tlv) != nil else { return false }
        bytes.store(destination.port, at: tlv.valueOffset)
        bytes.store(source.port, at: tlv.valueOffset + 2)
        var cursor = subTLVs(of: tlv)
        while let subTLV = cursor.next(in: bytes.span) {
            if subTLV.type == .destinationIP, let address = destination.address {
                write(address, as: .destinationIP, into: &bytes, at: subTLV.headerOffset)
            } else if subTLV.type == .sourceIP {
                write(source.address, as: .sourceIP, into: &bytes, at: subTLV.headerOffset)
            } else {
                bytes.setFlags(.unrecognized, of: subTLV)
            }
        }
        return true
    }
}

/// The types of Location sub-TLVs (RFC 8972 §4.2.1): the IPv4 type follows the generic one, and the IPv6 type that.
extension TLVType {
    static let destinationIP = TLVType(rawValue: 4)
    static let destinationIPv4 = TLVType(rawValue: 5)
    static let destinationIPv6 = TLVType(rawValue: 6)
    static let sourceIP = TLVType(rawValue: 7)
    static let sourceIPv4 = TLVType(rawValue: 8)
    static let sourceIPv6 = TLVType(rawValue: 9)
}

extension Location {
    private static let addressLength = 16

    private static func subTLVLength(of datum: LocationDatum) -> Int {
        datum == .absent ? 0 : TLV.headerLength + addressLength
    }

    /// Nil for an address sub-TLV of a wrong length; `.absent` for what is no address.
    private static func datum(reading bytes: Span<UInt8>, at subTLV: TLV) -> LocationDatum? {
        guard (TLVType.destinationIP.rawValue...TLVType.sourceIPv6.rawValue).contains(subTLV.type.rawValue) else {
            return .absent
        }
        guard subTLV.length == addressLength else { return nil }
        switch subTLV.type {
        case .destinationIPv4, .sourceIPv4:
            return .known(IPAddress(ipv4: bytes.bigEndian32(at: subTLV.valueOffset)))
        case .destinationIPv6, .sourceIPv6:
            let (high, low) = (subTLV.valueOffset, subTLV.valueOffset + 8)
            return .known(IPAddress(ipv6High: bytes.bigEndian64(at: high), low: bytes.bigEndian64(at: low)))
        default: return .requested
        }
    }

    /// - Returns: The offset after the sub-TLV.
    private static func write(
        _ datum: LocationDatum,
        as generic: TLVType,
        into bytes: inout MutableSpan<UInt8>,
        at offset: Int
    ) -> Int {
        switch datum {
        case .absent:
            return offset
        case .requested:
            let subTLV = bytes.writeTLVHeader(generic, length: addressLength, at: offset)
            bytes.store(UInt128(0), at: subTLV.valueOffset)
        case .known(let address):
            write(address, as: generic, into: &bytes, at: offset)
        }
        return offset + subTLVLength(of: datum)
    }

    private static func write(
        _ address: IPAddress,
        as generic: TLVType,
        into bytes: inout MutableSpan<UInt8>,
        at offset: Int
    ) {
        let (kind, value): (UInt8, UInt128) =
            switch address.family {
            case .ipv4: (1, UInt128(address.low) << 96)
            case .ipv6: (2, UInt128(address.high) << 64 | UInt128(address.low))
            }
        let type = TLVType(rawValue: generic.rawValue + kind)
        let subTLV = bytes.writeTLVHeader(type, length: addressLength, at: offset, flags: [])
        bytes.store(value, at: subTLV.valueOffset)
    }
}
