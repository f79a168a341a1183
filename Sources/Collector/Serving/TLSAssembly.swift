import HummingbirdTLS
import NIOCore
import NIOSSL
import Settings
import Units

/// TLS from files.
enum TLSAssembly {
    /// - Throws: ``TextRefusal`` that names the file.
    static func channel(_ settings: TLSSettings) throws -> TLSChannelConfiguration {
        let certificates = try reading(settings.certificate, "certificate") { path in
            try NIOSSLCertificate.fromPEMFile(path)
        }
        let key = try reading(settings.key, "key") { path in try NIOSSLPrivateKey(file: path, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        guard settings.clientCertificates else { return TLSChannelConfiguration(tlsConfiguration: configuration) }
        configuration.certificateVerification = .optionalVerification
        // Whoever shows a certificate proved by the handshake to have its key; what it stands for is looked up by its
        // fingerprint, which nobody has to have signed.
        return TLSChannelConfiguration(tlsConfiguration: configuration) { _, promise in
            promise.succeed(.certificateVerified)
        }
    }

    private static func reading<Value>(
        _ file: FileReference,
        _ name: String,
        _ read: (String) throws -> Value
    ) throws -> Value {
        do {
            return try read(try file.path())
        } catch {
            throw TextRefusal("tls.\(name): '\(file)' cannot be read as PEM: \(error)")
        }
    }

    /// What would keep the server from starting, found before it starts.
    ///
    /// - Throws: ``TextRefusal``.
    static func check(_ settings: TLSSettings) throws {
        do {
            _ = try NIOSSLContext(configuration: try channel(settings).tlsConfiguration)
        } catch let refusal as TextRefusal {
            throw refusal
        } catch {
            throw TextRefusal("tls: the certificate and the key do not go together: \(error)")
        }
    }
}
