import CollectorStore
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Results

/// How rows of an export are written.
public protocol ExportForm: SendableMetatype {
    static var contentType: String { get }
    static var fileName: String { get }
    static var beginning: String { get }
    static var end: String { get }
    /// - Parameter isFirst: whether nothing but the beginning stands before it.
    static func text(_ row: ResultRow, isFirst: Bool) -> String
}

/// All results that are asked for, written while they are read: no more than a page is in memory.
public struct Export: Sendable {
    let store: any ResultStore
    let query: ResultQuery

    public init(store: any ResultStore, query: ResultQuery) {
        self.store = store
        self.query = query
    }

    /// - Parameter write: is handed one piece after another.
    public func write<Form: ExportForm>(_ form: Form.Type, _ write: (String) async throws -> Void) async throws {
        try await write(Form.beginning)
        var isFirst = true
        for try await rows in store.export(query) {
            var text = ""
            for row in rows {
                text += Form.text(row, isFirst: isFirst)
                isFirst = false
            }
            try await write(text)
        }
        try await write(Form.end)
    }

    func response<Form: ExportForm>(_ form: Form.Type) -> Response {
        let headers: HTTPFields = [
            .contentType: Form.contentType, .contentDisposition: "attachment; filename=\"\(Form.fileName)\"",
        ]
        // A store that fails on the way ends the answer before its end, which the client notices.
        let body = ResponseBody { writer in
            var pieces = writer
            try await write(form) { try await pieces.write(ByteBuffer(string: $0)) }
            try await pieces.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}

/// `{"results":[…]}`, a line each.
public enum ResultJSONList: ExportForm {
    public static let contentType = "application/json"
    public static let fileName = "linecheck-results.json"
    public static let beginning = "{\"results\":["
    public static let end = "\n]}\n"

    public static func text(_ row: ResultRow, isFirst: Bool) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = (try? encoder.encode(ResultRowDocument(row))) ?? Data("null".utf8)
        return (isFirst ? "\n" : ",\n") + String(decoding: data, as: UTF8.self)
    }
}
