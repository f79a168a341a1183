/// Finds the documents of a batch, `{"results":[{…},{…}]}`, without reading them: each is kept in the very octets that
/// it came in, with whatever a later version put there.
///
/// Only what marks the ends of values is looked at. Whether a document is JSON at all is found when it is read.
package struct DocumentSlicer {
    /// Why a body is no batch.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case notJSON(offset: Int)
        case missing(name: String)
        case notAList(name: String)
        case twice(name: String)
        case tooDeep(limit: Int)
        case tooMany(limit: Int)

        package var description: String {
            switch self {
            case .notJSON(let offset): "the body is not JSON, from octet \(offset) on"
            case .missing(let name): "the body has no '\(name)'; write {\"\(name)\":[…]}"
            case .notAList(let name): "'\(name)' is not a list; write {\"\(name)\":[…]}"
            case .twice(let name): "the body has '\(name)' twice"
            case .tooDeep(let limit): "the body is nested more than \(limit) deep"
            case .tooMany(let limit): "the batch has more than \(limit) documents; send fewer at a time"
            }
        }
    }

    /// One value of the list, as it stands in the body.
    package struct Slice: Hashable, Sendable {
        package var octets: ArraySlice<UInt8>
        /// Whether a text of it has the character U+0000, which databases cannot keep.
        package var hasNull: Bool
    }

    /// No document of any version comes near it.
    package static let deepest = 64

    /// - Parameter limit: documents at most.
    package static func documents(
        in body: [UInt8],
        under name: String,
        limit: Int
    ) throws(Refusal) -> [Slice] {
        var scanner = JSONScanner(body, deepest: deepest)
        var found: [Slice]?
        try scanner.expect(UInt8(ascii: "{"))
        var isFirst = true
        while try !scanner.ends(UInt8(ascii: "}"), isFirst: isFirst) {
            isFirst = false
            let key = try scanner.string()
            try scanner.expect(UInt8(ascii: ":"))
            guard body[key].elementsEqual(name.utf8) else {
                _ = try scanner.value()
                continue
            }
            guard found == nil else { throw .twice(name: name) }
            found = try list(&scanner, name: name, limit: limit)
        }
        guard scanner.isAtEnd else { throw .notJSON(offset: scanner.place) }
        guard let found else { throw .missing(name: name) }
        return found
    }

    private static func list(_ scanner: inout JSONScanner, name: String, limit: Int) throws(Refusal) -> [Slice] {
        guard scanner.next == UInt8(ascii: "[") else { throw .notAList(name: name) }
        try scanner.expect(UInt8(ascii: "["))
        var found: [Slice] = []
        while try !scanner.ends(UInt8(ascii: "]"), isFirst: found.isEmpty) {
            guard found.count < limit else { throw .tooMany(limit: limit) }
            scanner.hasNull = false
            let range = try scanner.value()
            found.append(Slice(octets: scanner.octets[range], hasNull: scanner.hasNull))
        }
        return found
    }
}
