import Units

/// The Internet checksum (RFC 1071): the complement of the ones' complement sum of 16-bit words, an odd octet at the
/// end padded with zero.
public struct InternetChecksum: Hashable, Sendable {
    private var sum: UInt64 = 0

    public init() {}

    /// Adds octets that begin at an even place of what is summed.
    public mutating func add(_ octets: Span<UInt8>) {
        var offset = 0
        while offset + 1 < octets.count {
            sum &+= UInt64(octets.bigEndian16(at: offset))
            offset += 2
        }
        if offset < octets.count { sum &+= UInt64(octets[offset]) << 8 }
    }

    public mutating func add(_ word: UInt16) { sum &+= UInt64(word) }

    mutating func add(_ address: IPAddress) {
        for half in address.family == .ipv4 ? [address.low] : [address.high, address.low] {
            for shift in [48, 32, 16, 0] { add(UInt16(truncatingIfNeeded: half >> UInt64(shift))) }
        }
    }

    /// Zero over octets that hold their own right checksum.
    public var value: UInt16 {
        var folded = sum
        while folded > 0xffff { folded = (folded & 0xffff) &+ (folded >> 16) }
        return ~UInt16(truncatingIfNeeded: folded)
    }

    /// What the UDP header of a datagram carries (RFC 768, RFC 8200 §8.1); never zero, which would mean "none".
    public static func udp(
        _ payload: Span<UInt8>,
        from source: IPAddress,
        port sourcePort: UInt16,
        to destination: IPAddress,
        port destinationPort: UInt16
    ) -> UInt16 {
        var checksum = InternetChecksum()
        let length = UInt16(truncatingIfNeeded: payload.count &+ 8)
        checksum.add(source)
        checksum.add(destination)
        // The protocol number and the length of the pseudo-header, then the header itself.
        for word in [17, length, sourcePort, destinationPort, length] { checksum.add(word) }
        checksum.add(payload)
        return checksum.value == 0 ? 0xffff : checksum.value
    }
}
