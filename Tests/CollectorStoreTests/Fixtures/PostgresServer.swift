import Foundation

@testable import CollectorStore

/// A PostgreSQL server of the tests' own: its files in a temporary folder, heard on a Unix socket there and nowhere
/// else. It ends, and its folder goes away, when this process does, however that is.
struct PostgresServer: Sendable {
    static let shared = Task { try PostgresServer.start() }

    let folder: String
    /// Of the shell that looks after the server. Its standard input ends with this process.
    let keeper: Process
    private let lifeline: Pipe

    enum Trouble: Error {
        case noPrograms(String)
        case doesNotStart(String)
    }

    /// - Parameter settings: lines of `postgresql.conf`.
    static func start(_ settings: [String] = ["fsync = off"]) throws -> PostgresServer {
        let programs = try programs()
        let folder = "/tmp/linecheck-postgres-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // The server refuses to run as root.
        let asUser = getuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --init-groups" : ""
        let script = """
            set -e
            if [ "$(id -u)" = 0 ]; then chown postgres: \(folder); fi
            cd \(folder)
            \(asUser) \(programs)/initdb -D \(folder)/data -U linecheck -A trust -E UTF8 --locale=C.UTF-8 \
                --no-sync >\(folder)/log 2>&1
            cat >>\(folder)/data/postgresql.conf <<'END'
            listen_addresses = ''
            unix_socket_directories = '\(folder)'
            max_connections = 200
            \(settings.joined(separator: "\n"))
            END
            set +e
            run() {
                # A server that was killed can leave processes that keep the next from its files for a moment.
                for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                    \(asUser) \(programs)/postgres -D \(folder)/data >>\(folder)/log 2>&1 </dev/null &
                    server=$!
                    sleep 0.3
                    kill -0 $server 2>/dev/null && return
                    wait $server
                done
            }
            run
            # Whoever writes a line wants the server started again; the end of the input ends everything.
            while read -r line; do run; done
            kill -INT $server 2>/dev/null
            wait
            rm -rf \(folder)
            """
        let keeper = Process()
        let lifeline = Pipe()
        keeper.executableURL = URL(fileURLWithPath: "/bin/sh")
        keeper.arguments = ["-c", script]
        keeper.standardInput = lifeline
        keeper.standardOutput = FileHandle.nullDevice
        keeper.standardError = FileHandle.nullDevice
        try keeper.run()
        let server = PostgresServer(folder: folder, keeper: keeper, lifeline: lifeline)
        try server.waitUntilReady()
        return server
    }

    private static func programs() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.max()
        guard let newest else { throw Trouble.noPrograms("there is no PostgreSQL server below \(root): .ci/setup") }
        return "\(root)/\(newest)/bin"
    }

    func url(_ database: String) -> String {
        "postgres://linecheck@/\(database)?host=\(folder)"
    }

    func waitUntilReady() throws {
        var reason = ""
        for _ in 0..<600 {
            do {
                try PostgresConnection(url: url("postgres")).run("SELECT 1")
                return
            } catch {
                reason = "\(error)"
            }
            usleep(50_000)
        }
        throw Trouble.doesNotStart(reason)
    }

    /// Makes an empty database.
    ///
    /// - Returns: its address.
    func freshDatabase() throws -> String {
        let name = "t\(getpid())_\(UInt64.random(in: 0 ... .max))"
        try PostgresConnection(url: url("postgres")).run("CREATE DATABASE \(name)")
        return url(name)
    }

    var postmaster: pid_t? {
        let file = try? String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8)
        return file?.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    /// Starts the server again after it was killed.
    func startAgain() throws {
        try lifeline.fileHandleForWriting.write(contentsOf: Data("again\n".utf8))
        try waitUntilReady()
    }

    func stop() {
        try? lifeline.fileHandleForWriting.close()
        keeper.waitUntilExit()
    }
}
