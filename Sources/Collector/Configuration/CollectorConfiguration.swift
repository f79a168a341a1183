import Settings
import Units

/// What one YAML file says of a collector: where it listens, where it keeps what it gets, and what it lets pass.
public struct CollectorConfiguration: Hashable, Sendable {
    public static let standardPort: UInt16 = 8_480
    public static let standardFile = "/etc/linecheck/linecheck-collector.yaml"
    public static let standardDatabase = "/var/lib/linecheck-collector/collector.sqlite"

    public var listen = ListenAddress(.loopback, port: standardPort)
    /// A file of SQLite, or `postgres://…`.
    public var database = standardDatabase
    public var tls: TLSSettings?
    /// Whose `X-Forwarded-…` is believed.
    public var proxies: [IPPrefix] = []
    public var limits = IngestLimits()
    public var retention = RetentionSettings()
    public var session = SessionSettings()
    /// After how long without a result a site counts as silent.
    public var silentAfter = Nanoseconds.seconds(24 * 3_600)

    public init() {}

    public static let silences = Nanoseconds.seconds(60)...Nanoseconds.seconds(365 * 86_400)

    /// Whether others than this host's own users can reach it.
    public var isExposed: Bool { !listen.isLoopback || !proxies.isEmpty }
}

/// TLS in this process.
public struct TLSSettings: Hashable, Sendable {
    /// The certificate, and those between it and its root, in PEM.
    public var certificate: FileReference
    /// Its key without a passphrase, in PEM.
    public var key: FileReference
    /// Whether clients are asked for a certificate, which then stands for the site that it is bound to.
    public var clientCertificates: Bool

    public init(certificate: FileReference, key: FileReference, clientCertificates: Bool = false) {
        self.certificate = certificate
        self.key = key
        self.clientCertificates = clientCertificates
    }
}

/// What one site may deliver.
public struct IngestLimits: Hashable, Sendable {
    /// Octets of a request's body as it is sent.
    public var body = 8_000_000
    /// Octets of it once inflated.
    public var inflated = 64_000_000
    /// Octets of one document.
    public var document = 4_000_000
    /// Documents of one batch.
    public var documents = 1_000
    /// Documents a minute; as many may come at once.
    public var rate = 2_000
    /// How long a request's body may take to arrive.
    public var bodyTimeout = Nanoseconds.seconds(30)
    /// After how long without a request, or amidst its head, a connection is closed.
    public var idleTimeout = Nanoseconds.seconds(75)
    public var connections = 4_096

    public init() {}

    public static let sizes = 1_000...1_000_000_000
    /// A store keeps none that is longer.
    public static let documentSizes = 1_000...8_000_000
    public static let counts = 1...100_000
    public static let rates = 1...10_000_000
    public static let timeouts = Nanoseconds.seconds(1)...Nanoseconds.seconds(600)
    public static let connectionCounts = 1...100_000
}

/// How long what is kept; nil is for ever.
public struct RetentionSettings: Hashable, Sendable {
    public static let day: Int64 = 86_400

    public var raw: Nanoseconds? = .seconds(90 * day)
    public var hourly: Nanoseconds?
    public var daily: Nanoseconds?

    public init() {}

    public static let lengths = Nanoseconds.seconds(day)...Nanoseconds.seconds(100 * 365 * day)
}

/// What a reader's login is worth.
public struct SessionSettings: Hashable, Sendable {
    public var length = Nanoseconds.seconds(12 * 3_600)
    /// Attempts to log in that an address has, a minute.
    public var attempts = 10

    public init() {}

    public static let lengths = Nanoseconds.seconds(60)...Nanoseconds.seconds(30 * 86_400)
    public static let attemptCounts = 1...1_000
}
