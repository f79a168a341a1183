import Foundation
import Report
import Results

/// A saved result, or an assessment's verdict, is read, written, read again and rendered.
///
/// An input is a JSON text, and behind a zero octet, if there is one, changes to its values (``JSONPatches``).
enum ResultDocumentEntry {
    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        let parts = octets.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        var data = Data(parts[0])
        if parts.count > 1, let patched = JSONPatches.apply(FuzzInput(Array(parts[1])), to: data) { data = patched }
        let found = try decode(data)
        if let ordered = ResultDocument.ordered(data) {
            try require(found == .result(ordered), "reading in the order of keys reads the same")
        }
        guard let document = found else { return }
        try encode(document)
        for style in [TextStyle(color: false), TextStyle(color: true, width: 40)] { try render(document, style) }
        switch document {
        case .result(let result): try requireInert(HTMLReport.render(result))
        case .assessment(let assessment): try requireInert(HTMLReport.render(assessment))
        }
    }

    /// - Returns: nil when it is refused.
    private static func decode(_ data: Data) throws(BrokenInvariant) -> SavedDocument? {
        do {
            return try SavedDocument(data)
        } catch let refusal as ResultRefusal {
            print(refusal)
            try require(!refusal.description.isEmpty, "a document is refused for a reason")
            return nil
        } catch {
            throw BrokenInvariant("a document is refused as such, not by \(error)")
        }
    }

    private static func encode(_ document: SavedDocument) throws(BrokenInvariant) {
        let again: SavedDocument
        do {
            switch document {
            case .result(let result): again = try SavedDocument(result.encoded())
            case .assessment(let assessment): again = try SavedDocument(assessment.encoded())
            }
        } catch {
            throw BrokenInvariant("what was read can be written and read again: \(error)")
        }
        try require(again == document, "a document is read as it was written")
    }

    private static func render(_ document: SavedDocument, _ style: TextStyle) throws(BrokenInvariant) {
        switch document {
        case .result(let result):
            try requireFits(TextReport.render(result, style: style), style)
            try renderPackets(result, style)
        case .assessment(let assessment):
            try requireFits(AssessmentReport.render(assessment, style: style), style)
        }
    }

    private static func renderPackets(_ result: ResultDocument, _ style: TextStyle) throws(BrokenInvariant) {
        let records = IncidentRecord.all(of: result).records
        try requireFits(PacketReport.render(result, records, filter: .all, rows: 500, style: style), style)
        try requireFits(PacketReport.render(result, records, style: style), style)
        let packets = records.reduce(0) { $0 + $1.packets.count }
        let lines = PacketCSV.text(records).utf8.count { $0 == UInt8(ascii: "\n") }
        try require(lines >= packets + 1, "every packet has a line")
        let octets = PacketCapture.octets(records, version: "0").count
        try require(octets.isMultiple(of: 4) && octets > packets * 60, "every packet has a block")
    }

    private static func requireFits(_ text: String, _ style: TextStyle) throws(BrokenInvariant) {
        var text = text
        if style.color { text = text.replacing(/\u{1b}\[[0-9;]*m/, with: "") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            try require(
                line.count <= max(80, style.width),
                "a line has at most \(max(80, style.width)) columns: \(line)"
            )
        }
        let scalars = text.unicodeScalars
        let speaking = scalars.first { scalar in
            let category = scalar.properties.generalCategory
            return scalar != "\n" && [.control, .format, .lineSeparator, .paragraphSeparator].contains(category)
        }
        let name = speaking.map { String($0.value, radix: 16) } ?? ""
        try require(speaking == nil, "a report cannot speak to the terminal: U+\(name)")
    }

    private static let tags = Set(Element.allCases.map(\.rawValue) + ["html", "head", "body", "style", "!DOCTYPE"])

    /// A page has no element but ours, and begins and ends each.
    private static func requireInert(_ page: String) throws(BrokenInvariant) {
        var open = 0
        for piece in page.utf8.split(separator: UInt8(ascii: "<")) {
            let name = String(decoding: piece.prefix { !" >\n".utf8.contains($0) }, as: UTF8.self)
            let isEnd = name.hasPrefix("/")
            try require(tags.contains(isEnd ? String(name.dropFirst()) : name), "a page has no element <\(name)>")
            let isVoid =
                Element(rawValue: name).map { [.br, .col, .input, .link, .meta].contains($0) } ?? (name == "!DOCTYPE")
            open += isEnd ? -1 : isVoid ? 0 : 1
        }
        try require(open == 0, "every element of a page ends")
    }
}
