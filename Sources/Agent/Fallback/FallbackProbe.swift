import Foundation
import Readiness
import Synchronization
import Units

/// Tries the way that media takes when UDP is blocked: TCP to port 443 of the endpoint's host, and TLS over it.
///
/// It goes straight to the address that was measured, past any proxy, and sends no request: the connection is closed as
/// soon as the handshake is done.
public struct FallbackProbe: Sendable {
    public static let port: UInt16 = 443

    /// The name that the certificate must be for.
    public var host: String
    /// The address to connect to.
    public var address: IPAddress
    public var port: UInt16
    public var timeout: Nanoseconds

    public init(
        host: String,
        address: IPAddress,
        port: UInt16 = FallbackProbe.port,
        timeout: Nanoseconds = .seconds(4)
    ) {
        self.host = host
        self.address = address
        self.port = port
        self.timeout = timeout
    }

    /// Certificates are for names: of an address in numbers only the chain can be checked.
    var hostIsName: Bool {
        !host.contains(":") && !host.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    }

    /// Tries all at the same time; the results stand in the same order.
    public static func run(_ probes: [FallbackProbe]) -> [FallbackEvidence] {
        let found = Mutex<[Int: FallbackEvidence]>([:])
        DispatchQueue.concurrentPerform(iterations: probes.count) { index in
            let evidence = probes[index].run()
            found.withLock { $0[index] = evidence }
        }
        let all = found.withLock { $0 }
        return probes.indices.compactMap { all[$0] }
    }

    /// Blocks for four times the timeout at most.
    public func run() -> FallbackEvidence {
        // By itself: of a handshake that failed libcurl does not tell how far it had come.
        let tcp = CurlConnection(self, .tcp)
        guard tcp.succeeded else { return FallbackEvidence(port: port, tcp: tcp.outcome) }
        return FallbackEvidence(port: port, tcp: .connected, connectTime: tcp.connectTime, tls: handshake())
    }

    private func handshake() -> FallbackEvidence.Handshake {
        let tls = CurlConnection(self, .tls)
        if tls.succeeded { return trusted(tls.certificate) }
        return tls.certificateIsRefused ? untrusted(reason: tls.reason) : .failed(reason: tls.reason)
    }

    /// Once more with the authorities that come with the system alone: an inspector's own is added to them.
    private func trusted(_ certificate: CurlConnection.Certificate) -> FallbackEvidence.Handshake {
        guard let authorities = PublicAuthorities.bundle else { return .trusted(issuer: certificate.issuer) }
        guard CurlConnection(self, .tls, authorities: authorities).certificateIsRefused else {
            return .trusted(issuer: certificate.issuer)
        }
        return .locallyTrusted(issuer: certificate.issuer ?? "unknown", subject: certificate.subject ?? "unknown")
    }

    /// Once more without looking at the certificate, to see whose it is: libcurl tells that of completed handshakes only.
    private func untrusted(reason: String) -> FallbackEvidence.Handshake {
        let certificate = CurlConnection(self, .tlsWithAnyone).certificate
        return .untrusted(
            issuer: certificate.issuer ?? "unknown",
            subject: certificate.subject ?? "unknown",
            reason: reason
        )
    }
}
