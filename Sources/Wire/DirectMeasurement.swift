/// The Direct Measurement TLV (RFC 8972 §4.5): counts of the session's packets, modulo 2³².
public struct DirectMeasurement: TLVBody, Hashable {
    /// S_TxC: packets that the session-sender has transmitted.
    public var senderTransmitted: UInt32
    /// R_RxC: packets that the session-reflector has received. Zero from the session-sender.
    public var reflectorReceived: UInt32
    /// R_TxC: packets that the session-reflector has transmitted. Zero from the session-sender.
    public var reflectorTransmitted: UInt32

    public static let type = TLVType.directMeasurement
    public var length: Int { 12 }

    @inlinable
    public init(senderTransmitted: UInt32, reflectorReceived: UInt32 = 0, reflectorTransmitted: UInt32 = 0) {
        self.senderTransmitted = senderTransmitted
        self.reflectorReceived = reflectorReceived
        self.reflectorTransmitted = reflectorTransmitted
    }

    public init?(reading bytes: Span<UInt8>, at tlv: TLV) {
        guard tlv.holds(exactly: 12, in: bytes) else { return nil }
        senderTransmitted = bytes.bigEndian32(at: tlv.valueOffset)
        reflectorReceived = bytes.bigEndian32(at: tlv.valueOffset + 4)
        reflectorTransmitted = bytes.bigEndian32(at: tlv.valueOffset + 8)
    }

    public func write(into bytes: inout MutableSpan<UInt8>, at valueOffset: Int) {
        bytes.store(senderTransmitted, at: valueOffset)
        bytes.store(reflectorReceived, at: valueOffset + 4)
        bytes.store(reflectorTransmitted, at: valueOffset + 8)
    }
}
