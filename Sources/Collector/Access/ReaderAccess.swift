import CollectorRequests
import CollectorStore
import HTTPTypes
import Hummingbird
import Results
import Units

/// Who may read, and as whom.
struct ReaderAccess: Sendable {
    /// Somebody who may read.
    enum Identity: Hashable, Sendable {
        case reader(String)
        /// A user of this host: it listens on loopback alone, and there is no reader.
        case local
    }

    let store: any ResultStore
    let configuration: CollectorConfiguration
    let clock: any ClockSource
    /// Log-ins, by address.
    let attempts: Allowance<IPAddress>

    init(store: any ResultStore, configuration: CollectorConfiguration, clock: any ClockSource) {
        self.store = store
        self.configuration = configuration
        self.clock = clock
        attempts = Allowance(perMinute: configuration.session.attempts, burst: configuration.session.attempts)
    }

    /// - Throws: ``Problem``: 401, or 403 where what would be open must not be.
    func identity(_ request: Request, _ client: Client) async throws -> Identity {
        if let token = Bearer.token(request.headers) {
            if let reader = try await store.reader(token: SecretToken.digest(of: token)) { return .reader(reader.name) }
            throw Problem.unauthorized("this token is no reader's")
        }
        if let reader = try await session(request, client) { return .reader(reader) }
        guard !configuration.isExposed, try await store.readers().isEmpty else {
            throw Problem.unauthorized(
                "a reader's token is needed, as Authorization: Bearer TOKEN, or a login at /login"
            )
        }
        try requireLocal(request)
        return .local
    }

    /// What is open to this host's users is not open to others by a proxy that nobody configured, nor to a page that a
    /// browser here has open and whose name was made to point here.
    private func requireLocal(_ request: Request) throws {
        guard !Client.isPassedOn(request.headers) else {
            throw Problem(
                .forbidden,
                "a proxy passed this on, and none is configured: name it under 'proxies' and add a reader"
            )
        }
        let authority = request.head.authority ?? ""
        guard LocalName.isLocal(authority) else {
            throw Problem(
                .forbidden,
                "'\(authority)' is not this host's loopback; add a reader to be reached by a name"
            )
        }
    }

    // MARK: - Log-in

    private static let cookieName = "linecheck"
    /// Browsers send such a cookie back to this host alone, and never in the clear (RFC 6265bis §4.1.3.2).
    private static let secureCookieName = "__Host-linecheck"

    private func session(_ request: Request, _ client: Client) async throws -> String? {
        let name = client.isSecure ? Self.secureCookieName : Self.cookieName
        guard let cookie = request.cookies[name]?.value, let claim = Session.claim(cookie),
            let reader = try await store.reader(named: claim.reader),
            Session.holds(cookie, for: reader, now: clock.read().wall)
        else { return nil }
        return reader.name
    }

    /// - Returns: the cookie to set; nil where name and token are no reader's.
    /// - Throws: ``Problem``, 429.
    func logIn(name: String, token: String, _ client: Client) async throws -> String? {
        let now = clock.read()
        if let wait = attempts.take(1, client.address, now: now.monotonic) {
            throw Problem(.tooManyRequests, "too many attempts to log in from this address", retryAfter: wait)
        }
        guard let reader = try await store.reader(token: SecretToken.digest(of: token)), reader.name == name,
            let digest = reader.tokenDigest
        else { return nil }
        let session = Session(reader: name, expiresAt: now.wall + configuration.session.length)
        return setCookie(session.cookie(digest), seconds: Int(configuration.session.length.seconds), client)
    }

    /// The cookie that ends a login.
    func logOut(_ client: Client) -> String { setCookie("", seconds: 0, client) }

    private func setCookie(_ value: String, seconds: Int, _ client: Client) -> String {
        let name = client.isSecure ? Self.secureCookieName : Self.cookieName
        let secure = client.isSecure ? "; Secure" : ""
        return "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax\(secure)"
    }

    /// A form that another site's page sent must not log anybody in or out.
    ///
    /// - Throws: ``Problem``, 403.
    static func requireSameOrigin(_ request: Request) throws {
        let refusal = Problem(.forbidden, "the form was not sent by a page of this collector")
        if let site = request.headers[.secFetchSite] {
            guard site == "same-origin" || site == "none" else { throw refusal }
            return
        }
        guard let origin = request.headers[.origin] else { return }
        let host = origin.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first
        guard let host, host == (request.head.authority ?? "")[...] else { throw refusal }
    }
}
