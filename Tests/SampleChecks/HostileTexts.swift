import Foundation
import Results

/// Documents in which every text that may be any text is another one: what a hostile agent could send.
struct HostileTexts {
    /// What breaks out of a page, or of its attributes, if anything does.
    static let fragments = [
        "\"><script>alert(1)</script>", "' onmouseover='alert(1)", "</style><script>alert(1)</script>", "<!--", "-->",
        "</title><img src=x onerror=alert(1)>", "]]>", "&lt;b&gt;", "&#x3c;svg onload=alert(1)&#x3e;", "\u{0}",
        "\u{202e}", "\u{200d}", "javascript:alert(1)", "</td></tr></table></main>", "<svg/onload=alert(1)>", "`", "\\",
        "\r\n\t", "{{7*7}}", "%3Cscript%3E", "</text></svg><a href=x>", "\u{fffe}", "é\u{301}", "<base href=//x>", "=",
    ]

    private let original: Any
    /// Each different text, by its number; without those that only have a few values, as grades and times.
    private let numbers: [String: Int]

    /// - Parameter decodes: reads a document, and throws what stands in the way.
    init(_ data: Data, decodes: (Data) throws -> Void) throws {
        try decodes(data)
        original = try JSONSerialization.jsonObject(with: data)
        var numbers: [String: Int] = [:]
        Self.collect(original, into: &numbers)
        for fixed in try Self.fixedTexts(original, numbers.keys.sorted(), decodes) { numbers[fixed] = nil }
        self.numbers = numbers
    }

    /// The same document, in which the n-th different text became `text(n)` wherever it stood.
    func rewritten(_ text: (Int) -> String) throws -> Data {
        try JSONSerialization.data(withJSONObject: Self.replaced(original, numbers.mapValues(text)))
    }

    /// The texts that a document cannot be read without.
    private static func fixedTexts(
        _ original: Any,
        _ texts: [String],
        _ decodes: (Data) throws -> Void
    ) throws -> [String] {
        if texts.isEmpty { return [] }
        let trial = replaced(original, Dictionary(uniqueKeysWithValues: texts.map { ($0, $0 + "<") }))
        let data = try JSONSerialization.data(withJSONObject: trial)
        if (try? decodes(data)) != nil { return [] }
        if texts.count == 1 { return texts }
        let middle = texts.count / 2
        return try fixedTexts(original, Array(texts[..<middle]), decodes)
            + fixedTexts(original, Array(texts[middle...]), decodes)
    }

    /// Objects that are read as maps: their keys are data too.
    private static let maps: Set<String> = [
        "evidence", "refused_replies", "responses", "proxies", "unread", "egress", "far_end", "return", "ignored",
    ]

    private static func collect(_ value: Any, isMap: Bool = false, into texts: inout [String: Int]) {
        switch value {
        case let text as String:
            if texts[text] == nil { texts[text] = texts.count }
        case let list as [Any]:
            for value in list { collect(value, into: &texts) }
        case let object as [String: Any]:
            for key in object.keys.sorted() {
                if isMap { collect(key, into: &texts) }
                guard let value = object[key] else { continue }
                collect(value, isMap: maps.contains(key), into: &texts)
            }
        default: break
        }
    }

    private static func replaced(_ value: Any, isMap: Bool = false, _ replacements: [String: String]) -> Any {
        switch value {
        case let text as String: return replacements[text] ?? text
        case let list as [Any]: return list.map { replaced($0, replacements) }
        case let object as [String: Any]:
            var result: [String: Any] = [:]
            for (key, value) in object {
                let name = isMap ? replacements[key] ?? key : key
                result[name] = replaced(value, isMap: maps.contains(key), replacements)
            }
            return result
        default: return value
        }
    }

    /// A text of such fragments that is like no other number's.
    static func hostile(_ number: Int, _ generator: inout some RandomNumberGenerator) -> String {
        var text = "\(number)"
        for _ in 0...Int.random(in: 0...3, using: &generator) {
            text += fragments.randomElement(using: &generator) ?? ""
        }
        return text
    }
}
