import CollectorStore

/// Where a page ended, as a reader hands it back to the collector. An input is an octet that says which pages are asked
/// for, then the cursor.
enum PageCursorEntry {
    private struct Pages {
        var order: String
        var numbers: Int
        var texts: Int
    }

    private static let pages = [
        Pages(order: "grade", numbers: 1, texts: 2), Pages(order: "name", numbers: 0, texts: 2),
        Pages(order: "last_seen", numbers: 1, texts: 2), Pages(order: "oldest", numbers: 1, texts: 2),
    ]

    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        var input = FuzzInput(octets)
        let pages = pages[Int(input.octet()) % pages.count]
        let rest = input.remainder()
        try read(String(decoding: rest, as: UTF8.self), pages)
        try roundTrip(rest, pages)
    }

    private static func read(_ text: String, _ pages: Pages) throws(BrokenInvariant) {
        let cursor: PageCursor
        do {
            cursor = try PageCursor(text, order: pages.order, numbers: pages.numbers, texts: pages.texts)
        } catch {
            guard case .badCursor(let shown) = error as? StoreError else {
                throw BrokenInvariant("what is no cursor is refused as such, not by \(error)")
            }
            let controls = shown.unicodeScalars.contains { $0.properties.generalCategory == .control }
            return try require(!controls && shown.count <= 81, "what is shown of it is short and controls no terminal")
        }
        try require(cursor.order == pages.order, "a cursor is of the order that was asked for")
        try require(cursor.numbers.count == pages.numbers, "a cursor has all of its numbers")
        try require(cursor.texts.count == pages.texts, "a cursor has all of its texts")
        try require(!cursor.texts.contains { $0.utf8.contains(0) }, "no text has what PostgreSQL does not keep")
        let again = try? PageCursor(cursor.text, order: pages.order, numbers: pages.numbers, texts: pages.texts)
        // Whoever writes it otherwise than it is given out can make it short enough to be read, and no shorter.
        try require(again == cursor || cursor.text.utf8.count > longest, "a cursor is read as it is written")
    }

    private static let longest = 4_096

    /// Whatever a page ended with comes back: names of sites and ids are no longer.
    private static func roundTrip(_ octets: [UInt8], _ pages: Pages) throws(BrokenInvariant) {
        let half = octets.count / 2
        let texts = [octets[..<half], octets[half...]].map { part in
            String(decoding: part.prefix(128).filter { $0 != 0 }, as: UTF8.self)
        }
        let numbers = (0..<pages.numbers).map { _ in octets.reduce(Int64(0)) { $0 &* 31 &+ Int64($1) } }
        let cursor = PageCursor(order: pages.order, numbers: numbers, texts: Array(texts.prefix(pages.texts)))
        let again = try? PageCursor(cursor.text, order: pages.order, numbers: pages.numbers, texts: pages.texts)
        try require(again == cursor, "a cursor that was made is read")
    }
}
