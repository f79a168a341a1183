/// Whether a packet's TLVs have an HMAC TLV where it must stand (RFC 8972 §4.8): once, after all others, with only Extra
/// Padding behind it.
public enum TLVProtection: Hashable, Sendable {
    /// There are no TLVs, or none but Extra Padding.
    case notNeeded
    /// There are TLVs and no HMAC TLV: an error in authenticated mode.
    case missing
    /// There are two, or another TLV stands behind it, or its length is wrong.
    case misplaced
    case hmac(TLV)

    public init(of packet: Span<UInt8>, mode: StampMode) {
        var hmac: TLV?
        var onlyPadding = true
        var cursor = TLVCursor(from: mode.baseLength, to: packet.count)
        while let tlv = cursor.next(in: packet) {
            if tlv.type == .extraPadding { continue }
            onlyPadding = false
            let isUsable = tlv.type != .hmac || tlv.holds(exactly: AuthenticationTag.length, in: packet)
            guard hmac == nil, isUsable else {
                self = .misplaced
                return
            }
            if tlv.type == .hmac { hmac = tlv }
        }
        self = hmac.map(Self.hmac) ?? (onlyPadding ? .notNeeded : .missing)
    }
}
