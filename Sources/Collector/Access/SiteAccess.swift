import CollectorRequests
import CollectorStore
import HTTPTypes
import Hummingbird
import NIOCore
import NIOSSL
import Results
import Units

/// For which site a request may write.
struct SiteAccess: Sendable {
    let store: any ResultStore
    let clock: any ClockSource

    /// By its token, else by the certificate that the client showed to this process or to a configured proxy.
    ///
    /// - Throws: ``Problem``, 401.
    func site(_ request: Request, _ context: CollectorContext, _ client: Client) async throws -> String {
        if let token = Bearer.token(request.headers) {
            let now = UTCTime(clock.read().wall)
            if let site = try await store.site(token: SecretToken.digest(of: token), now: now) { return site }
            throw Problem.unauthorized("this token is for no site: it is not known, or expired, or revoked")
        }
        guard let certificate = try await certificate(request, context, client) else {
            throw Problem.unauthorized(
                "a site's token is needed, as Authorization: Bearer TOKEN, or a client certificate bound to a site"
            )
        }
        let fingerprint = SecretToken.digest(of: certificate)
        if let site = try await store.site(certificate: fingerprint) { return site }
        throw Problem.unauthorized("the certificate with SHA-256 fingerprint \(fingerprint) is bound to no site")
    }

    /// In DER. The handshake proved that the client has its key.
    private func certificate(
        _ request: Request,
        _ context: CollectorContext,
        _ client: Client
    ) async throws -> [UInt8]? {
        if let direct = try? await context.channel.nioSSL_peerCertificate().get() { return try direct.toDERBytes() }
        guard client.isProxied, let header = request.headers[.clientCertificate] else { return nil }
        return try ClientCertificateHeader.octets(header)
    }
}
