import ArgumentParser
import Collector
import CollectorStore
import Foundation
import LinuxNet
import Results
import Units

/// A folder that goes away again.
struct LoadFolder {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "linecheck-load-\(getpid())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { url.appending(path: name).path() }
    func remove() { try? FileManager.default.removeItem(at: url) }
}

/// Sites in a database, and a first result of each, so that the fleet page has something to show.
struct LoadFleet {
    var sites: Int
    var writers: Int

    func enrol(in store: any ResultStore) async throws -> [LoadSite] {
        let now = SystemClock().wall()
        var found: [LoadSite] = []
        for index in 0..<sites {
            let name = "Site " + String(format: "%05d", index)
            _ = try await store.addSite(name, now: UTCTime(now))
            guard index < writers else { continue }
            let token = SecretToken(.site)
            try await store.addToken(SiteToken(site: name, digest: token.digest, createdAt: UTCTime(now)))
            found.append(LoadSite(name: name, token: token.text))
        }
        for first in stride(from: 0, to: sites, by: 500) {
            let names = (first..<min(first + 500, sites)).map { "Site " + String(format: "%05d", $0) }
            _ = try await store.store(try BareInsert.documents(of: names, now: now))
        }
        return found
    }
}

/// The program itself, as a collector on a free port.
final class OwnCollector: Sendable {
    let target: LoadTarget
    private let process: Process

    private init(_ target: LoadTarget, _ process: Process) {
        self.target = target
        self.process = process
    }

    static func start(_ database: String) async throws -> OwnCollector {
        let folder = FileManager.default.temporaryDirectory
        let configuration = folder.appending(path: "linecheck-load-\(getpid()).yaml")
        // A site delivers in a minute what it would in a day.
        try Data("limits:\n  rate: 10000000\n".utf8).write(to: configuration)
        defer { try? FileManager.default.removeItem(at: configuration) }
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "serve", "--config", configuration.path(), "--database", database, "--listen", "127.0.0.1:0",
        ]
        let log = folder.appending(path: "linecheck-load-\(getpid()).log")
        try Data().write(to: log)
        defer { try? FileManager.default.removeItem(at: log) }
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
        if let target = try await target(in: log, of: process) { return OwnCollector(target, process) }
        process.terminate()
        let said = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        throw CommandFailure(status: ExitStatus.system, message: "the collector did not start: \(said)")
    }

    /// Where it says that it listens; nil when it ends, or says nothing for too long.
    private static func target(in log: URL, of process: Process) async throws -> LoadTarget? {
        for _ in 0..<600 {
            let said = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            if let range = said.firstRange(of: "collecting at ") {
                return LoadTarget(String(said[range.upperBound...].prefix { !$0.isWhitespace }))
            }
            guard process.isRunning else { return nil }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }
}

/// What a database does without a collector before it: documents that were read before, in batches.
enum BareInsert {
    static func documents(of sites: [String], now: WallInstant) throws -> [IngestedDocument] {
        let documents = try LoadDocuments(now: now)
        return try sites.enumerated().map { index, site in
            let json = Array(documents.document(index, site: site).json.utf8)
            let document = try ResultDocument.decode(Data(json))
            return try IngestedDocument(document, json: json, site: site, receivedAt: UTCTime(now))
        }
    }

    /// - Returns: results a second.
    static func rate(of count: Int, batch: Int, into database: String, now: WallInstant) async throws -> Double {
        let store = try await SQLStore.open(database)
        var sites: [String] = []
        for index in 0..<min(100, max(1, count / batch)) {
            sites.append("Bare \(index)")
            _ = try await store.addSite("Bare \(index)", now: UTCTime(now))
        }
        let batches = try stride(from: 0, to: count, by: batch).map { first in
            let site = sites[(first / batch) % sites.count]
            return try documents(of: Array(repeating: site, count: min(batch, count - first)), now: now)
        }
        let start = SystemClock().monotonic()
        for batch in batches { _ = try await store.store(batch) }
        let took = SystemClock().monotonic() - start
        await store.close()
        return Double(count) / max(took.seconds, 1e-9)
    }

    /// The same PostgreSQL: its rows are of other sites.
    static func emptied(_ database: String) -> String { database }
}
