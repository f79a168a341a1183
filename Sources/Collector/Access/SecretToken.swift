import CollectorRequests
import CollectorStore
import Crypto

/// A token: 256 random bits behind a prefix that tells people and scanners of leaked secrets what it is. Shown once;
/// its digest alone is kept.
public struct SecretToken: Hashable, Sendable {
    public enum Purpose: String, Hashable, Sendable {
        /// Lets an agent write for its site.
        case site = "lcs_"
        /// Lets somebody read.
        case reader = "lcr_"
    }

    /// For printing once.
    public let text: String

    public init(_ purpose: Purpose) {
        let key = SymmetricKey(size: .bits256)
        text = purpose.rawValue + key.withUnsafeBytes { Base64URL.encode(Array($0)) }
    }

    public var digest: SecretDigest { Self.digest(of: text) }

    /// A digest is looked up, never the token: how long that takes says nothing about a token, since nobody can choose
    /// what digest a guess has.
    public static func digest(of text: String) -> SecretDigest { digest(of: Array(text.utf8)) }

    /// Also of a certificate in DER, as its fingerprint.
    public static func digest(of octets: [UInt8]) -> SecretDigest {
        guard let digest = SecretDigest(octets: SHA256.hash(data: octets)) else {
            preconditionFailure("SHA-256 has 32 octets")
        }
        return digest
    }
}
