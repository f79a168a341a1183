/// One entry of an MPLS label stack (RFC 3032 §2.1), as a router had it when it reported an error (RFC 4950).
public struct MPLSLabel: Hashable, Sendable {
    /// 20 bits.
    public var label: UInt32
    /// Three bits: the packet's class within the MPLS network (RFC 5462).
    public var trafficClass: UInt8
    public var timeToLive: UInt8

    /// From the 32 bits as they stand on the wire; the bit that marks the bottom of the stack is left out.
    public init(entry: UInt32) {
        label = entry >> 12
        trafficClass = UInt8(truncatingIfNeeded: entry >> 9 & 0b111)
        timeToLive = UInt8(truncatingIfNeeded: entry)
    }
}
