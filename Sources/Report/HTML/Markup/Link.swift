/// An address within the same server or the same page; nothing else can be linked to.
package struct Link: Hashable, Sendable {
    let text: String

    /// A path from the root, of segments that may hold anything, and a query.
    package init(_ segments: [String], query: [(name: StaticString, value: String)] = []) {
        var text = "/" + segments.map(Self.encoded).joined(separator: "/")
        for (index, (name, value)) in query.enumerated() {
            text += "\(index == 0 ? "?" : "&")\(name)=\(Self.encoded(value))"
        }
        self.text = text
    }

    /// An element of the same page.
    package init(to id: Identifier) { text = "#\(id.text)" }

    /// The address as a page has it.
    package var address: String { text }

    /// Per cent encoding of all but the unreserved characters (RFC 3986 §2.3).
    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}
