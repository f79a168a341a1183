/// A response to a STUN or TURN request: as much of it as a measurement needs.
///
/// A response with attributes that must be understood and are not known here is taken all the same: it answers, whatever
/// dialect of TURN it speaks. (RFC 8489 §6.3.3 has a client that wants to use the response discard it.)
public struct StunResponse: Hashable, Sendable {
    public var method: StunMethod
    public var transaction: StunTransactionID
    /// ERROR-CODE (RFC 8489 §14.8), 300 to 699; nil for a success.
    public var errorCode: UInt16?
    /// XOR-MAPPED-ADDRESS, or MAPPED-ADDRESS where only that is there: where the server saw the request come from.
    public var mappedAddress: TransportAddress?
    /// ALTERNATE-SERVER (RFC 8489 §14.15): whom to ask instead.
    public var alternateServer: TransportAddress?

    /// Reads a whole response. Of an attribute that stands twice only the first counts (RFC 8489 §14). That the
    /// transaction is one of ours is for the caller to check.
    public init(parsing bytes: Span<UInt8>) throws(StunRefusal) {
        let header = try StunHeader(parsing: bytes)
        guard header.messageClass == .success || header.messageClass == .error else { throw .notAResponse }
        method = header.method
        transaction = header.transaction
        var plainMapping: TransportAddress?
        var cursor = StunAttributeCursor()
        while let attribute = try cursor.next(in: bytes) {
            switch attribute.type {
            case .xorMappedAddress where mappedAddress == nil:
                mappedAddress = try TransportAddress(reading: bytes, at: attribute, unmaskedBy: transaction)
            case .mappedAddress where plainMapping == nil:
                plainMapping = try TransportAddress(reading: bytes, at: attribute, unmaskedBy: nil)
            case .alternateServer where alternateServer == nil:
                alternateServer = try TransportAddress(reading: bytes, at: attribute, unmaskedBy: nil)
            case .errorCode where errorCode == nil: errorCode = try Self.errorCode(reading: bytes, at: attribute)
            case .fingerprint: try Self.check(attribute, in: bytes)
            default: break
            }
        }
        mappedAddress = mappedAddress ?? plainMapping
        guard header.messageClass == .success || errorCode != nil else { throw .malformedErrorCode }
        if header.messageClass == .success { errorCode = nil }
    }

    /// Class 3 to 6 in three bits, number 0 to 99 in an octet.
    private static func errorCode(
        reading bytes: Span<UInt8>,
        at attribute: StunAttribute
    ) throws(StunRefusal) -> UInt16 {
        guard attribute.length >= 4 else { throw .malformedErrorCode }
        let hundreds = UInt16(bytes[attribute.valueOffset + 2] & 7)
        let number = UInt16(bytes[attribute.valueOffset + 3])
        guard (3...6).contains(hundreds), number < 100 else { throw .malformedErrorCode }
        return hundreds * 100 + number
    }

    private static func check(_ fingerprint: StunAttribute, in bytes: Span<UInt8>) throws(StunRefusal) {
        guard fingerprint.length == 4, fingerprint.endOffset == bytes.count else { throw .wrongFingerprint }
        let expected = StunFingerprint.value(of: bytes, before: fingerprint.valueOffset - StunAttribute.headerLength)
        guard bytes.bigEndian32(at: fingerprint.valueOffset) == expected else { throw .wrongFingerprint }
    }
}

/// What a server says of itself in a response, for people: read once, after a run.
public struct StunServerIdentity: Hashable, Sendable {
    /// SOFTWARE (RFC 8489 §14.14).
    public var software: String?
    /// REALM (RFC 8489 §14.9): whose credentials a server would want.
    public var realm: String?
    /// A NONCE (RFC 8489 §14.10) came: the server is ready to authenticate.
    public var hasNonce = false

    /// The longest text that is taken, in octets: fewer than 128 characters are allowed, of up to six octets each.
    private static let longestText = 763

    public init(reading bytes: Span<UInt8>) throws(StunRefusal) {
        _ = try StunHeader(parsing: bytes)
        var cursor = StunAttributeCursor()
        while let attribute = try cursor.next(in: bytes) {
            switch attribute.type {
            case .software where software == nil: software = Self.text(reading: bytes, at: attribute)
            case .realm where realm == nil: realm = Self.text(reading: bytes, at: attribute)
            case .nonce: hasNonce = true
            default: break
            }
        }
    }

    /// Without characters that would control a terminal; nil when nothing is left.
    private static func text(reading bytes: Span<UInt8>, at attribute: StunAttribute) -> String? {
        let length = min(attribute.length, longestText)
        var octets: [UInt8] = []
        octets.reserveCapacity(length)
        for offset in attribute.valueOffset..<(attribute.valueOffset + length) { octets.append(bytes[offset]) }
        let scalars = String(decoding: octets, as: UTF8.self).unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: false
            default: !scalar.properties.isBidiControl
            }
        }
        return scalars.isEmpty ? nil : String(String.UnicodeScalarView(scalars))
    }
}
