/// Notices, by looking again and again, that something has changed and is no longer being changed: two files that belong
/// together are not replaced at the same moment.
struct SettledChange<Content: Equatable> {
    private var last: Content?

    /// - Parameter known: what was last acted upon.
    /// - Returns: whether what is there now is something else, and was there at the last look as well.
    mutating func look(_ content: Content, known: Content) -> Bool {
        defer { last = content }
        return content != known && content == last
    }
}
