import Units

extension StampKey {
    /// How many octets a key in a file may have: at least the length of the truncated HMAC (RFC 2104 §3 and §5), at most
    /// a block of SHA-256, beyond which a key is only hashed down.
    public static let textLengths = 16...64

    /// Reads a key file: one key as hexadecimal digits, `hex:` before them or not, on a line of its own; empty lines and
    /// lines that begin with `#` do not count.
    ///
    /// - Throws: ``TextRefusal`` that says what is wrong and never shows what the file holds.
    public init(text: String) throws(TextRefusal) {
        let lines = text.split(whereSeparator: \.isNewline).map(Self.trimmed).filter { !$0.isEmpty && $0.first != "#" }
        guard let line = lines.first else { throw TextRefusal("the key file holds no key") }
        guard lines.count == 1 else { throw TextRefusal("the key file holds \(lines.count) keys; one is wanted") }
        let digits = line.hasPrefix("hex:") ? Self.trimmed(line.dropFirst(4)) : line
        let octets = try Self.octets(fromHex: digits)
        guard Self.textLengths.contains(octets.count) else {
            throw TextRefusal("the key has \(octets.count) octets; \(Self.wantedText)")
        }
        self.init(octets)
    }

    private static var wantedText: String {
        "it can have \(textLengths.lowerBound) to \(textLengths.upperBound), as two hexadecimal digits each"
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func octets(fromHex digits: Substring) throws(TextRefusal) -> [UInt8] {
        let values = digits.utf8.map(\.hexDigitValue)
        guard let bad = values.firstIndex(of: nil) else {
            guard values.count.isMultiple(of: 2) else {
                throw TextRefusal("the key has an odd number of hexadecimal digits, \(values.count)")
            }
            let nibbles = values.compactMap { $0 }
            return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
        }
        throw TextRefusal("the key's character \(bad + 1) is not a hexadecimal digit; \(wantedText)")
    }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit.
    fileprivate var hexDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
