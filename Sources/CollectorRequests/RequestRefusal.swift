/// Why what a request says cannot be read.
package struct RequestRefusal: Error, Hashable, Sendable {
    package var cause: RefusalCause
    /// What was wrong, the value, the bound.
    package var detail: String

    package init(_ cause: RefusalCause, _ detail: String) {
        self.cause = cause
        self.detail = detail
    }
}

/// Why a request is not answered as it was meant, for counting: every refusal has one of these.
package enum RefusalCause: String, Hashable, Sendable, CaseIterable {
    /// Not percent-encoded UTF-8.
    case address
    /// Nothing is there.
    case notFound = "not_found"
    case method
    /// A parameter that is not known, or stands more than once.
    case parameter
    /// A parameter's value.
    case value
    case cursor
    /// A token, a certificate or a login that is missing, or that nobody has.
    case credentials
    /// A `Client-Cert` that cannot be read.
    case clientCertificate = "client_certificate"
    /// Not encrypted, by a proxy or for a name that is not configured, or a form from elsewhere.
    case place
    case mediaType = "media_type"
    /// A body that is not what its headers say.
    case body
    case tooLong = "too_long"
    case tooSlow = "too_slow"
    case tooOften = "too_often"
    /// The store cannot be used, or the collector is stopping.
    case unavailable
    /// The collector's own fault.
    case failure
}
