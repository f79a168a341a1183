import CollectorRequests
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Units

/// Why a request is not answered as it was meant, as RFC 9457 has it.
struct Problem: Error, Hashable, Sendable {
    var status: HTTPResponse.Status
    /// What was wrong, the value, the bound, and what to do.
    var detail: String
    var retryAfter: Nanoseconds?
    /// Methods that are there instead.
    var allow: [HTTPRequest.Method] = []
    /// Whether credentials might help.
    var challenges = false
    /// Nil where the status says it.
    private var known: RefusalCause?

    init(
        _ status: HTTPResponse.Status,
        _ detail: String,
        retryAfter: Nanoseconds? = nil,
        cause: RefusalCause? = nil
    ) {
        self.status = status
        self.detail = detail
        self.retryAfter = retryAfter
        known = cause
    }

    init(_ refusal: RequestRefusal) {
        self.init(.badRequest, refusal.detail, cause: refusal.cause)
    }

    static func badRequest(_ detail: String) -> Problem { Problem(.badRequest, detail) }
    static func notFound(_ detail: String) -> Problem { Problem(.notFound, detail) }

    static func unauthorized(_ detail: String) -> Problem {
        var problem = Problem(.unauthorized, detail)
        problem.challenges = true
        return problem
    }

    static func methodNotAllowed(_ method: HTTPRequest.Method, allow: [HTTPRequest.Method]) -> Problem {
        let known = allow.map(\.rawValue).joined(separator: ", ")
        var problem = Problem(.methodNotAllowed, "\(method.rawValue) is not for this address; it can be \(known)")
        problem.allow = allow
        return problem
    }

    /// For counting.
    var cause: RefusalCause {
        if let known { return known }
        switch status {
        case .unauthorized: return .credentials
        case .forbidden: return .place
        case .notFound: return .notFound
        case .methodNotAllowed: return .method
        case .requestTimeout: return .tooSlow
        case .contentTooLarge: return .tooLong
        case .unsupportedMediaType: return .mediaType
        case .tooManyRequests: return .tooOften
        case .serviceUnavailable: return .unavailable
        case .internalServerError: return .failure
        default: return .body
        }
    }

    private struct Body: Encodable {
        var type = "about:blank"
        var title: String
        var status: Int
        var detail: String
    }

    /// What goes with it whatever form the body has.
    var headers: HTTPFields {
        var headers = HTTPFields()
        if let retryAfter {
            headers[.retryAfter] = "\(max(1, Int(retryAfter.seconds.rounded(.up))))"
        }
        if !allow.isEmpty { headers[.allow] = allow.map(\.rawValue).joined(separator: ", ") }
        if challenges { headers[.wwwAuthenticate] = "Bearer realm=\"linecheck\"" }
        return headers
    }

    var response: Response {
        let body = Body(title: status.reasonPhrase, status: status.code, detail: detail)
        var response = Response.json(body, status: status, type: "application/problem+json")
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension Response {
    static func json(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok,
        type: String = "application/json"
    ) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            return Response(status: .internalServerError)
        }
        return Response.octets(Array(data), status: status, type: type)
    }

    static func octets(_ octets: [UInt8], status: HTTPResponse.Status = .ok, type: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: octets))
        )
    }

    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        octets(Array(text.utf8), status: status, type: "text/html; charset=utf-8")
    }

    static func redirect(to path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }
}
