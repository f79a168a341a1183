/// A range of addresses by their common first bits: `52.112.0.0/14`.
public struct IPPrefix: Hashable, Sendable, CustomStringConvertible {
    /// The first address of the range.
    public let address: IPAddress
    /// How many bits are common; within 0...32 or 0...128.
    public let length: Int

    /// Bits past the length are cleared, a length out of range is brought into it.
    public init(_ address: IPAddress, length: Int) {
        let length = min(max(0, length), address.family.bits)
        self.length = length
        switch address.family {
        case .ipv4:
            self.address = IPAddress(ipv4: UInt32(truncatingIfNeeded: address.low & Self.mask(32 + length)))
        case .ipv6:
            self.address = IPAddress(
                ipv6High: address.high & Self.mask(length),
                low: address.low & Self.mask(length - 64)
            )
        }
    }

    /// The first `bits` of 64 set; none where negative, all where more.
    private static func mask(_ bits: Int) -> UInt64 {
        bits <= 0 ? 0 : bits >= 64 ? .max : ~(.max >> UInt64(bits))
    }

    /// - Throws: ``TextRefusal``. Without a length, the text is one address.
    public init(_ text: String) throws(TextRefusal) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddressText.parse(parts[0]) else {
            throw TextRefusal("'\(text)' is not a range of addresses, as in 52.112.0.0/14 or 2603:1063::/38")
        }
        let bits = address.family.bits
        guard parts.count == 2 else {
            self.init(address, length: bits)
            return
        }
        let digits = parts[1]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(digits),
            length <= bits
        else { throw TextRefusal("'\(text)': the length '\(digits)' must be within 0-\(bits)") }
        self.init(address, length: length)
        guard self.address == address else {
            throw TextRefusal("'\(text)': bits are set past the length; the range would be \(self)")
        }
    }

    public func contains(_ other: IPAddress) -> Bool {
        other.family == address.family && IPPrefix(other, length: length).address == address
    }

    public func contains(_ other: IPPrefix) -> Bool { other.length >= length && contains(other.address) }

    public var description: String { "\(address)/\(length)" }
}

extension IPAddress.Family {
    /// How many an address has.
    public var bits: Int { self == .ipv4 ? 32 : 128 }
}

/// Addresses as people write them: four decimal numbers, or the forms of RFC 4291 §2.2.
enum IPAddressText {
    static func parse(_ text: Substring) -> IPAddress? {
        text.utf8.contains(UInt8(ascii: ":")) ? ipv6(text) : ipv4(text).map { IPAddress(ipv4: $0) }
    }

    private static func ipv4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            // A leading zero means octal to some, so it means nothing here.
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 48, let value = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(value)
        }
        return bits
    }

    private static func ipv6(_ text: Substring) -> IPAddress? {
        guard let gap = text.firstRange(of: "::") else {
            return groups(text).flatMap { $0.count == 8 ? address($0) : nil }
        }
        let (before, after) = (text[..<gap.lowerBound], text[gap.upperBound...])
        guard let head = before.isEmpty ? [] : groups(before, mayEndInIPv4: false),
            let tail = after.isEmpty ? [] : groups(after), head.count + tail.count < 8
        else { return nil }
        return address(head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func groups(_ text: Substring, mayEndInIPv4: Bool = true) -> [UInt16]? {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var end: [UInt16] = []
        if mayEndInIPv4, let last = parts.last, let bits = ipv4(last) {
            end = [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
            parts.removeLast()
        }
        var found: [UInt16] = []
        for part in parts {
            guard (1...4).contains(part.utf8.count), part.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                let value = UInt16(part, radix: 16)
            else { return nil }
            found.append(value)
        }
        return found + end
    }

    private static func address(_ groups: [UInt16]) -> IPAddress {
        let halves = [groups[..<4], groups[4...]].map { $0.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
        return IPAddress(ipv6High: halves[0], low: halves[1])
    }
}
