import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// TLS before HTTP, by the certificate that is served when a connection begins.
struct RenewableTLSChannel: HTTPChannelHandler {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel
    let certificate: ServedCertificate

    var responder: HTTPChannelHandler.Responder { base.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let accept = certificate.settings.clientCertificates ? Self.accept : nil
        let encrypted: EventLoopFuture<Void> = channel.eventLoop.makeCompletedFuture {
            let handler = NIOSSLServerHandler(
                context: certificate.context,
                customVerificationCallback: accept,
                configuration: .init()
            )
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        return encrypted.flatMap { base.setup(channel: channel, logger: logger) }
    }

    /// Whoever shows a certificate proved by the handshake to have its key; what it stands for is looked up by its
    /// fingerprint, which nobody has to have signed.
    private static let accept: @Sendable ([NIOSSLCertificate], EventLoopPromise<NIOSSLVerificationResult>) -> Void = {
        _,
        promise in
        promise.succeed(.certificateVerified)
    }

    func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
