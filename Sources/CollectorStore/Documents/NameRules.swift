import Foundation

/// What sites and documents can be called: what every database keeps as it is and tells apart in the same way.
public enum NameRules {
    public static let longestSite = 128
    public static let longestID = 128

    /// - Throws: ``DocumentRefusal/site(_:reason:)``.
    public static func check(site name: String) throws(DocumentRefusal) {
        func refuse(_ reason: String) -> DocumentRefusal { .site(name, reason: reason) }
        guard !name.isEmpty else { throw refuse("is empty; a site needs a name") }
        guard name.utf8.count <= longestSite else {
            throw refuse("has \(name.utf8.count) octets; at most \(longestSite)")
        }
        guard name.unicodeScalars.allSatisfy({ !isInvisible($0) }) else { throw refuse("has control characters") }
        guard name.first?.isWhitespace == false, name.last?.isWhitespace == false else {
            throw refuse("begins or ends with a blank")
        }
        // Segments that browsers take out of an address, however they are written.
        guard name != ".", name != ".." else { throw refuse("cannot stand in an address") }
        // Two spellings that look and compare alike here would be two sites in a database.
        guard
            name.utf8.allSatisfy({ $0 < 0x80 })
                || Array(name.precomposedStringWithCanonicalMapping.utf8) == Array(name.utf8)
        else {
            throw refuse("is not in Unicode's composed form (NFC)")
        }
    }

    /// - Throws: ``DocumentRefusal/id(_:reason:)``.
    static func check(id: String) throws(DocumentRefusal) {
        guard !id.isEmpty else { throw .id(id, reason: "is empty") }
        guard id.utf8.count <= longestID else {
            throw .id(id, reason: "has \(id.utf8.count) octets; at most \(longestID)")
        }
        guard id.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .id(id, reason: "has characters other than ASCII letters, digits and signs")
        }
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Format characters turn the direction of text or hide in it.
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
