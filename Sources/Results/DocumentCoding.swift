import Foundation

/// Why bytes are not a result that this version can read.
public enum ResultRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case notJSON(String)
    /// It says that it is something else.
    case wrongSchema(String)
    /// It was written by a later version whose documents mean something else.
    case newerMajor(String)
    /// A key is missing or its value is not what it should be.
    case malformed(key: String, reason: String)

    public var description: String {
        switch self {
        case .notJSON(let reason): "not a JSON document: \(reason)"
        case .wrongSchema(let found):
            "not a Linecheck result: its schema is '\(found)', and should be '\(Self.readable(found))'"
        case .newerMajor(let found):
            "written by a later version of Linecheck: its schema is '\(found)', and this version reads "
                + "'\(Self.readable(found))'"
        case .malformed(let key, let reason): "not a valid Linecheck result, at \(key): \(reason)"
        }
    }

    /// The schema that this version reads of the kind that a document says it is.
    private static func readable(_ found: String) -> String {
        found.hasPrefix("\(AssessmentDocument.schemaName)/")
            ? "\(AssessmentDocument.schemaName)/\(AssessmentDocument.schemaMajor)"
            : "\(ResultDocument.schemaName)/\(ResultDocument.schemaMajor)"
    }
}

extension ResultDocument {
    /// JSON, indented, keys in alphabetical order, so that two results can be compared line by line.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// JSON in one line, with its end: one result of many.
    public func encodedLine() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// - Throws: ``ResultRefusal``.
    public static func decode(_ data: Data) throws -> ResultDocument {
        try VersionedDocument.decode(ResultDocument.self, data, name: schemaName, major: schemaMajor)
    }
}

/// Reading of documents that say which schema they have, and in which version.
enum VersionedDocument {
    struct Header: Decodable {
        var schema: String?
    }

    /// - Throws: ``ResultRefusal``.
    static func decode<Document: Decodable>(
        _ type: Document.Type,
        _ data: Data,
        name: String,
        major: Int
    ) throws -> Document {
        let decoder = JSONDecoder()
        do {
            try refuse(schema: try decoder.decode(Header.self, from: data).schema ?? "", name: name, major: major)
            return try decoder.decode(Document.self, from: data)
        } catch let error as DecodingError {
            throw refusal(error)
        }
    }

    static func refuse(schema: String, name: String, major known: Int) throws {
        let parts = schema.split(separator: "/", omittingEmptySubsequences: false)
        let numbers = parts.count == 2 ? parts[1].split(separator: ".", omittingEmptySubsequences: false) : []
        guard parts.first == Substring(name), (1...2).contains(numbers.count),
            numbers.allSatisfy({ UInt32($0) != nil }), let major = numbers.first.flatMap({ Int($0) }), major > 0
        else { throw ResultRefusal.wrongSchema(schema) }
        guard major <= known else { throw ResultRefusal.newerMajor(schema) }
    }

    private static func refusal(_ error: DecodingError) -> ResultRefusal {
        func path(_ context: DecodingError.Context, and key: (any CodingKey)? = nil) -> String {
            let keys = context.codingPath + [key].compactMap { $0 }
            let text = keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
            return text.isEmpty ? "the top" : String(text.drop { $0 == "." })
        }
        switch error {
        case .keyNotFound(let key, let context): return .malformed(key: path(context, and: key), reason: "is missing")
        case .valueNotFound(_, let context): return .malformed(key: path(context), reason: "is null")
        case .typeMismatch(_, let context):
            return .malformed(key: path(context), reason: context.debugDescription)
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? .notJSON(context.debugDescription) : .malformed(key: path(context), reason: context.debugDescription)
        @unknown default: return .malformed(key: "the top", reason: "\(error)")
        }
    }
}
