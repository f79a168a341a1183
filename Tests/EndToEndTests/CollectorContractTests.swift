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
            // A token of a site is none of a reader: agents' and readers' operations are run by themselves. Which texts
            // are cursors, and which sites there are, no description can say.
            let all = ["run", "\(lab.url)/v1/openapi.json", "--max-examples", "25", "--no-color", "--workers", "1"]
            let common = all + ["--exclude-checks", "positive_data_acceptance", "--suppress-health-check", "all"]
            let readers = try Program(
                [Schemathesis.program] + common + ["--exclude-tag", "agents"],
                name: "schemathesis"
            )
            let read = try await readers.end(within: 300)
            #expect(read.status == 0, "\(read.standardOutput)\(read.standardError)")
            let bearer = ["--header", "Authorization: Bearer \(token)"]
            // Whether a request without a token is refused is another test's.
            let agents = try Program(
                [Schemathesis.program] + common + bearer + [
                    "--include-tag", "agents", "--exclude-checks", "ignored_auth",
                ],
                name: "schemathesis"
            )
            let written = try await agents.end(within: 300)
            #expect(written.status == 0, "\(written.standardOutput)\(written.standardError)")
            #expect(lab.collector?.isRunning == true)
        }
    }
}

/// Makes up requests from an API's description, and holds the answers to it.
private enum Schemathesis {
    static var program: String { Executables.packageRoot.appendingPathComponent(".venv/bin/schemathesis").path }
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: program) }
}
