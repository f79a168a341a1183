import NIOSSL
import Settings
import Synchronization
import Units

/// The certificate that new connections are shown, and its key: replaced together, or not at all. Connections go on
/// with what they began with.
final class ServedCertificate: Sendable {
    private struct State {
        /// Those that were tried last, whether or not they are served.
        var tried: CertificateFiles
        var context: NIOSSLContext
        var end: WallInstant
    }

    let settings: TLSSettings
    private let state: Mutex<State>

    /// - Throws: ``TextRefusal``.
    init(_ settings: TLSSettings) throws(TextRefusal) {
        self.settings = settings
        state = Mutex(try Self.state(try CertificateFiles(settings), settings))
    }

    private static func state(_ files: CertificateFiles, _ settings: TLSSettings) throws(TextRefusal) -> State {
        State(tried: files, context: try files.context(settings), end: try files.end(settings))
    }

    /// What the next connection is served with.
    var context: NIOSSLContext { state.withLock { $0.context } }
    var end: WallInstant { state.withLock { $0.end } }
    var tried: CertificateFiles { state.withLock { $0.tried } }

    /// - Throws: ``TextRefusal``; then what was served before goes on.
    func replace(with files: CertificateFiles) throws(TextRefusal) {
        state.withLock { $0.tried = files }
        let next = try Self.state(files, settings)
        state.withLock { $0 = next }
    }
}
