import Foundation

/// Where a page ended, as text that its reader hands back without understanding it.
package struct PageCursor: Codable, Hashable {
    /// What the pages are in the order of: a cursor of one order is none of another.
    package var order: String
    package var numbers: [Int64]
    package var texts: [String]

    package var text: String {
        let data = (try? JSONEncoder().encode(self)) ?? Data()
        return data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// - Throws: ``StoreError/badCursor(_:)``.
    package init(_ text: String, order: String, numbers: Int, texts: Int) throws {
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard text.utf8.count <= 4_096, let data = Data(base64Encoded: padded),
            let cursor = try? JSONDecoder().decode(PageCursor.self, from: data), cursor.order == order,
            cursor.numbers.count == numbers, cursor.texts.count == texts,
            cursor.texts.allSatisfy({ !$0.utf8.contains(0) })
        else { throw StoreError.badCursor(TextRules.shown(text)) }
        self = cursor
    }

    package init(order: String, numbers: [Int64], texts: [String]) {
        self.order = order
        self.numbers = numbers
        self.texts = texts
    }
}
