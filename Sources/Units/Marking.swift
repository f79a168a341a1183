/// A Differentiated Services Code Point (RFC 2474): the upper six bits of the IPv4 TOS or IPv6 traffic class octet.
public struct DSCP: Hashable, Comparable, BitwiseCopyable, Sendable {
    public let value: UInt8

    /// Nil above 63.
    @inlinable
    public init?(_ value: Int) {
        guard (0...63).contains(value) else { return nil }
        self.value = UInt8(value)
    }

    /// From a whole TOS or traffic class octet; the ECN bits are left out.
    @inlinable
    public init(trafficClass: UInt8) { value = trafficClass >> 2 }

    @inlinable
    init(unchecked value: UInt8) { self.value = value }

    public static let bestEffort = DSCP(unchecked: 0)
    /// Expedited Forwarding (RFC 3246), 46: what Teams voice is marked with.
    public static let expeditedForwarding = DSCP(unchecked: 46)

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// Explicit Congestion Notification (RFC 3168): the lower two bits of the TOS or traffic class octet.
public struct ECN: Hashable, Sendable {
    public let value: UInt8

    @inlinable
    public init(trafficClass: UInt8) { value = trafficClass & 0b11 }
}
