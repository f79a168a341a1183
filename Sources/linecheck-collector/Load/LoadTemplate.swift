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
    }

    init(grade: Grade) throws {
        var document = try ResultDocument.decode(Data(LoadSample.json.utf8))
        document.grade = grade
        document.id = Field.id.rawValue
        document.site = "@site@"
        document.startedAt = UTCTime(Field.startedAt.rawValue) ?? document.startedAt
        document.endedAt = UTCTime(Field.endedAt.rawValue) ?? document.endedAt
        var rest = try document.encodedLine().dropLast()
        var (pieces, fields): ([String], [Field]) = ([], [])
        while let (field, range) = Self.first(in: rest) {
            pieces.append(String(rest[..<range.lowerBound]))
            fields.append(field)
            rest = rest[range.upperBound...]
        }
        self.pieces = pieces + [String(rest)]
        self.fields = fields
    }

    private static func first(in text: Substring) -> (Field, Range<Substring.Index>)? {
        Field.allCases.compactMap { field in text.firstRange(of: field.rawValue).map { (field, $0) } }
            .min { $0.1.lowerBound < $1.1.lowerBound }
    }

    func json(id: String, site: String, startedAt: UTCTime, endedAt: UTCTime) -> String {
        var text = pieces[0]
        for (field, piece) in zip(fields, pieces.dropFirst()) {
            switch field {
            case .id: text += id
            case .site: text += Self.quoted(site)
            case .startedAt: text += startedAt.text
            case .endedAt: text += endedAt.text
            }
            text += piece
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
