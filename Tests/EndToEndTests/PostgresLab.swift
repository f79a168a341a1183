import Foundation

/// A PostgreSQL server of its own, in a folder, reached by a socket there and a port on loopback.
final class PostgresLab {
    let folder: URL
    let port: Int
    private let server: Program

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
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-postgres-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Command.require([try DeliveryLab.tool("chown"), "postgres:", folder.path])
        let data = folder.appendingPathComponent("data").path
        try Command.require(
            try Self.asNobody(["\(programs)/initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"])
        )
        port = try DeliveryLab.freePort()
        server = try Program(
            try Self.asNobody(["\(programs)/postgres", "-D", data, "-k", folder.path, "-p", "\(port)"]),
            name: "postgres"
        )
        try await server.waitUntilItSays("ready to accept connections", within: 60)
    }

    deinit {
        server.send(signal: SIGINT)
        server.waitBlocking()
        try? FileManager.default.removeItem(at: folder)
    }

    var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres" }
}
