import Units

/// Integers, texts and addresses in a netlink attribute. All give nil, where the octets are too few, instead of trapping.
extension ArraySlice<UInt8> {
    /// An integer in this host's byte order, as netlink has them where nothing else is said.
    func host<Value: FixedWidthInteger & UnsignedInteger>(_ type: Value.Type, at offset: Int = 0) -> Value? {
        network(type, at: offset).map { Value(bigEndian: $0) }
    }

    /// An integer with its most significant octet first.
    func network<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type, at offset: Int = 0) -> Value? {
        let size = Value.bitWidth / 8
        guard offset >= 0, offset <= count, count - offset >= size else { return nil }
        let start = startIndex + offset
        return self[start..<start + size].reduce(0) { $0 << 8 | Value($1) }
    }

    func octet(at offset: Int) -> UInt8? { offset >= 0 && offset < count ? self[startIndex + offset] : nil }

    /// Up to the first NUL. Octets that are not UTF-8 become U+FFFD, control characters are left out: names end up on
    /// terminals.
    var name: String { prefix { $0 != 0 }.printable }

    var printable: String {
        String(String.UnicodeScalarView(String(decoding: self, as: UTF8.self).unicodeScalars.filter(\.isPrintable)))
    }

    /// An address of either family, told by its length.
    var address: IPAddress? {
        switch count {
        case 4: network(UInt32.self).map { IPAddress(ipv4: $0) }
        case 16: address(.ipv6, at: 0)
        default: nil
        }
    }

    /// An address at the front of a field that has room for either family.
    func address(_ family: IPAddress.Family, at offset: Int) -> IPAddress? {
        switch family {
        case .ipv4: return network(UInt32.self, at: offset).map { IPAddress(ipv4: $0) }
        case .ipv6:
            guard let high = network(UInt64.self, at: offset), let low = network(UInt64.self, at: offset + 8) else {
                return nil
            }
            return IPAddress(ipv6High: high, low: low)
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned: false
        default: true
        }
    }
}

extension [UInt8] {
    /// In this host's byte order.
    mutating func append(host value: some FixedWidthInteger & UnsignedInteger) {
        let value = value.bigEndian
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func append(network value: some FixedWidthInteger & UnsignedInteger) { append(host: value.bigEndian) }

    /// The octets of an address, without padding.
    mutating func append(_ address: IPAddress) {
        if address.family == .ipv6 { append(network: address.high) }
        if address.family == .ipv6 {
            append(network: address.low)
        } else {
            append(network: UInt32(truncatingIfNeeded: address.low))
        }
    }
}

/// A hardware address, as people write it.
public struct HardwareAddress: Hashable, Sendable, CustomStringConvertible {
    public let octets: [UInt8]

    /// Nil when empty, longer than any link has, or nothing but zeros, as the loopback interface has.
    public init?(_ octets: some Collection<UInt8>) {
        guard (1...32).contains(octets.count), octets.contains(where: { $0 != 0 }) else { return nil }
        self.octets = Array(octets)
    }

    /// `52:54:00:12:34:56`.
    public var description: String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
