import Foundation

/// `Client-Cert`, by which a proxy hands on the certificate that a client showed to it (RFC 9440).
package enum ClientCertificateHeader {
    /// No certificate is longer: the head of a request has not even room for it.
    private static let longest = 16_384

    /// - Parameter value: a byte sequence of RFC 8941, which is base64 between colons.
    /// - Returns: the certificate in DER.
    package static func octets(_ value: String) throws(RequestRefusal) -> [UInt8] {
        guard value.utf8.count <= longest, value.hasPrefix(":"), value.hasSuffix(":"), value.utf8.count > 2 else {
            throw RequestRefusal(.clientCertificate, "Client-Cert is not written as RFC 9440 has it")
        }
        // Who writes it may leave the padding out (RFC 8941 §4.2.7).
        var digits = value.dropFirst().dropLast()
        while digits.last == "=" { digits.removeLast() }
        let padding = String(repeating: "=", count: (4 - digits.utf8.count % 4) % 4)
        guard !digits.isEmpty, let octets = Data(base64Encoded: digits + padding) else {
            throw RequestRefusal(.clientCertificate, "Client-Cert is not base64")
        }
        return Array(octets)
    }

    package static func value(_ octets: [UInt8]) -> String { ":\(Data(octets).base64EncodedString()):" }
}
