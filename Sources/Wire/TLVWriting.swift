/// The value of one type of TLV.
public protocol TLVBody: Sendable {
    static var type: TLVType { get }
    /// The octets of the value.
    var length: Int { get }
    /// Nil where the length is invalid for the type, or the value is not all there: a malformed TLV.
    init?(reading bytes: Span<UInt8>, at tlv: TLV)
    /// Writes the value, and not the header before it.
    func write(into bytes: inout MutableSpan<UInt8>, at valueOffset: Int)
}

extension MutableSpan where Element == UInt8 {
    /// Writes a header at `offset`.
    ///
    /// - Parameter flags: A session-sender sets U in every TLV (RFC 8972 §4), so that is the default.
    /// - Returns: The TLV, whose value is still to be written.
    @discardableResult
    public mutating func writeTLVHeader(
        _ type: TLVType,
        length: Int,
        at offset: Int,
        flags: TLVFlags = .unrecognized
    ) -> TLV {
        precondition((0...Int(UInt16.max)).contains(length), "a TLV's value has at most 65535 octets")
        self[offset] = flags.rawValue
        self[offset + 1] = type.rawValue
        store(UInt16(length), at: offset + 2)
        return TLV(flags: flags, type: type, headerOffset: offset, length: length)
    }

    /// Writes a whole TLV at `offset`.
    ///
    /// - Returns: The offset after it.
    @inlinable
    @discardableResult
    public mutating func writeTLV<Body: TLVBody>(
        _ body: Body,
        at offset: Int,
        flags: TLVFlags = .unrecognized
    ) -> Int {
        let tlv = writeTLVHeader(Body.type, length: body.length, at: offset, flags: flags)
        body.write(into: &self, at: tlv.valueOffset)
        return tlv.endOffset
    }

    /// Writes an Extra Padding TLV (RFC 8972 §4.1) whose value has `length` pseudorandom octets, so that nothing on
    /// the path can compress it.
    ///
    /// - Returns: The offset after it.
    @inlinable
    @discardableResult
    public mutating func writeExtraPadding<Generator: RandomNumberGenerator>(
        length: Int,
        at offset: Int,
        using generator: inout Generator
    ) -> Int {
        let tlv = writeTLVHeader(.extraPadding, length: length, at: offset)
        for position in tlv.valueOffset..<tlv.endOffset {
            self[position] = UInt8.random(in: .min ... .max, using: &generator)
        }
        return tlv.endOffset
    }

    /// Replaces the flags of a TLV that stands in the packet, as a session-reflector does.
    @inlinable
    public mutating func setFlags(_ flags: TLVFlags, of tlv: TLV) { self[tlv.headerOffset] = flags.rawValue }
}
