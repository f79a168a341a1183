import HTTPTypes
import Units

/// Who sent a request and how, as far as the connection and configured proxies tell.
package struct Client: Hashable, Sendable {
    /// Of the connection.
    package var peer: IPAddress
    /// Where the request came from: the peer, or whom a configured proxy names.
    package var address: IPAddress
    /// Whether the client's own connection is encrypted.
    package var isSecure: Bool
    /// Whether the peer is one of the configured proxies.
    package var isProxied: Bool

    /// - Parameters:
    ///   - tls: whether this connection is encrypted.
    ///   - proxies: whose `X-Forwarded-…` counts.
    package init(peer: IPAddress, tls: Bool, headers: HTTPFields, proxies: [IPPrefix]) {
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
    package static func isPassedOn(_ headers: HTTPFields) -> Bool {
        [.xForwardedFor, .xForwardedProto, .xForwardedHost, .forwarded, .xRealIP].contains { headers[$0] != nil }
    }
}

extension HTTPField.Name {
    private static func known(_ name: String) -> HTTPField.Name {
        guard let known = HTTPField.Name(name) else { preconditionFailure("'\(name)' is a header's name") }
        return known
    }

    package static let xForwardedFor = known("X-Forwarded-For")
    package static let xForwardedProto = known("X-Forwarded-Proto")
    package static let xForwardedHost = known("X-Forwarded-Host")
    package static let xRealIP = known("X-Real-IP")
    package static let forwarded = known("Forwarded")
    /// RFC 9440.
    package static let clientCertificate = known("Client-Cert")
    package static let secFetchSite = known("Sec-Fetch-Site")
    package static let referrerPolicy = known("Referrer-Policy")
    package static let openerPolicy = known("Cross-Origin-Opener-Policy")
    package static let resourcePolicy = known("Cross-Origin-Resource-Policy")
    package static let permissionsPolicy = known("Permissions-Policy")
    package static let frameOptions = known("X-Frame-Options")
}
