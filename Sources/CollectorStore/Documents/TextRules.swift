/// Text of documents on its way into columns: what one database keeps and another refuses is made the same first.
enum TextRules {
    /// Of a name of something: an agent, an endpoint, a code.
    static let longestName = 256

    /// Without U+0000, which PostgreSQL does not keep, and cut off after so many octets.
    static func storable(_ text: String, upTo octets: Int = longestName) -> String {
        guard text.utf8.count > octets || text.utf8.contains(0) else { return text }
        var kept = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars {
            let scalar = scalar == "\0" ? "\u{fffd}" : scalar
            length += UTF8.width(scalar)
            guard length <= octets else { break }
            kept.append(scalar)
        }
        return String(kept)
    }

    /// For a message: short, and without what could act on a terminal.
    static func shown(_ text: String) -> String {
        let visible = text.unicodeScalars.prefix(80).map { scalar in
            scalar.properties.generalCategory == .control ? "\u{fffd}" : Character(scalar)
        }
        return String(visible) + (text.unicodeScalars.count > 80 ? "…" : "")
    }
}
