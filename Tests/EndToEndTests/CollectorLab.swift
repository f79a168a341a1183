import Foundation
import Results

/// A collector on loopback with a database of its own.
final class CollectorLab {
    let folder: URL
    let database: String
    private(set) var collector: Program?
    private(set) var url = ""
    private static let program = "linecheck-collector"

    /// - Parameter database: an address; nil for a file of its own.
    init(database: String? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-collector-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.database = database ?? folder.appendingPathComponent("collector.sqlite").path
    }

    deinit {
        collector?.send(signal: SIGKILL)
        collector?.waitBlocking()
        try? FileManager.default.removeItem(at: folder)
    }

    static let needed = ["curl", "openssl", "python3", "sqlite3"]
    static var missing: [String] { needed.filter { Executables.tool($0) == nil } }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        return path(name)
    }

    // MARK: - The program

    /// Runs a command to its end, with this database.
    @discardableResult
    func run(_ arguments: String...) throws -> Finished {
        try Command.run([try Executables.built(Self.program)] + arguments + ["--database", database])
    }

    /// - Throws: ``LabFailure`` unless the command succeeds.
    /// - Returns: what it printed, without the end of the line.
    @discardableResult
    func require(_ arguments: String...) throws -> String {
        let command = [try Executables.built(Self.program)] + arguments + ["--database", database]
        let result = try Command.run(command)
        guard result.status == 0 else { throw LabFailure("\(arguments): \(result.standardError)") }
        return result.standardOutput.trimmingCharacters(in: .newlines)
    }

    /// - Parameter listen: nil leaves it to the configuration.
    func launch(_ more: [String] = [], listen: String? = "127.0.0.1:0") throws -> Program {
        let arguments = ["serve", "--database", database] + (listen.map { ["--listen", $0] } ?? [])
        return try Program([try Executables.built(Self.program)] + arguments + more, name: "collector")
    }

    /// Starts a collector and waits until it answers.
    func start(_ more: [String] = [], port: Int = 0) async throws {
        let program = try launch(more, listen: "127.0.0.1:\(port)")
        collector = program
        try await program.waitUntilItSays("collecting at ", within: 30)
        let said = program.standardError
        guard let range = said.range(of: "collecting at ") else { throw LabFailure("no address: \(said)") }
        url = String(said[range.upperBound...].prefix { !$0.isWhitespace }.dropLast())
    }

    func kill() {
        collector?.send(signal: SIGKILL)
        collector?.waitBlocking()
        collector = nil
    }

    func stop() async throws -> Finished {
        guard let program = collector else { throw LabFailure("no collector runs") }
        collector = nil
        return try await program.stop(within: 20)
    }

    // MARK: - Requests

    struct Answer {
        var status: Int
        var headers: String
        var body: String
    }

    /// A request by curl, which knows HTTP and TLS better than a test should.
    func request(_ path: String, _ options: String...) throws -> Answer { try request(path, options) }

    func request(_ path: String, _ options: [String]) throws -> Answer {
        let curl = try DeliveryLab.tool("curl")
        let (headers, body) = (self.path("headers"), self.path("body"))
        try? FileManager.default.removeItem(atPath: body)
        let common = ["-sS", "--path-as-is", "--max-time", "60", "-D", headers, "-o", body, "-w", "%{http_code}"]
        let result = try Command.run([curl] + common + options + [url + path])
        guard let status = Int(result.standardOutput), status > 0 else {
            throw LabFailure("curl \(path): \(result.standardError)")
        }
        return Answer(
            status: status,
            headers: (try? String(contentsOfFile: headers, encoding: .utf8)) ?? "",
            body: (try? String(contentsOfFile: body, encoding: .utf8)) ?? ""
        )
    }

    /// Waits until a path is answered so.
    func until(_ path: String, is status: Int, within seconds: Double = 30) async throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while try request(path).status != status {
            guard Date() < deadline else { throw LabFailure("\(path) was not answered \(status) within \(seconds) s") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func post(_ body: String, token: String, to path: String = "/v1/results") throws -> Answer {
        let file = try write(body, to: "batch.json")
        return try request(
            path,
            "-H",
            "Authorization: Bearer \(token)",
            "-H",
            "Content-Type: application/json",
            "--data-binary",
            "@\(file)"
        )
    }

    // MARK: - What is stored

    private struct Row: Decodable {
        var site: String
        var id: String
    }

    private struct Rows: Decodable {
        var results: [Row]
    }

    /// The ids of all results, as often as they are stored.
    func storedIDs() throws -> [String] {
        let text = try require("export", "--format", "json")
        return try JSONDecoder().decode(Rows.self, from: Data(text.utf8)).results.map(\.id)
    }
}
