import Foundation

/// Text as it is searched in: without regard to case, and the same on every database.
enum FoldedText {
    static func of(_ text: String) -> String {
        let folded = text.lowercased()
        // ASCII is composed as it is, and most names are no more than that.
        return folded.utf8.allSatisfy { $0 < 0x80 } ? folded : folded.precomposedStringWithCanonicalMapping
    }
}
