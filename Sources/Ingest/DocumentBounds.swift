import Results

/// What the documents' schemas (`config/*.schema.json`) ask for beyond the kind of each value, which reading has seen
/// to. Texts that name the first thing that is out of bounds, with its value.
extension DeliveredDocument {
    package var fault: String? {
        var bounds = Bounds()
        switch self {
        case .result(let document): bounds.check(document)
        case .assessment(let document): bounds.check(document)
        }
        return bounds.fault
    }
}

/// Collects the first fault. A text is made only for what is at fault: nearly nothing is.
struct Bounds {
    private(set) var fault: String?

    mutating func require(_ holds: Bool, _ message: @autoclosure () -> String) {
        if fault == nil, !holds { fault = message() }
    }

    mutating func present(_ name: @autoclosure () -> String, _ text: String?) {
        guard let text else { return }
        require(!text.isEmpty, "\(name()): is empty")
    }

    mutating func name(_ name: @autoclosure () -> String, _ text: String) {
        require(!text.isEmpty && text.unicodeScalars.count <= 200, "\(name()): has not 1 to 200 characters")
    }

    mutating func word(_ name: @autoclosure () -> String, _ text: String, _ known: [String]) {
        require(known.contains(text), "\(name()): '\(text)' is none of \(known.sorted().joined(separator: ", "))")
    }

    mutating func ratio(_ name: @autoclosure () -> String, _ value: Double?) {
        guard let value else { return }
        require((0...1).contains(value), "\(name()): \(value) is outside 0 to 1")
    }

    mutating func size(_ name: @autoclosure () -> String, _ value: Double?) {
        guard let value else { return }
        require(value.isFinite && value >= 0, "\(name()): \(value) is below 0")
    }

    mutating func positive(_ name: @autoclosure () -> String, _ value: Double?) {
        guard let value else { return }
        require(value.isFinite && value > 0, "\(name()): \(value) is not above 0")
    }

    mutating func count(_ name: @autoclosure () -> String, _ value: Int?) {
        guard let value else { return }
        require(value >= 0, "\(name()): \(value) is below 0")
    }

    mutating func counts(_ name: @autoclosure () -> String, _ values: [String: Int]?) {
        for (key, value) in values ?? [:] { count("\(name()).\(key)", value) }
    }

    mutating func marks(_ name: @autoclosure () -> String, _ values: [String: Int]?) {
        counts(name(), values)
        for key in (values ?? [:]).keys {
            require(Self.isMark(key), "\(name()): '\(key)' is no DSCP")
        }
    }

    /// A DSCP as it is written, without leading zeros.
    private static func isMark(_ text: String) -> Bool {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy(isDigit), let mark = Int(text) else {
            return false
        }
        return (0...63).contains(mark) && (text.utf8.count == 1 || mark > 9)
    }

    /// A version 7 UUID in lower case (RFC 9562 §5.7).
    mutating func id(_ name: @autoclosure () -> String, _ text: String) {
        let form = "xxxxxxxx-xxxx-7xxx-vxxx-xxxxxxxxxxxx".utf8
        let isVersion7 =
            text.utf8.count == form.count
            && zip(text.utf8, form).allSatisfy { octet, expected in
                switch expected {
                case UInt8(ascii: "x"): Self.isDigit(octet) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(octet)
                case UInt8(ascii: "v"): "89ab".utf8.contains(octet)
                default: octet == expected
                }
            }
        require(isVersion7, "\(name()): '\(text.prefix(64))' is not a version 7 UUID in lower case")
    }

    /// Lower-case letters, digits and `_`; `dotted` has at least two such parts.
    mutating func code(_ name: @autoclosure () -> String, _ text: String, dotted: Bool = false) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isCode =
            parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(Self.isOfCode) }
            && (dotted ? parts.count > 1 : parts.count == 1 && text.utf8.first.map(Self.isLetter) ?? false)
        require(isCode, "\(name()): '\(text.prefix(64))' is not written as such a name is")
    }

    private static func isLetter(_ octet: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet) }
    private static func isDigit(_ octet: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) }

    private static func isOfCode(_ octet: UInt8) -> Bool {
        isLetter(octet) || isDigit(octet) || octet == UInt8(ascii: "_")
    }
}
