import Crypto
import Foundation

/// What a page in a file lets a browser do: use its own style, and nothing else.
enum ContentPolicy {
    static func policy(css: StaticString) -> String {
        let digest = SHA256.hash(data: Data(css.description.utf8))
        let hash = Data(digest).base64EncodedString()
        return "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'"
    }
}
