import Settings
import Units

/// Which collector results go to, and how.
public struct CollectorSettings: Hashable, Sendable {
    public static let batches = 1...1_000
    public static let defaultBatch = 50
    public static let timeouts = Nanoseconds.seconds(1)...Nanoseconds.seconds(600)
    public static let defaultTimeout = Nanoseconds.seconds(30)

    /// `https://HOST[:PORT][/PATH]`, without a slash at its end; `/v1/results` follows.
    public var url: String
    public var tokenFile: FileReference?
    public var clientCertificate: FileReference?
    public var clientKey: FileReference?
    /// Certificates to trust in the place of the system's.
    public var caFile: FileReference?
    /// `http://HOST:PORT` or `https://HOST:PORT`.
    public var proxy: String?
    /// A file with `USER:PASSWORD`.
    public var proxyCredentialsFile: FileReference?
    /// Documents in one request at most.
    public var batch = CollectorSettings.defaultBatch
    /// From a request's first packet to the last octet of its answer.
    public var timeout = CollectorSettings.defaultTimeout

    public init(url: String) { self.url = url }
}
