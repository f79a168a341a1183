/// Walks over JSON (RFC 8259) from mark to mark.
struct JSONScanner {
    typealias Refusal = DocumentSlicer.Refusal

    let octets: [UInt8]
    private let deepest: Int
    private(set) var place = 0
    /// Whether a text passed over since this was last set has an escaped U+0000.
    var hasNull = false

    init(_ octets: [UInt8], deepest: Int) {
        self.octets = octets
        self.deepest = deepest
    }

    /// The next octet that is no blank.
    var next: UInt8? {
        mutating get {
            while place < octets.count, Self.isBlank(octets[place]) { place += 1 }
            return place < octets.count ? octets[place] : nil
        }
    }

    private static func isBlank(_ octet: UInt8) -> Bool {
        octet == 0x20 || octet == 0x0a || octet == 0x0d || octet == 0x09
    }

    private static func endsScalar(_ octet: UInt8) -> Bool {
        isBlank(octet) || octet == UInt8(ascii: ",") || octet == UInt8(ascii: "]") || octet == UInt8(ascii: "}")
    }

    var isAtEnd: Bool {
        mutating get { next == nil }
    }

    mutating func expect(_ octet: UInt8) throws(Refusal) {
        guard next == octet else { throw .notJSON(offset: place) }
        place += 1
    }

    /// Whether the object or list ends here; else steps over the comma before the next of its members.
    mutating func ends(_ closing: UInt8, isFirst: Bool) throws(Refusal) -> Bool {
        if next == closing {
            place += 1
            return true
        }
        if !isFirst { try expect(UInt8(ascii: ",")) }
        return false
    }

    /// - Returns: where what is between the quotes stands.
    mutating func string() throws(Refusal) -> Range<Int> {
        try expect(UInt8(ascii: "\""))
        let start = place
        // In a variable of its own: most of a document is passed over here.
        var at = start
        while at < octets.count {
            switch octets[at] {
            case UInt8(ascii: "\""):
                place = at + 1
                return start..<at
            case UInt8(ascii: "\\"):
                if octets[at...].prefix(6).elementsEqual("\\u0000".utf8) { hasNull = true }
                at += 2
            case ..<0x20: throw .notJSON(offset: at)
            default: at += 1
            }
        }
        throw .notJSON(offset: octets.count)
    }

    /// Passes over a value of any kind.
    mutating func value() throws(Refusal) -> Range<Int> {
        guard let first = next else { throw .notJSON(offset: place) }
        let start = place
        switch first {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"), UInt8(ascii: "["): try nested()
        default: try scalar()
        }
        return start..<place
    }

    /// Brackets are counted, not matched by kind: that is left to who reads the document.
    private mutating func nested() throws(Refusal) {
        var depth = 0
        var at = place
        while at < octets.count {
            switch octets[at] {
            case UInt8(ascii: "\""):
                place = at
                _ = try string()
                at = place
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= deepest else { throw .tooDeep(limit: deepest) }
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                at += 1
                guard depth > 0 else {
                    place = at
                    return
                }
            default: at += 1
            }
        }
        throw .notJSON(offset: octets.count)
    }

    private mutating func scalar() throws(Refusal) {
        let start = place
        while place < octets.count, !Self.endsScalar(octets[place]) { place += 1 }
        guard place > start else { throw .notJSON(offset: place) }
    }
}
