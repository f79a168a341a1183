import CollectorStore
import Crypto
import Foundation
import Units

/// A reader's login, in a cookie that any collector on the same database can check and none has to remember.
///
/// It is signed with the digest of the reader's token, so that a new token or the reader's removal ends every login.
/// Whoever can read that digest in the database can read all that a login shows as well.
package struct Session: Hashable, Sendable {
    package var reader: String
    package var expiresAt: WallInstant

    package init(reader: String, expiresAt: WallInstant) {
        self.reader = reader
        self.expiresAt = expiresAt
    }

    /// `NAME.EXPIRY.SIGNATURE`.
    package func cookie(_ digest: SecretDigest) -> String {
        "\(signed).\(Base64URL.encode(Self.signature(signed, digest)))"
    }

    private var signed: String {
        "\(Base64URL.encode(Array(reader.utf8))).\(expiresAt.nanosecondsSinceUnixEpoch / 1_000_000_000)"
    }

    private static func signature(_ text: String, _ digest: SecretDigest) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key(digest)))
    }

    private static func key(_ digest: SecretDigest) -> SymmetricKey {
        SymmetricKey(data: Array("linecheck-collector session ".utf8) + digest.octets)
    }

    /// What a cookie claims, before its signature is looked at.
    package static func claim(_ cookie: String) -> Session? {
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3,
            let name = Base64URL.decode(parts[0]).flatMap({ String(validating: $0, as: UTF8.self) }),
            let seconds = Int64(parts[1]), (0...9_000_000_000).contains(seconds)
        else { return nil }
        return Session(
            reader: name,
            expiresAt: WallInstant(nanosecondsSinceUnixEpoch: seconds * 1_000_000_000)
        )
    }

    /// Whether the cookie was made for this reader, and still holds. Takes as long whatever the signature is.
    package static func holds(_ cookie: String, for reader: Reader, now: WallInstant) -> Bool {
        guard let claim = claim(cookie), let digest = reader.tokenDigest, claim.reader == reader.name,
            let dot = cookie.lastIndex(of: "."), let code = Base64URL.decode(cookie[cookie.index(after: dot)...])
        else { return false }
        let isSigned = HMAC<SHA256>.isValidAuthenticationCode(
            Data(code),
            authenticating: Data(cookie[..<dot].utf8),
            using: key(digest)
        )
        return isSigned && now < claim.expiresAt
    }
}
