import Results

extension UTCTime {
    /// RFC 3339, UTC, with up to nine digits of a second's parts, or none.
    package init?(lenient text: String) {
        guard text.hasSuffix("Z"), text.utf8.count >= 20 else { return nil }
        let parts = text.dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard (1...9).contains(fraction.utf8.count) else { return nil }
        self.init("\(parts[0]).\((fraction + "000000").prefix(6))Z")
    }
}
