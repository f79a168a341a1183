import Settings
import Units

/// One request, by POST.
struct HTTPRequest: Sendable {
    var url: String
    /// Names and values.
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]
    var connection = HTTPConnection()
    /// From the first packet to the last octet of the answer.
    var timeout = Nanoseconds.seconds(30)
}

/// Whom to trust, who to be, and what to go through.
struct HTTPConnection: Hashable, Sendable {
    /// Certificates in PEM to trust in the place of the system's.
    var caFile: String?
    var clientCertificate: String?
    var clientKey: String?
    /// `http://HOST:PORT` or `https://HOST:PORT`.
    var proxy: String?
    /// `USER:PASSWORD`.
    var proxyCredentials: Secret?

    init() {}
}

/// What came of a request.
package enum HTTPOutcome: Hashable, Sendable {
    case answered(HTTPResponse)
    /// The far end was never spoken to.
    case notReached(String)
    /// The request may have arrived, wholly or in part: no answer came, or not all of one.
    case cut(String)
    /// This end was told to stop.
    case interrupted
}

package struct HTTPResponse: Hashable, Sendable {
    package var status: Int
    package var retryAfter: String?
    package var location: String?
    package var body: [UInt8] = []

    package init(status: Int, retryAfter: String? = nil, location: String? = nil, body: [UInt8] = []) {
        self.status = status
        self.retryAfter = retryAfter
        self.location = location
        self.body = body
    }
}

/// What sends requests: libcurl, or a test.
protocol HTTPTransport: AnyObject {
    func send(_ request: HTTPRequest) -> HTTPOutcome
}
