/// Texts made safe to stand in a page, between tags and in quoted attributes alike.
enum Escaping {
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { replacement($0) != nil }) else { return text }
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count + 32)
        for scalar in text.unicodeScalars {
            if let replacement = replacement(scalar) {
                escaped += replacement
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Nil for what may stand as it is.
    private static func replacement(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        case "'": "&#39;"
        case "\t", "\n", " "..."~": nil
        default: isHarmful(scalar) ? "\u{fffd}" : nil
        }
    }

    /// Controls and noncharacters have no place in HTML; the explicit marks of direction could make a name read as
    /// another one.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f...0x9f, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfdd0...0xfdef: true
        default: scalar.value & 0xfffe == 0xfffe
        }
    }
}
