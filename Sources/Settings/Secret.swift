/// A token or a password. It does not print, whatever it is put into.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What is only ever handed to the other end.
    package let value: String

    package init(_ value: String) { self.value = value }

    public var description: String { "(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Takes secrets out of texts that come from outside: a far end may repeat what it was sent.
package struct Redaction: Sendable {
    private var secrets: [String] = []

    /// A shorter one would take away half of every text, and guards nothing.
    private static let shortest = 4

    package init() {}

    package mutating func add(_ secret: Secret) {
        guard secret.value.utf8.count >= Self.shortest, !secrets.contains(secret.value) else { return }
        secrets.append(secret.value)
        // A secret that begins another one must not be taken out first and leave the rest of it.
        secrets.sort { $0.utf8.count > $1.utf8.count }
    }

    package func callAsFunction(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1, with: "(redacted)") }
    }
}
