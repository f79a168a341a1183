import Crypto

/// A key of authenticated mode: HMAC-SHA-256 truncated to its first 16 octets (RFC 8762 §4.4, RFC 8972 §4.8). Never
/// printed.
public struct StampKey: Sendable {
    /// The HMAC as the key alone has left it. Every packet's starts from a copy, which spares deriving the two padded
    /// keys anew.
    private let keyed: HMAC<SHA256>

    public init(_ bytes: [UInt8]) { keyed = HMAC(key: SymmetricKey(data: bytes)) }

    /// Fills in the HMAC of a base packet in authenticated mode: octets 96 to 111, over octets 0 to 95.
    public func sealBase(_ packet: inout MutableSpan<UInt8>) {
        precondition(packet.count >= StampMode.authenticated.baseLength, "the buffer is shorter than the base packet")
        let tag = baseTag(packet.span)
        packet.store(tag.rawValue, at: Self.baseTagOffset)
    }

    /// Whether the HMAC of a base packet in authenticated mode is this key's; compared in constant time.
    public func verifiesBase(_ packet: Span<UInt8>) -> Bool {
        guard packet.count >= StampMode.authenticated.baseLength else { return false }
        return baseTag(packet) == AuthenticationTag(reading: packet, at: Self.baseTagOffset)
    }

    /// Fills in the value of the HMAC TLV at `tlv` (RFC 8972 §4.8). It covers the packet's sequence number and all TLVs
    /// before it as they then stand, so everything else is written first.
    ///
    /// - Returns: False where `tlv` cannot be an HMAC TLV of this packet; then nothing was written.
    @discardableResult
    public func sealTLVs(in packet: inout MutableSpan<UInt8>, mode: StampMode, hmacAt tlv: TLV) -> Bool {
        guard Self.canHoldTag(tlv, in: packet.span, mode) else { return false }
        let tag = tlvTag(in: packet.span, mode: mode, hmacAt: tlv)
        packet.store(tag.rawValue, at: tlv.valueOffset)
        return true
    }

    /// Whether the HMAC TLV at `tlv` is this key's; compared in constant time.
    public func verifiesTLVs(in packet: Span<UInt8>, mode: StampMode, hmacAt tlv: TLV) -> Bool {
        guard Self.canHoldTag(tlv, in: packet, mode) else { return false }
        return tlvTag(in: packet, mode: mode, hmacAt: tlv) == AuthenticationTag(reading: packet, at: tlv.valueOffset)
    }

    private static func canHoldTag(_ tlv: TLV, in packet: Span<UInt8>, _ mode: StampMode) -> Bool {
        tlv.headerOffset >= mode.baseLength && tlv.holds(exactly: AuthenticationTag.length, in: packet)
    }

    /// Whether a packet's TLVs are protected as its mode demands, and the protection, where there is any, is this
    /// key's.
    public func verifiesProtection(of packet: Span<UInt8>, mode: StampMode) -> Bool {
        switch TLVProtection(of: packet, mode: mode) {
        case .notNeeded: true
        case .missing: mode == .unauthenticated
        case .misplaced: false
        case .hmac(let tlv): verifiesTLVs(in: packet, mode: mode, hmacAt: tlv)
        }
    }

    private static let baseTagOffset = 96

    private func baseTag(_ packet: Span<UInt8>) -> AuthenticationTag { tag(of: packet, 0..<Self.baseTagOffset) }

    private func tlvTag(in packet: Span<UInt8>, mode: StampMode, hmacAt tlv: TLV) -> AuthenticationTag {
        tag(of: packet, 0..<Self.sequenceLength, mode.baseLength..<tlv.headerOffset)
    }

    private static let sequenceLength = 4

    /// The HMAC of one range of octets, and another behind it, handed over to the library in one piece.
    private func tag(of packet: Span<UInt8>, _ first: Range<Int>, _ second: Range<Int> = 0..<0) -> AuthenticationTag {
        let covered = [UInt8](capacity: first.count + second.count) { octets in
            for offset in first { octets.append(packet[offset]) }
            for offset in second { octets.append(packet[offset]) }
        }
        var hmac = keyed
        hmac.update(data: covered)
        return AuthenticationTag(hmac.finalize())
    }
}

extension StampKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "StampKey(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The first 128 bits of an HMAC-SHA-256.
struct AuthenticationTag {
    static let length = 16
    let rawValue: UInt128

    init(reading packet: Span<UInt8>, at offset: Int) { rawValue = packet.bigEndian128(at: offset) }

    init(_ code: HMAC<SHA256>.MAC) {
        rawValue = code.prefix(Self.length).reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// In constant time: all bits are looked at, wherever the first difference is.
    static func == (left: Self, right: Self) -> Bool { left.rawValue ^ right.rawValue == 0 }
}
