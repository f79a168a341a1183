import Glibc

/// Why the link could not start, or why what it logged cannot be trusted.
struct LinkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// With the reason that `errno` gives; call before anything else may change it.
    static func system(_ call: String) -> LinkFailure { LinkFailure("\(call): \(String(cString: strerror(errno)))") }
}
