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
        let documents = try LoadDocuments(now: now)
        for first in stride(from: 0, to: sites, by: 500) {
            _ = try await store.store(
                try (first..<min(first + 500, sites)).map { index in
                    try documents.ingested(index, site: "Site " + String(format: "%05d", index))
                }
            )
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

    /// Of all its threads so far, in user space and in the kernel; nil when it has gone.
    var processorTime: Nanoseconds? {
        guard let stat = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8),
            // Behind the name, which can have anything in it, the first field is the third (proc(5)).
            let fields = stat.split(separator: ")").last?.split(separator: " "), fields.count > 12,
            let user = Int64(fields[11]), let system = Int64(fields[12])
        else { return nil }
        return .milliseconds((user + system) * 1_000 / Int64(max(1, sysconf(Int32(_SC_CLK_TCK)))))
    }

    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }
}
