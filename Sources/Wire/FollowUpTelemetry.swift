/// The Follow-Up Telemetry TLV (RFC 8972 §4.7): when the session's previous reply truly left the session-reflector,
/// which its T3 could only foretell. All zero from a session-sender, from a stateless reflector, and in the first
/// reply.
public struct FollowUpTelemetry: TLVBody, Hashable {
    /// The reflector's sequence number of the previous reply.
    public var sequence: UInt32
    /// When that reply left, in the format of the reflector's error estimate.
    public var timestamp: StampTimestamp
    public var method: TimestampMethod

    public static let type = TLVType.followUpTelemetry
    public var length: Int { 16 }
    /// What a session-sender transmits, and a reflector that has no previous reply.
    public static let none = FollowUpTelemetry(
        sequence: 0,
        timestamp: StampTimestamp(rawValue: 0),
        method: .unspecified
    )

    @inlinable
    public init(sequence: UInt32, timestamp: StampTimestamp, method: TimestampMethod) {
        self.sequence = sequence
        self.timestamp = timestamp
        self.method = method
    }

    public init?(reading bytes: Span<UInt8>, at tlv: TLV) {
        guard tlv.holds(exactly: 16, in: bytes) else { return nil }
        sequence = bytes.bigEndian32(at: tlv.valueOffset)
        timestamp = StampTimestamp(rawValue: bytes.bigEndian64(at: tlv.valueOffset + 4))
        method = TimestampMethod(rawValue: bytes[tlv.valueOffset + 12])
    }

    public func write(into bytes: inout MutableSpan<UInt8>, at valueOffset: Int) {
        bytes.store(sequence, at: valueOffset)
        bytes.store(timestamp.rawValue, at: valueOffset + 4)
        bytes.store(UInt32(method.rawValue) << 24, at: valueOffset + 12)
    }
}
