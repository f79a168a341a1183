import ArgumentParser
import Collector
import CollectorStore
import LinuxNet
import Logging
import ServiceLog
import Settings
import Units

/// `linecheck-collector serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Takes results, and shows them.",
        discussion: """
            Runs until SIGINT or SIGTERM; requests under way are answered first. On loopback, pages and API are open to \
            this host's users until there is a reader. Beyond loopback it starts only where a reader was added, and \
            with TLS, its own or a configured proxy's. Any number can run on one PostgreSQL.

            A renewed certificate and key are served to new connections within seconds of their files being replaced, \
            and at once on SIGHUP; other settings take a restart. While the database cannot be used, requests are \
            answered 503 with Retry-After, /health/ready too, and agents keep what they have; nothing has to be \
            started again when it comes back.
            """
    )

    @OptionGroup var store: StoreOptions

    @Option(
        help: ArgumentHelp(
            "In the place of the configuration's: HOST:PORT; port 0 takes a free one.",
            valueName: "address"
        )
    )
    var listen: String?

    @Flag(name: [.short, .long], help: "Say nothing but what is wrong.")
    var quiet = false

    func run() async throws {
        let log = ServiceLog.make("linecheck.collector", quiet: quiet)
        try await store.withStore { store, configuration in
            let configuration = try overridden(configuration)
            try await Self.requireClosed(configuration, store)
            let server = CollectorServer(
                configuration,
                store: store,
                clock: SystemClock(),
                version: LinecheckCollector.version,
                logger: log
            )
            let manager = ServiceManager()
            do {
                try await server.run { address in
                    let url = "\(configuration.tls == nil ? "http" : "https")://\(address)/"
                    log.info("collecting at \(url)", metadata: ["database": "\(Self.shown(configuration.database))"])
                    manager.ready(status: "Collecting at \(url)")
                }
            } catch let error where !(error is CommandFailure) && !(error is StoreError) && !(error is TextRefusal) {
                throw CommandFailure(
                    status: ExitStatus.system,
                    message: "cannot serve at \(configuration.listen): \(error)"
                )
            }
            manager.stopping()
            log.info("stopped")
        }
    }

    private func overridden(_ configuration: CollectorConfiguration) throws -> CollectorConfiguration {
        guard let listen else { return configuration }
        var configuration = configuration
        do throws(TextRefusal) {
            configuration.listen = try ListenAddress(listen)
        } catch {
            throw CommandFailure(status: ExitStatus.configuration, message: "--listen: \(error)")
        }
        return configuration
    }

    private static func requireClosed(_ configuration: CollectorConfiguration, _ store: any ResultStore) async throws {
        let readers = try await store.readers().count
        if let refusal = OpeningCheck.refusal(configuration, readers: readers) {
            throw CommandFailure(status: ExitStatus.configuration, message: "refuses to start: \(refusal)")
        }
        try configuration.checkFiles()
    }

    /// Without what stands behind the name: options may name files.
    static func shown(_ database: String) -> String { String(database.prefix { $0 != "?" }) }
}

/// `linecheck-collector check-config`.
struct CheckConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Says whether the configuration is right; exit status 78 if it is not.",
        discussion: "Reads the files that it names too. The database is not opened."
    )

    @OptionGroup var store: StoreOptions

    @Flag(name: [.short, .long], help: "Say nothing but what is wrong.")
    var quiet = false

    func run() async throws {
        try await reporting {
            let configuration = try store.configuration()
            try configuration.checkFiles()
            if let refusal = OpeningCheck.refusal(configuration, readers: 1) {
                throw CommandFailure(status: ExitStatus.configuration, message: "it would refuse to start: \(refusal)")
            }
            if !quiet { Terminal.print(Self.summary(configuration)) }
        }
    }

    private static func summary(_ configuration: CollectorConfiguration) -> String {
        let raw = configuration.retention.raw.map(\.text) ?? "ever"
        let scheme = configuration.tls == nil ? "http" : "https"
        return """
            listens   \(scheme)://\(configuration.listen)/\(configuration.isExposed ? "" : ", this host's users alone")
            database  \(ServeCommand.shown(configuration.database))
            keeps     whole results for \(raw)
            """
    }
}
