import CollectorRequests
import HTTPTypes
import Hummingbird

/// What every answer tells browsers.
enum SecurityHeaders {
    /// No script but the collector's own files, no style but those, nothing from elsewhere, no frames.
    static let contentPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'"

    /// - Parameter isSecure: whether the client's connection is encrypted.
    static func add(to response: inout Response, isSecure: Bool) {
        response.headers[.contentSecurityPolicy] = contentPolicy
        response.headers[.xContentTypeOptions] = "nosniff"
        // With none at all a browser would call the origin of a form null.
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.openerPolicy] = "same-origin"
        response.headers[.resourcePolicy] = "same-origin"
        response.headers[.frameOptions] = "DENY"
        response.headers[.permissionsPolicy] = "camera=(), geolocation=(), microphone=()"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
    }
}
