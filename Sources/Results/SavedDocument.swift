import Foundation

/// A document from a file, whichever of those that a report can be made of.
public enum SavedDocument: Sendable {
    case result(ResultDocument)
    case assessment(AssessmentDocument)

    private struct Header: Decodable {
        var schema: String?
    }

    /// Tells by the schema; what is no assessment is taken for a result.
    ///
    /// - Throws: ``ResultRefusal`` or ``AssessmentRefusal``.
    public static func decode(_ data: Data) throws -> SavedDocument {
        let schema = (try? JSONDecoder().decode(Header.self, from: data))?.schema ?? ""
        guard schema.hasPrefix(AssessmentDocument.schemaName + "/") else {
            return .result(try ResultDocument.decode(data))
        }
        return .assessment(try AssessmentDocument.decode(data))
    }
}

/// Why bytes are not an assessment that this version can read.
public enum AssessmentRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// It says that it is something else, or was written by a later version whose documents mean something else.
    case otherSchema(String)
    case malformed(key: String, reason: String)

    public var description: String {
        switch self {
        case .otherSchema(let found):
            "not an assessment that this version of Linecheck reads: its schema is '\(found)', and should be "
                + "'\(AssessmentDocument.schemaName)/\(AssessmentDocument.schemaMajor)'"
        case .malformed(let key, let reason): "not a valid Linecheck assessment, at \(key): \(reason)"
        }
    }
}

extension AssessmentDocument {
    private struct Header: Decodable {
        var schema: String
    }

    /// JSON, as ``ResultDocument/encoded()``.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// - Throws: ``AssessmentRefusal``.
    public static func decode(_ data: Data) throws -> AssessmentDocument {
        let decoder = JSONDecoder()
        do {
            let schema = try decoder.decode(Header.self, from: data).schema
            guard isRead(schema) else { throw AssessmentRefusal.otherSchema(schema) }
            return try decoder.decode(AssessmentDocument.self, from: data)
        } catch let error as DecodingError {
            switch ResultDocument.refusal(error) {
            case .malformed(let key, let reason): throw AssessmentRefusal.malformed(key: key, reason: reason)
            case let other: throw AssessmentRefusal.malformed(key: "the top", reason: "\(other)")
            }
        }
    }

    /// A later minor version may follow after a dot.
    private static func isRead(_ schema: String) -> Bool {
        let known = "\(schemaName)/\(schemaMajor)"
        guard schema.hasPrefix(known) else { return false }
        let minor = schema.dropFirst(known.count)
        return minor.isEmpty || minor.first == "." && UInt32(minor.dropFirst()) != nil
    }
}
