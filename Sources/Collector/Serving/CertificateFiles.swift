import NIOSSL
import Settings
import Units

/// A certificate and its key as their files are at one moment.
struct CertificateFiles: Hashable, Sendable {
    var certificate: [UInt8]
    var key: [UInt8]

    /// Beyond this it is no certificate.
    private static let longest = 1 << 20

    /// - Throws: ``TextRefusal`` that names the file.
    init(_ settings: TLSSettings) throws(TextRefusal) {
        certificate = try Self.octets(settings.certificate, "certificate")
        key = try Self.octets(settings.key, "key")
    }

    private static func octets(_ file: FileReference, _ name: String) throws(TextRefusal) -> [UInt8] {
        let octets = try file.octets(upTo: longest)
        guard octets.count <= longest else {
            throw TextRefusal("tls.\(name): \(file) has more than \(longest) octets, which a \(name) never has")
        }
        return octets
    }

    /// What connections are served with.
    ///
    /// - Throws: ``TextRefusal`` that says which of the two is wrong, or that they do not go together.
    func context(_ settings: TLSSettings) throws(TextRefusal) -> NIOSSLContext {
        let chain = try Self.reading(settings.certificate, "certificate") {
            try NIOSSLCertificate.fromPEMBytes(certificate)
        }
        let privateKey = try Self.reading(settings.key, "key") { try NIOSSLPrivateKey(bytes: self.key, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        configuration.minimumTLSVersion = .tlsv12
        if settings.clientCertificates { configuration.certificateVerification = .optionalVerification }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw TextRefusal(
                "tls: the certificate in '\(settings.certificate)' and the key in '\(settings.key)' do not go together"
            )
        }
    }

    /// When the certificate ends.
    func end(_ settings: TLSSettings) throws(TextRefusal) -> WallInstant {
        let chain = try Self.reading(settings.certificate, "certificate") {
            try NIOSSLCertificate.fromPEMBytes(certificate)
        }
        let seconds = Int64(clamping: chain.first?.notValidAfter ?? 0)
        return WallInstant(nanosecondsSinceUnixEpoch: min(seconds, .max / 1_000_000_000) * 1_000_000_000)
    }

    private static func reading<Value>(
        _ file: FileReference,
        _ name: String,
        _ read: () throws -> Value
    ) throws(TextRefusal) -> Value {
        do {
            return try read()
        } catch {
            throw TextRefusal("tls.\(name): there is no \(name) in '\(file)' that can be read as PEM: \(error)")
        }
    }
}
