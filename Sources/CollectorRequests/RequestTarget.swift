import HTTPTypes

/// What a request asks for: the parts of its path and its query, decoded.
package struct RequestTarget: Hashable, Sendable {
    /// Between the slashes; none for `/`.
    package var segments: [String]
    /// In their order; a name may stand more than once.
    package var query: [(name: String, value: String)]

    package static func == (left: Self, right: Self) -> Bool {
        left.segments == right.segments && left.query.map(\.name) == right.query.map(\.name)
            && left.query.map(\.value) == right.query.map(\.value)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(segments) }

    /// - Returns: nil where something is not percent-encoded as it should be, or not UTF-8.
    package init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        segments = []
        if parts[0] != "/" {
            for part in parts[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
                guard let segment = Self.decoded(part, plusIsBlank: false) else { return nil }
                segments.append(segment)
            }
        }
        query = []
        guard parts.count == 2 else { return }
        guard let fields = Self.fields(parts[1]) else { return nil }
        query = fields
    }

    /// The fields of a query or of a form.
    package static func fields(_ text: some StringProtocol) -> [(name: String, value: String)]? {
        var fields: [(name: String, value: String)] = []
        for field in text.split(separator: "&") {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(pair[0], plusIsBlank: true),
                let value = decoded(pair.count == 2 ? pair[1] : "", plusIsBlank: true)
            else { return nil }
            fields.append((name, value))
        }
        return fields
    }

    private static func decoded(_ text: some StringProtocol, plusIsBlank: Bool) -> String? {
        var octets: [UInt8] = []
        var rest = text.utf8[...]
        while let octet = rest.popFirst() {
            switch octet {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                octets.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank: octets.append(0x20)
            default: octets.append(octet)
            }
        }
        return String(validating: octets, as: UTF8.self)
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        Character(Unicode.Scalar(octet)).hexDigitValue.map(UInt8.init)
    }

    /// A text as one segment of a path.
    package static func encoded(_ text: String) -> String {
        var encoded = ""
        for octet in text.utf8 {
            let scalar = Unicode.Scalar(octet)
            switch scalar {
            case "A"..."Z", "a"..."z", "0"..."9", "-", "_", "~", ".": encoded.unicodeScalars.append(scalar)
            default: encoded += (octet < 16 ? "%0" : "%") + String(octet, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
