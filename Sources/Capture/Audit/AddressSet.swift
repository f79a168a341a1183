import Units

/// Ranges of addresses, prepared so that it takes little to tell whether an address is within any.
struct AddressSet: Sendable {
    private struct Range: Sendable {
        var high: UInt64
        var low: UInt64
        var highMask: UInt64
        var lowMask: UInt64

        init(_ prefix: IPPrefix) {
            // An IPv4 address is the last 32 of 128 bits.
            let bits = prefix.address.family == .ipv4 ? 96 + prefix.length : prefix.length
            highMask = bits >= 64 ? .max : ~(.max >> UInt64(bits))
            lowMask = bits <= 64 ? 0 : bits >= 128 ? .max : ~(.max >> UInt64(bits - 64))
            (high, low) = (prefix.address.high, prefix.address.low)
        }
    }

    private let ipv4: [Range]
    private let ipv6: [Range]

    init(_ prefixes: [IPPrefix]) {
        ipv4 = prefixes.filter { $0.address.family == .ipv4 }.map(Range.init)
        ipv6 = prefixes.filter { $0.address.family == .ipv6 }.map(Range.init)
    }

    @inline(__always)
    func contains(_ address: IPAddress) -> Bool {
        for range in address.family == .ipv4 ? ipv4 : ipv6
        where address.high & range.highMask == range.high && address.low & range.lowMask == range.low {
            return true
        }
        return false
    }
}
