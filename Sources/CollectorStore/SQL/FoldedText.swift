import Foundation

/// Text as it is searched in: without regard to case, and the same on every database.
enum FoldedText {
    static func of(_ text: String) -> String { text.lowercased().precomposedStringWithCanonicalMapping }
}
