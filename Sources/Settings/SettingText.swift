import Units

/// Settings as people write them, in a file or on the command line: one reading and one set of bounds for both.
public enum SettingText {
    public static func duration(
        _ text: String,
        within bounds: ClosedRange<Nanoseconds>
    ) throws(TextRefusal) -> Nanoseconds {
        let value = try Nanoseconds(text: text)
        guard bounds.contains(value) else {
            throw TextRefusal("'\(text)' is outside \(bounds.lowerBound.text) to \(bounds.upperBound.text)")
        }
        return value
    }

    public static func integer(_ text: String, within bounds: ClosedRange<Int>) throws(TextRefusal) -> Int {
        guard let value = Int(text) else { throw TextRefusal("'\(text)' is not a whole number") }
        guard bounds.contains(value) else {
            throw TextRefusal("\(value) is outside \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return value
    }

    public static func port(_ text: String) throws(TextRefusal) -> UInt16 {
        UInt16(clamping: try integer(text, within: 1...65_535))
    }

    public static func flag(_ text: String) throws(TextRefusal) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw TextRefusal("'\(text)' is neither true nor false")
        }
    }

    public static func site(_ text: String) throws(TextRefusal) -> String {
        guard !text.isEmpty, text.unicodeScalars.count <= 200, !text.unicodeScalars.contains(where: controls) else {
            throw TextRefusal("a site's name has 1 to 200 characters, and none that control a terminal")
        }
        return text
    }

    /// Control characters of ASCII and of Latin-1, ends of lines and paragraphs, changes of direction.
    private static func controls(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: scalar.properties.isBidiControl
        }
    }

    /// A share of the whole: `0.1 %` or `0.001`.
    public static func ratio(_ text: String) throws(TextRefusal) -> Double {
        let trimmed = text.filter { $0 != " " }
        let isPercent = trimmed.hasSuffix("%")
        guard let number = Double(isPercent ? String(trimmed.dropLast()) : trimmed) else {
            throw TextRefusal("'\(text)' is not a share; write it as 0.1 % or 0.001")
        }
        let value = isPercent ? number / 100 : number
        guard (0...1).contains(value) else { throw TextRefusal("'\(text)' is outside 0 to 1, which is 0 to 100 %") }
        return value
    }
}
