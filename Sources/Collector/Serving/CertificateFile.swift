import CollectorStore
import NIOSSL
import Units

/// Certificates of sites, as operators have them.
public enum CertificateFile {
    /// SHA-256 of the first certificate of a PEM file, in DER: what it is known by.
    ///
    /// - Throws: ``TextRefusal``.
    public static func fingerprint(_ path: String) throws -> SecretDigest {
        do {
            guard let first = try NIOSSLCertificate.fromPEMFile(path).first else {
                throw TextRefusal("'\(path)' has no certificate in it")
            }
            return SecretToken.digest(of: try first.toDERBytes())
        } catch let refusal as TextRefusal {
            throw refusal
        } catch {
            throw TextRefusal("'\(path)' cannot be read as a certificate in PEM: \(error)")
        }
    }
}

extension CollectorConfiguration {
    /// Reads the files that it names.
    ///
    /// - Throws: ``TextRefusal``.
    public func checkFiles() throws {
        if let tls { _ = try ServedCertificate(tls) }
    }
}
