extension DocumentSlicer {
    /// The `id` at the top of a document that is not to be read, or cannot be.
    package static func id(in document: ArraySlice<UInt8>) -> String? {
        var scanner = JSONScanner(Array(document), deepest: deepest)
        do throws(Refusal) {
            try scanner.expect(UInt8(ascii: "{"))
            var isFirst = true
            while try !scanner.ends(UInt8(ascii: "}"), isFirst: isFirst) {
                isFirst = false
                let key = try scanner.string()
                try scanner.expect(UInt8(ascii: ":"))
                guard scanner.octets[key].elementsEqual("id".utf8), scanner.next == UInt8(ascii: "\"") else {
                    _ = try scanner.value()
                    continue
                }
                let id = scanner.octets[try scanner.string()]
                return id.count <= 64 ? String(validating: id, as: UTF8.self) : nil
            }
        } catch {
            return nil
        }
        return nil
    }
}
