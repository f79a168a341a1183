import Testing

@testable import CollectorStore

@Suite struct PageCursorTests {
    /// `{"order":"grade","numbers":[3],"texts":["dublin","Dublin"]}`, as a page gave it once: it goes on being read.
    private let golden = "eyJvcmRlciI6ImdyYWRlIiwibnVtYmVycyI6WzNdLCJ0ZXh0cyI6WyJkdWJsaW4iLCJEdWJsaW4iXX0"

    private func read(_ text: String) throws -> PageCursor {
        try PageCursor(text, order: "grade", numbers: 1, texts: 2)
    }

    @Test func aCursorIsRead() throws {
        let cursor = try read(golden)
        #expect(cursor == PageCursor(order: "grade", numbers: [3], texts: ["dublin", "Dublin"]))
        #expect(try read(cursor.text) == cursor)
    }

    @Test(arguments: [[Int64.min], [0], [.max]])
    func whateverAPageEndedWithComesBack(numbers: [Int64]) throws {
        for texts in [["", ""], ["Zürich/1", "a\"b\\c"], ["\u{1F4DE}", String(repeating: "/", count: 128)]] {
            let cursor = PageCursor(order: "grade", numbers: numbers, texts: texts)
            #expect(try read(cursor.text) == cursor)
            #expect(cursor.text.utf8.allSatisfy { $0 != 0x2b && $0 != 0x2f && $0 != 0x3d })
        }
    }

    @Test(arguments: [
        "", "%", "x", "e30", "bnVsbA", String(repeating: "A", count: 4_097),
        PageCursor(order: "name", numbers: [3], texts: ["a", "b"]).text,
        PageCursor(order: "grade", numbers: [], texts: ["a", "b"]).text,
        PageCursor(order: "grade", numbers: [3], texts: ["a"]).text,
        PageCursor(order: "grade", numbers: [3], texts: ["a", "b\0"]).text,
    ])
    func anythingElseIsRefused(text: String) {
        #expect {
            try read(text)
        } throws: { error in
            guard case .badCursor(let shown) = error as? StoreError else { return false }
            return shown.count <= 81
        }
    }
}
