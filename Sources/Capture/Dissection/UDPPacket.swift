import Units

/// What a captured frame says of the UDP packet in it.
public struct UDPPacket: Hashable, Sendable {
    public var source: IPAddress
    public var destination: IPAddress
    public var sourcePort: UInt16
    public var destinationPort: UInt16
    /// The TOS octet of IPv4 or the traffic class of IPv6: DSCP and ECN.
    public var trafficClass: UInt8
    /// The outermost VLAN's number, 0...4095; nil without a tag.
    public var vlan: UInt16?
    /// Octets of the IP packet, header included, as its header says.
    public var ipLength: Int
    /// Where the UDP payload begins in the frame; it may lie past what was captured.
    public var payloadOffset: Int
    /// Octets of UDP payload, as its header says.
    public var payloadLength: Int

    public var dscp: DSCP { DSCP(trafficClass: trafficClass) }
    public var ecn: ECN { ECN(trafficClass: trafficClass) }
}

/// Integers as they stand on the wire, the most significant octet first. Every access is checked against the bounds;
/// the callers have checked the length before, so that no frame can make one fail.
extension Span where Element == UInt8 {
    @inline(__always)
    func word(at offset: Int) -> UInt16 {
        UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inline(__always)
    func doubleWord(at offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    func quadWord(at offset: Int) -> UInt64 {
        UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Whether so many octets stand at `offset`, which is not negative.
    @inline(__always)
    func has(_ length: Int, at offset: Int) -> Bool { count - offset >= length }
}
