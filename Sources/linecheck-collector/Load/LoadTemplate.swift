import Foundation
import Readiness
import Results

/// Documents of one shape, as the agent writes them, made by filling in what differs.
struct LoadTemplate: Sendable {
    /// What stands between the fields.
    private let pieces: [String]
    private let fields: [Field]

    private enum Field: String, CaseIterable {
        case id = "@id@"
        case site = "\"@site@\""
        case startedAt = "2001-01-01T00:00:00.000000Z"
        case endedAt = "2001-01-02T00:00:00.000000Z"
        /// The last two of four digits behind a point: what was measured differs, and does not compress away.
        case measured = ""
    }

    init(grade: Grade) throws {
        var document = try ResultDocument.decode(Data(LoadSample.json.utf8))
        document.grade = grade
        document.id = Field.id.rawValue
        document.site = "@site@"
        document.startedAt = UTCTime(Field.startedAt.rawValue) ?? document.startedAt
        document.endedAt = UTCTime(Field.endedAt.rawValue) ?? document.endedAt
        let text = try document.encodedLine().dropLast()
        var place = text.startIndex
        var (pieces, fields): ([String], [Field]) = ([], [])
        for (field, range) in Self.fields(of: text) {
            pieces.append(String(text[place..<range.lowerBound]))
            fields.append(field)
            place = range.upperBound
        }
        self.pieces = pieces + [String(text[place...])]
        self.fields = fields
    }

    private static func fields(of text: Substring) -> [(Field, Range<Substring.Index>)] {
        Field.allCases.flatMap { field in ranges(of: field, in: text).map { (field, $0) } }
            .sorted { $0.1.lowerBound < $1.1.lowerBound }
    }

    private static func ranges(of field: Field, in text: Substring) -> [Range<Substring.Index>] {
        guard field == .measured else { return text.ranges(of: field.rawValue) }
        return text.matches(of: #/\.[0-9]{2}([0-9]{2})[,}\]]/#).map { $0.1.startIndex..<$0.1.endIndex }
    }

    /// - Parameter seed: another one has other measured values.
    func json(id: String, site: String, startedAt: UTCTime, endedAt: UTCTime, seed: UInt64) -> String {
        var text = pieces[0]
        // A linear congruential generator does: these only have to differ.
        var state = seed
        for (field, piece) in zip(fields, pieces.dropFirst()) {
            switch field {
            case .id: text += id
            case .site: text += Self.quoted(site)
            case .startedAt: text += startedAt.text
            case .endedAt: text += endedAt.text
            case .measured:
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += "\(10 + (state >> 33) % 90)"
            }
            text += piece
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
