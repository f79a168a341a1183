import ArgumentParser
import Collector
import CollectorStore
import Foundation
import LinuxNet
import Results
import Units

/// `linecheck-collector load`: what a collector bears.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Plays many agents, and measures how a collector bears them.",
        discussion: """
            Without --url it starts a collector of its own on loopback, with a database in a temporary folder or the \
            one that --database names (which must be empty: sites are enrolled in it). Before and after that it inserts \
            as many results of the same kind into the same database without a collector, and prints what share of \
            that rate, the better of both, the collector reached.

            The bare insert has its rows made, and their documents compressed, before its clock starts; one connection \
            inserts them into the tables of documents, results, figures and findings, with one prepared statement for \
            each table and one transaction, as durable as the collector's, for every --batch results. The collector \
            does all of its work on the clock: HTTP, inflating, reading, checking, compressing, inserting and keeping \
            up its sites' rows. What agents send is made and compressed before the clock starts; the client is this \
            process, whose processor time is printed beside the collector's.

            With --url it plays against a collector that runs, on loopback alone; --tokens names a file with a site's \
            name, a tab and its token on each line.
            """
    )

    @Option(help: ArgumentHelp("A running collector, http://127.0.0.1:PORT.", valueName: "url")) var url: String?
    @Option(help: ArgumentHelp("Sites and their tokens, for --url.", valueName: "file")) var tokens: String?
    @Option(help: ArgumentHelp("Where every result that was acknowledged is noted by its id.", valueName: "file"))
    var acknowledged: String?
    @Option(help: ArgumentHelp("A database for the collector's own run.", valueName: "url")) var database: String?
    @Option(help: ArgumentHelp("How many sites there are.", valueName: "count")) var sites = 100
    @Option(help: ArgumentHelp("How many of them deliver. Default: all, at most 1000.", valueName: "count"))
    var writers: Int?
    @Option(help: ArgumentHelp("How many connections deliver at once.", valueName: "count")) var connections = 16
    @Option(help: ArgumentHelp("Results in one request.", valueName: "count")) var batch = 50
    @Option(help: ArgumentHelp("Results in all.", valueName: "count")) var results = 10_000
    @Option(help: ArgumentHelp("Results a second, at most; 0 for as many as can be.", valueName: "count")) var rate = 0
    @Option(help: ArgumentHelp("How often the fleet page is loaded meanwhile.", valueName: "count")) var pages = 0
    @Option(help: ArgumentHelp("Give up after so long.", valueName: "duration")) var within = "10min"

    func validate() throws {
        guard sites > 0, connections > 0, batch > 0, results > 0, rate >= 0, pages >= 0 else {
            throw ValidationError("counts are above 0")
        }
        guard (url == nil) == (tokens == nil) else { throw ValidationError("--url and --tokens go together") }
    }

    func run() async throws {
        try await reporting {
            if let url, let tokens {
                try await playAgainst(url, tokens)
            } else {
                try await playAlone()
            }
        }
    }

    private func playAgainst(_ url: String, _ tokens: String) async throws {
        guard let target = LoadTarget(url) else {
            throw CommandFailure(status: ExitCode(64), message: "--url: '\(url)' is not http://127.0.0.1:PORT")
        }
        guard let text = try? String(contentsOfFile: tokens, encoding: .utf8) else {
            throw CommandFailure(status: ExitStatus.noInput, message: "'\(tokens)' cannot be read")
        }
        let writers = text.split(separator: "\n").compactMap { line -> LoadSite? in
            let parts = line.split(separator: "\t")
            return parts.count == 2 ? LoadSite(name: String(parts[0]), token: String(parts[1])) : nil
        }
        guard !writers.isEmpty else {
            throw CommandFailure(status: ExitStatus.noInput, message: "'\(tokens)' has no line SITE<tab>TOKEN")
        }
        let report = try await play(target, writers)
        Terminal.print(report.text)
        if report.isIncomplete { throw ExitStatus.failure }
    }

    private func play(_ target: LoadTarget, _ writers: [LoadSite]) async throws -> LoadReport {
        let documents = try LoadDocuments(now: SystemClock().wall())
        let run = LoadRun(
            target: target,
            batches: documents.batches(count: results, batch: batch, sites: writers),
            connections: connections,
            rate: rate,
            pages: pages,
            ledger: try acknowledged.map(LoadLedger.init),
            within: try Nanoseconds(text: within)
        )
        return await run.play()
    }

    // MARK: - With a collector of its own

    private func playAlone() async throws {
        let folder = try LoadFolder()
        defer { folder.remove() }
        let address = database ?? folder.path("collector.sqlite")
        let store = try await SQLStore.open(address)
        let writers = try await LoadFleet(sites: sites, writers: min(writers ?? 1_000, sites)).enrol(in: store)
        let before = try await bare(store, batch, "Bare before")
        let collector = try await OwnCollector.start(address)
        defer { collector.stop() }
        let started = collector.processorTime
        let report = try await play(collector.target, writers)
        Terminal.print(report.text)
        if let started, let ended = collector.processorTime { Terminal.print(report.text(collector: ended - started)) }
        collector.stop()
        if let before, let after = try await bare(store, batch, "Bare after"),
            let joined = try await bare(store, max(batch, SQLStore.joinedDocuments), "Bare joined")
        {
            Terminal.print(report.text(BareRates(before: before, after: after, joined: joined), batch: batch))
        }
        await store.close()
        if report.isIncomplete { throw ExitStatus.failure }
    }

    /// Nil where the collector is not asked for all that it can.
    private func bare(_ store: SQLStore, _ batch: Int, _ name: String) async throws -> Double? {
        guard rate == 0 else { return nil }
        let documents = try LoadDocuments(now: SystemClock().wall())
        return try await BareInsert(store: store, documents: documents, results: results, batch: batch, name: name)
            .rate()
    }
}
