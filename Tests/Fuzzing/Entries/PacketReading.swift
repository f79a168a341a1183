import Wire

/// All TLVs of a packet, as one walk finds them.
func tlvs(in packet: Span<UInt8>, from start: Int) -> [TLV] {
    var cursor = TLVCursor(from: start, to: packet.count)
    var found: [TLV] = []
    while let tlv = cursor.next(in: packet) { found.append(tlv) }
    return found
}

extension TLV {
    /// The octets of the value that are there.
    func value(in packet: [UInt8]) -> ArraySlice<UInt8> {
        packet[min(valueOffset, packet.count)..<min(endOffset, packet.count)]
    }
}

extension StampKey {
    /// Makes both HMACs right again after somebody changed the packet, as far as there is room for them.
    func reseal(_ packet: inout [UInt8], mode: StampMode) {
        let protection = TLVProtection(of: packet.span, mode: mode)
        var span = packet.mutableSpan
        if mode == .authenticated, span.count >= mode.baseLength { sealBase(&span) }
        if case .hmac(let tlv) = protection { sealTLVs(in: &span, mode: mode, hmacAt: tlv) }
    }
}
