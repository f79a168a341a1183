import Wire

/// The same readers for arrays: a span cannot stand inside an expectation.
extension SessionSenderPacket {
    init(parsing octets: [UInt8], mode: StampMode) throws(StampRefusal) {
        try self.init(parsing: octets.span, mode: mode)
    }
}

extension SessionReflectorPacket {
    init(parsing octets: [UInt8], mode: StampMode) throws(StampRefusal) {
        try self.init(parsing: octets.span, mode: mode)
    }

    static func isReply(_ octets: [UInt8], mode: StampMode) -> Bool { isReply(octets.span, mode: mode) }
}

extension TLVBody {
    init?(reading octets: [UInt8], at tlv: TLV) { self.init(reading: octets.span, at: tlv) }
}

extension TLVCursor {
    mutating func next(in octets: [UInt8]) -> TLV? { next(in: octets.span) }
}

extension TLVProtection {
    init(of octets: [UInt8], mode: StampMode) { self.init(of: octets.span, mode: mode) }
}

extension StampKey {
    func verifiesBase(_ octets: [UInt8]) -> Bool { verifiesBase(octets.span) }
    func verifiesProtection(of octets: [UInt8], mode: StampMode) -> Bool {
        verifiesProtection(of: octets.span, mode: mode)
    }
}

extension ReplyTelemetry {
    init(reading reply: [UInt8], request: [UInt8], mode: StampMode, key: StampKey?) {
        self.init(reading: reply.span, request: request.span, mode: mode, key: key)
    }
}
