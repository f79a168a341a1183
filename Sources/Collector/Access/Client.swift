import HTTPTypes
import Units

/// Who sent a request and how, as far as the connection and configured proxies tell.
struct Client: Hashable, Sendable {
    /// Of the connection.
    var peer: IPAddress
    /// Where the request came from: the peer, or whom a configured proxy names.
    var address: IPAddress
    /// Whether the client's own connection is encrypted.
    var isSecure: Bool
    /// Whether the peer is one of the configured proxies.
    var isProxied: Bool

    /// - Parameters:
    ///   - tls: whether this connection is encrypted.
    ///   - proxies: whose `X-Forwarded-…` counts.
    init(peer: IPAddress, tls: Bool, headers: HTTPFields, proxies: [IPPrefix]) {
        self.peer = peer
        isProxied = proxies.contains { $0.contains(peer) }
        address = peer
        isSecure = tls
        guard isProxied else { return }
        // The last that is no proxy: whatever stands before it, the client can have written.
        let forwarded = headers[values: .xForwardedFor].joined(separator: ",").split(separator: ",")
            .map { entry in try? IPPrefix(String(entry.filter { $0 != " " })) }
        for entry in forwarded.reversed() {
            guard let entry else { break }
            address = entry.address
            guard proxies.contains(where: { $0.contains(entry.address) }) else { break }
        }
        if let proto = headers[values: .xForwardedProto].last { isSecure = proto.lowercased() == "https" }
    }

    /// Whether something before this collector passed the request on, whether or not it was allowed to.
    static func isPassedOn(_ headers: HTTPFields) -> Bool {
        [.xForwardedFor, .xForwardedProto, .xForwardedHost, .forwarded, .xRealIP].contains { headers[$0] != nil }
    }
}

extension HTTPField.Name {
    private static func known(_ name: String) -> HTTPField.Name {
        guard let known = HTTPField.Name(name) else { preconditionFailure("'\(name)' is a header's name") }
        return known
    }

    static let xForwardedFor = known("X-Forwarded-For")
    static let xForwardedProto = known("X-Forwarded-Proto")
    static let xForwardedHost = known("X-Forwarded-Host")
    static let xRealIP = known("X-Real-IP")
    static let forwarded = known("Forwarded")
    /// RFC 9440.
    static let clientCertificate = known("Client-Cert")
    static let secFetchSite = known("Sec-Fetch-Site")
    static let referrerPolicy = known("Referrer-Policy")
    static let openerPolicy = known("Cross-Origin-Opener-Policy")
    static let resourcePolicy = known("Cross-Origin-Resource-Policy")
    static let permissionsPolicy = known("Permissions-Policy")
    static let frameOptions = known("X-Frame-Options")
}
