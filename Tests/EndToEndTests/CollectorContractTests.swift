import Foundation
import Testing

extension EndToEnd {
    /// The API holds to its own description, whatever schemathesis makes up from it.
    @Suite(.enabled(if: Schemathesis.isAvailable, "SKIPPED: schemathesis is not in .venv"))
    struct CollectorContract {
        @Test func theAPIIsAsItsDescriptionSays() async throws {
            let lab = try CollectorLab()
            let token = try lab.require("site", "add", "Berlin")
            try await lab.start(["--config", try lab.write("limits: {rate: 1000000}", to: "c.yaml")])
            let documents = try (1...3).map { try CollectorDocuments.result(site: "Berlin", number: $0) }
            _ = try CollectorLots(try lab.post(try CollectorDocuments.batch(documents), token: token))
            // A token of a site is none of a reader: agents' and readers' operations are run by themselves.
            let read = try await Schemathesis.run(lab.url, ["--exclude-tag", "agents"])
            #expect(read.status == 0, "\(read.standardOutput)\(read.standardError)")
            let bearer = ["--header", "Authorization: Bearer \(token)"]
            let written = try await Schemathesis.run(lab.url, bearer + ["--include-tag", "agents"])
            #expect(written.status == 0, "\(written.standardOutput)\(written.standardError)")
            #expect(lab.collector?.isRunning == true)
        }
    }
}

/// Makes up requests from an API's description, and holds the answers to it.
private enum Schemathesis {
    static var program: String { Executables.packageRoot.appendingPathComponent(".venv/bin/schemathesis").path }
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// With every check that it has.
    static func run(_ url: String, _ more: [String]) async throws -> Finished {
        let hooks = try Executables.peer("api_hooks.py").last ?? ""
        let program = try Program(
            [try DeliveryLab.tool("env"), "SCHEMATHESIS_HOOKS=\(hooks)", "PYTHONDONTWRITEBYTECODE=1", program]
                + ["run", "\(url)/v1/openapi.json", "--max-examples", "25", "--no-color", "--workers", "1"]
                + ["--checks", "all", "--suppress-health-check", "all"] + more,
            name: "schemathesis"
        )
        return try await program.end(within: 300)
    }
}
