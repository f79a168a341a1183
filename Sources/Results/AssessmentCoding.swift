import Foundation

extension AssessmentDocument {
    /// JSON, indented, keys in alphabetical order.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// - Throws: ``ResultRefusal``.
    public static func decode(_ data: Data) throws -> AssessmentDocument {
        try VersionedDocument.decode(AssessmentDocument.self, data, name: schemaName, major: schemaMajor)
    }
}

/// A document that somebody saved: one of the kinds that can be rendered again.
public enum SavedDocument: Hashable, Sendable {
    case result(ResultDocument)
    case assessment(AssessmentDocument)

    /// By the schema that it says it has.
    ///
    /// - Throws: ``ResultRefusal``.
    public init(_ data: Data) throws {
        let header = try? JSONDecoder().decode(VersionedDocument.Header.self, from: data)
        let isAssessment = header?.schema?.split(separator: "/").first == Substring(AssessmentDocument.schemaName)
        self = isAssessment ? .assessment(try .decode(data)) : .result(try .decode(data))
    }
}
