/// An IPv4 or IPv6 address, without a scope.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    public enum Family: UInt8, Hashable, Sendable {
        case ipv4 = 4
        case ipv6 = 6
    }

    public let family: Family
    /// The first 64 bits of an IPv6 address; 0 for IPv4.
    public let high: UInt64
    /// The last 64 bits of an IPv6 address; the whole of an IPv4 address in its low 32 bits.
    public let low: UInt64

    @inlinable
    public init(ipv4 bits: UInt32) {
        family = .ipv4
        high = 0
        low = UInt64(bits)
    }

    @inlinable
    public init(ipv6High high: UInt64, low: UInt64) {
        family = .ipv6
        self.high = high
        self.low = low
    }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        switch family {
        case .ipv4: low >> 24 == 127
        case .ipv6: high == 0 && low == 1
        }
    }

    /// 224.0.0.0/4 and 255.255.255.255, or ff00::/8.
    public var isMulticastOrBroadcast: Bool {
        switch family {
        case .ipv4: low >> 28 == 0xe || low == 0xffff_ffff
        case .ipv6: high >> 56 == 0xff
        }
    }

    /// 0.0.0.0 or ::.
    public var isUnspecified: Bool { high == 0 && low == 0 }

    public var description: String {
        switch family {
        case .ipv4: Self.dotted(low)
        // IPv4-mapped: ::ffff:0:0/96, which RFC 5952 §5 writes with the IPv4 address in it.
        case .ipv6 where high == 0 && low >> 32 == 0xffff: "::ffff:\(Self.dotted(low))"
        case .ipv6: Self.text(groups: Self.groups(high) + Self.groups(low))
        }
    }

    private static func dotted(_ bits: UInt64) -> String {
        "\(bits >> 24 & 0xff).\(bits >> 16 & 0xff).\(bits >> 8 & 0xff).\(bits & 0xff)"
    }

    private static func groups(_ half: UInt64) -> [UInt64] {
        [half >> 48 & 0xffff, half >> 32 & 0xffff, half >> 16 & 0xffff, half & 0xffff]
    }

    /// The canonical text of RFC 5952: lower case, the longest run of two or more zero groups as `::`.
    private static func text(groups: [UInt64]) -> String {
        var best = 0..<0
        var start: Int?
        for index in 0...8 {
            if index < 8, groups[index] == 0 {
                start = start ?? index
            } else if let from = start {
                if index - from > max(1, best.count) { best = from..<index }
                start = nil
            }
        }
        let hex = groups.map { String($0, radix: 16) }
        guard !best.isEmpty else { return hex.joined(separator: ":") }
        return hex[..<best.lowerBound].joined(separator: ":") + "::" + hex[best.upperBound...].joined(separator: ":")
    }
}
