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

/// Collects the first fault.
struct Bounds {
    private(set) var fault: String?

    mutating func require(_ holds: Bool, _ message: @autoclosure () -> String) {
        if fault == nil, !holds { fault = message() }
    }

    mutating func present(_ name: String, _ text: String?) {
        guard let text else { return }
        require(!text.isEmpty, "\(name): is empty")
    }

    mutating func name(_ name: String, _ text: String) {
        require(!text.isEmpty && text.unicodeScalars.count <= 200, "\(name): has not 1 to 200 characters")
    }

    mutating func word(_ name: String, _ text: String, _ known: Set<String>) {
        require(known.contains(text), "\(name): '\(text)' is none of \(known.sorted().joined(separator: ", "))")
    }

    mutating func ratio(_ name: String, _ value: Double?) {
        guard let value else { return }
        require((0...1).contains(value), "\(name): \(value) is outside 0 to 1")
    }

    mutating func size(_ name: String, _ value: Double?) {
        guard let value else { return }
        require(value.isFinite && value >= 0, "\(name): \(value) is below 0")
    }

    mutating func positive(_ name: String, _ value: Double?) {
        guard let value else { return }
        require(value.isFinite && value > 0, "\(name): \(value) is not above 0")
    }

    mutating func count(_ name: String, _ value: Int?) {
        guard let value else { return }
        require(value >= 0, "\(name): \(value) is below 0")
    }

    mutating func counts(_ name: String, _ values: [String: Int]?) {
        for (key, value) in values ?? [:] { count("\(name).\(key)", value) }
    }

    mutating func marks(_ name: String, _ values: [String: Int]?) {
        counts(name, values)
        for key in (values ?? [:]).keys {
            require(Int(key).map { (0...63).contains($0) && "\($0)" == key } ?? false, "\(name): '\(key)' is no DSCP")
        }
    }

    /// A version 7 UUID in lower case (RFC 9562 §5.7).
    mutating func id(_ name: String, _ text: String) {
        let form = "xxxxxxxx-xxxx-7xxx-vxxx-xxxxxxxxxxxx".utf8
        let digits = Set("0123456789abcdef".utf8)
        let isVersion7 =
            text.utf8.count == form.count
            && zip(text.utf8, form).allSatisfy { octet, expected in
                switch expected {
                case UInt8(ascii: "x"): digits.contains(octet)
                case UInt8(ascii: "v"): "89ab".utf8.contains(octet)
                default: octet == expected
                }
            }
        require(isVersion7, "\(name): '\(text.prefix(64))' is not a version 7 UUID in lower case")
    }

    /// Lower-case letters, digits and `_`; `dotted` has at least two such parts.
    mutating func code(_ name: String, _ text: String, dotted: Bool = false) {
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789_".utf8)
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let startsWithLetter = text.utf8.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ?? false
        let isCode =
            parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(allowed.contains) }
            && (dotted ? parts.count > 1 : parts.count == 1 && startsWithLetter)
        require(isCode, "\(name): '\(text.prefix(64))' is not written as such a name is")
    }
}
