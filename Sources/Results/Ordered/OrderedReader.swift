import Foundation

/// Reads JSON whose objects have their keys in alphabetical order, as agents write it: in one pass, key after key as
/// they are expected, with nothing to look up.
///
/// It never refuses. Where something is not quite as expected (another order, a key that this version does not know, a
/// null, a number out of bounds, or no JSON at all) it throws ``Doubt``, and the ordinary reading decides what becomes of
/// the document and in which words. What it does read is what the ordinary reading would.
struct OrderedReader {
    /// The document is for the ordinary reading.
    struct Doubt: Error {}

    /// Ends with a zero, which nothing expects, so that no place has to be compared with the end.
    private let octets: [UInt8]
    private var place = 0
    /// Whether a value stands before this place in the same object or list.
    private var isBehindValue = false

    /// - Parameter octets: a copy is kept.
    init(_ octets: some Collection<UInt8>) {
        var copy: [UInt8] = []
        copy.reserveCapacity(octets.count + 1)
        copy += octets
        copy.append(0)
        self.octets = copy
    }

    // MARK: - Marks

    private func next(from start: Int) -> Int {
        var at = start
        while octets[at] <= 0x20, Self.isBlank(octets[at]) { at += 1 }
        return at
    }

    private static func isBlank(_ octet: UInt8) -> Bool {
        octet == 0x20 || octet == 0x0a || octet == 0x0d || octet == 0x09
    }

    private mutating func expect(_ octet: UInt8) throws(Doubt) {
        let at = next(from: place)
        guard octets[at] == octet else { throw Doubt() }
        place = at + 1
    }

    mutating func openObject() throws(Doubt) {
        try expect(UInt8(ascii: "{"))
        isBehindValue = false
    }

    mutating func closeObject() throws(Doubt) {
        try expect(UInt8(ascii: "}"))
        isBehindValue = true
    }

    /// Whether there is nothing but blanks behind this place.
    var isAtEnd: Bool { next(from: place) == octets.count - 1 }

    /// Steps over the next key of an object and its colon, if it is this one.
    private mutating func steps(over key: String) -> Bool {
        var at = next(from: place)
        if isBehindValue {
            guard octets[at] == UInt8(ascii: ",") else { return false }
            at = next(from: at + 1)
        }
        guard octets[at] == UInt8(ascii: "\"") else { return false }
        at += 1
        for octet in key.utf8 {
            guard octets[at] == octet else { return false }
            at += 1
        }
        guard octets[at] == UInt8(ascii: "\"") else { return false }
        at = next(from: at + 1)
        guard octets[at] == UInt8(ascii: ":") else { return false }
        place = at + 1
        return true
    }

    // MARK: - Members

    mutating func required<Value: OrderedReadable>(_ key: String) throws(Doubt) -> Value {
        guard steps(over: key) else { throw Doubt() }
        let value = try Value(&self)
        isBehindValue = true
        return value
    }

    mutating func optional<Value: OrderedReadable>(_ key: String) throws(Doubt) -> Value? {
        guard steps(over: key) else { return nil }
        let value = try Value(&self)
        isBehindValue = true
        return value
    }

    /// A member that few documents have, read in the ordinary way.
    mutating func rare<Value: Decodable>(_ key: String) throws(Doubt) -> Value? {
        guard steps(over: key) else { return nil }
        let start = next(from: place)
        try passOver()
        isBehindValue = true
        let value = octets[start..<place]
        // The decoder would put something in the place of octets that are no text.
        guard String(validating: value, as: UTF8.self) != nil,
            let decoded = try? JSONDecoder().decode(Value.self, from: Data(value))
        else { throw Doubt() }
        return decoded
    }

    /// Steps over a value of any kind. Brackets are counted, not matched by kind: whoever decodes it does that.
    private mutating func passOver() throws(Doubt) {
        var depth = 0
        repeat {
            let at = next(from: place)
            switch octets[at] {
            case 0: throw Doubt()
            case UInt8(ascii: "\""): _ = try textRange()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                place = at + 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                place = at + 1
            default:
                place = at + 1
                // A number or a word alone is a value, too.
                if depth == 0 { throw Doubt() }
            }
        } while depth > 0
    }

    // MARK: - Lists and tables

    mutating func list<Element: OrderedReadable>() throws(Doubt) -> [Element] {
        try expect(UInt8(ascii: "["))
        var elements: [Element] = []
        if closes(UInt8(ascii: "]")) { return elements }
        repeat {
            elements.append(try Element(&self))
        } while continues()
        try expect(UInt8(ascii: "]"))
        return elements
    }

    /// An object whose keys are anything, each once.
    mutating func table<Element: OrderedReadable>() throws(Doubt) -> [String: Element] {
        try expect(UInt8(ascii: "{"))
        var elements: [String: Element] = [:]
        if closes(UInt8(ascii: "}")) { return elements }
        repeat {
            let key = try text()
            try expect(UInt8(ascii: ":"))
            guard elements.updateValue(try Element(&self), forKey: key) == nil else { throw Doubt() }
        } while continues()
        try expect(UInt8(ascii: "}"))
        return elements
    }

    private mutating func closes(_ octet: UInt8) -> Bool {
        let at = next(from: place)
        guard octets[at] == octet else { return false }
        place = at + 1
        return true
    }

    private mutating func continues() -> Bool { closes(UInt8(ascii: ",")) }

    // MARK: - Texts

    var isAtText: Bool { octets[next(from: place)] == UInt8(ascii: "\"") }

    mutating func text() throws(Doubt) -> String {
        let (range, isPlain) = try textRange()
        guard !isPlain else { return String(decoding: octets[range], as: UTF8.self) }
        let quoted = octets[(range.lowerBound - 1)...range.upperBound]
        guard String(validating: quoted, as: UTF8.self) != nil,
            let text = try? JSONDecoder().decode(String.self, from: Data(quoted))
        else { throw Doubt() }
        return text
    }

    /// Where what is between the quotes stands, and whether that is ASCII without escapes.
    private mutating func textRange() throws(Doubt) -> (Range<Int>, isPlain: Bool) {
        try expect(UInt8(ascii: "\""))
        let start = place
        var at = start
        var isPlain = true
        while true {
            let octet = octets[at]
            switch octet {
            case UInt8(ascii: "\""):
                place = at + 1
                return (start..<at, isPlain)
            case ..<0x20: throw Doubt()
            case UInt8(ascii: "\\"):
                isPlain = false
                // The octet behind it cannot end the text; if it is the end of all, what follows would be read twice.
                guard octets[at + 1] >= 0x20 else { throw Doubt() }
                at += 2
            default:
                if octet >= 0x80 { isPlain = false }
                at += 1
            }
        }
    }

    // MARK: - Numbers and flags

    mutating func flag() throws(Doubt) -> Bool {
        let at = next(from: place)
        let word: StaticWord = octets[at] == UInt8(ascii: "t") ? .true : .false
        for (offset, octet) in word.rawValue.utf8.enumerated() {
            guard octets[at + offset] == octet else { throw Doubt() }
        }
        place = at + word.rawValue.utf8.count
        return word == .true
    }

    private enum StaticWord: String {
        case `true`, `false`
    }

    /// Only whole numbers written as such.
    mutating func integer<Integer: FixedWidthInteger>() throws(Doubt) -> Integer {
        let digits = try number()
        guard digits.isExact, digits.exponent == 0, !digits.hasPoint, let magnitude = Int64(exactly: digits.magnitude),
            let integer = Integer(exactly: digits.isNegative ? -magnitude : magnitude)
        else { throw Doubt() }
        return integer
    }

    mutating func double() throws(Doubt) -> Double {
        let digits = try number()
        // Both are exact, so that the quotient is rounded once.
        if digits.isExact, digits.magnitude <= 1 << 53, digits.exponent < Self.powersOfTen.count {
            let value = Double(digits.magnitude) / Self.powersOfTen[digits.exponent]
            return digits.isNegative ? -value : value
        }
        // Decoders differ in what they make of numbers too small for 64 bits.
        guard let value = Double(String(decoding: octets[digits.range], as: UTF8.self)), value.isNormal else {
            throw Doubt()
        }
        return value
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    private struct Digits {
        var range: Range<Int>
        var isNegative = false
        /// The digits before and behind the point as one number.
        var magnitude: UInt64 = 0
        /// How many of them are behind the point.
        var exponent = 0
        var hasPoint = false
        /// Whether the above is the whole number.
        var isExact = true
    }

    /// A number by the grammar of RFC 8259 §6.
    private mutating func number() throws(Doubt) -> Digits {
        let start = next(from: place)
        var digits = Digits(range: start..<start)
        var at = start
        if octets[at] == UInt8(ascii: "-") {
            digits.isNegative = true
            at += 1
        }
        let first = at
        try passDigits(&at, &digits)
        guard octets[first] != UInt8(ascii: "0") || at == first + 1 else { throw Doubt() }
        if octets[at] == UInt8(ascii: ".") {
            digits.hasPoint = true
            at += 1
            let point = at
            try passDigits(&at, &digits)
            digits.exponent = at - point
        }
        if octets[at] == UInt8(ascii: "e") || octets[at] == UInt8(ascii: "E") {
            digits.isExact = false
            at += octets[at + 1] == UInt8(ascii: "-") || octets[at + 1] == UInt8(ascii: "+") ? 2 : 1
            try passDigits(&at, &digits)
        }
        digits.range = start..<at
        place = at
        return digits
    }

    private func passDigits(_ at: inout Int, _ digits: inout Digits) throws(Doubt) {
        let start = at
        while true {
            let digit = octets[at] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            at += 1
            // Nineteen digits fit.
            guard digits.magnitude < 1_000_000_000_000_000_000 else {
                digits.isExact = false
                continue
            }
            digits.magnitude = digits.magnitude &* 10 &+ UInt64(digit)
        }
        guard at > start else { throw Doubt() }
    }
}
