/// A SHA-256 digest: of a token, which is kept nowhere else, or of a certificate (DER), as its fingerprint.
///
/// Tokens are 256 random bits, so that their digest needs no salt and no slow function.
public struct SecretDigest: Hashable, Sendable, CustomStringConvertible {
    /// 32 octets.
    public let octets: [UInt8]

    /// Nil for anything but 32 octets.
    public init?(octets: some Sequence<UInt8>) {
        self.octets = Array(octets)
        guard self.octets.count == 32 else { return nil }
    }

    /// Reads 64 hexadecimal digits, with colons between octets or without, as certificate tools print them.
    public init?(hexadecimal text: String) {
        let digits = text.utf8.filter { $0 != UInt8(ascii: ":") }
        guard digits.count == 64 else { return nil }
        var octets: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.digit(digits[index]), let low = Self.digit(digits[index + 1]) else { return nil }
            octets.append(high << 4 | low)
        }
        self.init(octets: octets)
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// 64 hexadecimal digits in lower case.
    public var description: String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
