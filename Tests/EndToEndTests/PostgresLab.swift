import Foundation

/// A PostgreSQL server of its own, in a folder, reached by a socket there and a port on loopback.
final class PostgresLab {
    let folder: URL
    let port: Int
    private let programs: String
    private var server: Program?

    private static var programs: String? {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.sorted().last.map { "\(root)/\($0)/bin" }
    }

    static var isAvailable: Bool { programs != nil && Executables.tool("setpriv") != nil && geteuid() == 0 }

    /// A server starts as no administrator.
    private static func asNobody(_ command: [String]) throws -> [String] {
        [try DeliveryLab.tool("setpriv"), "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] + command
    }

    init() async throws {
        guard let programs = Self.programs else { throw LabFailure("there is no PostgreSQL") }
        self.programs = programs
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-postgres-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Command.require([try DeliveryLab.tool("chown"), "postgres:", folder.path])
        port = try DeliveryLab.freePort()
        try Command.require(
            try Self.asNobody(["\(programs)/initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"])
        )
        try await start()
    }

    deinit {
        // At once, since nothing of it is kept: one that recovers at this moment can wait for ever with any other.
        server?.send(signal: SIGQUIT)
        for _ in 0..<50 where server?.isRunning == true { usleep(100_000) }
        server?.send(signal: SIGKILL)
        server?.waitBlocking()
        try? FileManager.default.removeItem(at: folder)
    }

    private var data: String { folder.appendingPathComponent("data").path }

    var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres" }

    // MARK: - Killed, and started again

    /// As after a crash: processes of a server that was killed can keep the next from its files for a moment.
    func start() async throws {
        let command = try Self.asNobody(["\(programs)/postgres", "-D", data, "-k", folder.path, "-p", "\(port)"])
        let deadline = Date(timeIntervalSinceNow: 60)
        while true {
            let program = try Program(command, name: "postgres")
            do {
                try await program.waitUntilItSays("ready to accept connections", within: 60)
                server = program
                return
            } catch  where Date() < deadline && !program.isRunning {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// The postmaster; its processes notice, and end.
    func kill() {
        server?.send(signal: SIGKILL)
        server?.waitBlocking()
        server = nil
    }

    /// Kills a process that serves a client. The server then ends all the others and recovers, since it must not trust
    /// what the killed one shared with them.
    ///
    /// - Returns: whether there was one.
    func killBackend(using generator: inout SeededGenerator) -> Bool {
        guard let server, let victim = clients(of: server.processIdentifier).randomElement(using: &generator) else {
            return false
        }
        return Foundation.kill(victim, SIGKILL) == 0
    }

    private func clients(of postmaster: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.sorted().filter { process in
            func text(_ file: String) -> String {
                (try? String(contentsOfFile: "/proc/\(process)/\(file)", encoding: .utf8)) ?? ""
            }
            // After the name, which stands in brackets: the state, and the parent.
            let parent = text("stat").split(separator: ")").last?.split(separator: " ").dropFirst().first
            return parent == "\(postmaster)" && text("cmdline").contains("postgres: postgres postgres 127.0.0.1")
        }
    }
}
