import Units

/// The Class of Service TLV (RFC 8972 §4.4): what marking the reply should leave with, and with what marking the
/// request arrived. `DSCP1(6) DSCP2(6) ECN(2) RP(2) Reserved(16)`.
public struct ClassOfService: TLVBody, Hashable {
    /// DSCP1: what the session-sender wants in the IP header of the reply.
    public var requested: DSCP
    /// DSCP2: what the session-reflector found in the IP header of the request.
    public var received: DSCP
    /// What the session-reflector found in the ECN field of the request.
    public var receivedECN: ECN
    /// RP, two bits. Not zero: the reflector's policy forbids DSCP1, and the reply left with the DSCP received.
    public var reversePath: UInt8
    public var reserved: UInt16

    public static let type = TLVType.classOfService
    public var length: Int { 4 }

    @inlinable
    public init(
        requested: DSCP,
        received: DSCP = .bestEffort,
        receivedECN: ECN = ECN(trafficClass: 0),
        reversePath: UInt8 = 0,
        reserved: UInt16 = 0
    ) {
        self.requested = requested
        self.received = received
        self.receivedECN = receivedECN
        self.reversePath = reversePath
        self.reserved = reserved
    }

    public init?(reading bytes: Span<UInt8>, at tlv: TLV) {
        guard tlv.holds(exactly: 4, in: bytes) else { return nil }
        let word = bytes.bigEndian16(at: tlv.valueOffset)
        requested = DSCP(trafficClass: UInt8(truncatingIfNeeded: word >> 8))
        received = DSCP(trafficClass: UInt8(truncatingIfNeeded: word >> 2))
        receivedECN = ECN(trafficClass: UInt8(truncatingIfNeeded: word >> 2))
        reversePath = UInt8(truncatingIfNeeded: word & 0b11)
        reserved = bytes.bigEndian16(at: tlv.valueOffset + 2)
    }

    public func write(into bytes: inout MutableSpan<UInt8>, at valueOffset: Int) {
        let marking = UInt16(requested.value) << 10 | UInt16(received.value) << 4
        bytes.store(marking | UInt16(receivedECN.value) << 2 | UInt16(reversePath & 0b11), at: valueOffset)
        bytes.store(reserved, at: valueOffset + 2)
    }
}
