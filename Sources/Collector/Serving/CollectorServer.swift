import CollectorStore
import Hummingbird
import HummingbirdCore
import Ingest
import Logging
import NIOCore
import ServiceLifecycle
import Units
import UnixSignals

/// The collector as a service: listens, answers, keeps its store tidy, until it is told to stop.
public struct CollectorServer: Sendable {
    public let configuration: CollectorConfiguration
    let store: any ResultStore
    let clock: any ClockSource
    let version: String
    let logger: Logger

    /// - Parameters:
    ///   - store: is not closed here.
    ///   - version: the program's, for whom it may concern.
    public init(
        _ configuration: CollectorConfiguration,
        store: any ResultStore,
        clock: any ClockSource,
        version: String,
        logger: Logger
    ) {
        self.configuration = configuration
        self.store = store
        self.clock = clock
        self.version = version
        self.logger = logger
    }

    /// How long requests under way have when the service is told to stop.
    private static let grace = Duration.seconds(8)

    /// Runs until SIGTERM or SIGINT. Requests under way are answered first.
    ///
    /// - Parameter running: is called with the address, once requests are answered there.
    public func run(running: @escaping @Sendable (ListenAddress) async -> Void) async throws {
        let metrics = CollectorMetrics(version: version, clock: clock)
        let policy = KeepingPolicy(configuration.retention)
        let keeper = StoreKeeper(store: store, policy: policy, clock: clock, metrics: metrics, logger: logger)
        let certificate = try configuration.tls.map { try ServedCertificate($0) }
        // Trapped before anybody knows whom to send it to: without that it would end the process.
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let certificateKeeper = CertificateKeeper(
            certificate: certificate,
            hangups: hangups,
            metrics: metrics,
            logger: logger
        )
        let address = configuration.listen
        // That it listens is said below, with its whole address.
        var serverLog = logger
        serverLog.logLevel = max(.notice, logger.logLevel)
        let application = Application(
            responder: responder(metrics),
            server: server(certificate),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: Int(address.port)),
                backlog: 1_024,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.limits.connections)
            ),
            services: [keeper, certificateKeeper],
            onServerRunning: { channel in
                let port = channel.localAddress?.port.map(UInt16.init(clamping:)) ?? address.port
                await running(ListenAddress(address.address, port: port))
            },
            logger: serverLog
        )
        var group = ServiceGroupConfiguration(
            services: [.init(service: application)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = Self.grace
        try await ServiceGroup(configuration: group).run()
    }

    func responder(_ metrics: CollectorMetrics) -> CollectorResponder {
        let desk = IngestDesk(store, limits: configuration.limits)
        func ingest(_ kind: DeliveredKind) -> IngestHandler {
            IngestHandler(kind: kind, limits: configuration.limits, desk: desk, metrics: metrics, clock: clock)
        }
        let reading = ReadHandler(
            store: store,
            metrics: metrics,
            clock: clock,
            silentAfter: configuration.silentAfter
        )
        let readers = ReaderAccess(store: store, configuration: configuration, clock: clock)
        return CollectorResponder(
            configuration: configuration,
            sites: SiteAccess(store: store, clock: clock),
            readers: readers,
            ingest: [.ingestResults: ingest(.result), .ingestAssessments: ingest(.assessment)],
            reading: reading,
            pages: PageHandler(reading: reading, readers: readers, version: version),
            open: PublicHandler(reading: reading, readers: readers, version: version),
            metrics: metrics
        )
    }

    /// A head of a request has bounds, so that nobody fills the memory before it is known who sends.
    private func server(_ certificate: ServedCertificate?) -> HTTPServerBuilder {
        let idleTimeout = TimeAmount.nanoseconds(configuration.limits.idleTimeout.count)
        return HTTPServerBuilder { responder in
            let base = HTTP1Channel(
                responder: responder,
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [HeadAnswers()],
                    idleTimeout: idleTimeout,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16_384,
                        maxHeaderListSize: 32_768,
                        maxHeaderFieldCount: 100
                    )
                )
            )
            return certificate.map { RenewableTLSChannel(base: base, certificate: $0) } ?? base
        }
    }
}
