import Foundation
import Results
import Testing

@testable import SampleChecks

/// Holds documents against `config/result.schema.json` with Python's `jsonschema`, which must be there.
@Suite("The JSON Schema")
struct SchemaTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Reads `{"schema": path, "documents": [{…}, …]}`, and writes for every document the messages of what is wrong
    /// with it. `closed` turns every object that may grow into one that may not, which this version's own
    /// documents have to stand.
    private static let validator = """
        import json, sys
        import jsonschema

        def close(node):
            if isinstance(node, dict):
                if "properties" in node and node.get("additionalProperties") is True:
                    node["additionalProperties"] = False
                for child in node.values():
                    close(child)
            elif isinstance(node, list):
                for child in node:
                    close(child)

        request = json.load(sys.stdin)
        with open(request["schema"]) as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        if request["closed"]:
            close(schema)
        validator = jsonschema.Draft202012Validator(schema)
        answer = [[e.json_path + ": " + e.message for e in validator.iter_errors(d)] for d in request["documents"]]
        json.dump(answer, sys.stdout)
        """

    private static var python: [String] {
        let local = root.appending(path: ".venv/bin/python3").path
        return FileManager.default.isExecutableFile(atPath: local) ? [local] : ["/usr/bin/env", "python3"]
    }

    static func errors(_ documents: [Any], closed: Bool = false) throws -> [[String]] {
        let request: [String: Any] = [
            "schema": root.appending(path: "config/result.schema.json").path, "closed": closed,
            "documents": documents,
        ]
        let input = FileManager.default.temporaryDirectory.appending(path: "linecheck-\(UUID().uuidString).json")
        try JSONSerialization.data(withJSONObject: request).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        let process = Process()
        process.executableURL = URL(filePath: python[0])
        process.arguments = Array(python.dropFirst()) + ["-c", validator]
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = output
        try process.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "python3 with the package jsonschema is needed for this test")
        return try JSONDecoder().decode([[String]].self, from: answer)
    }

    static func tree(_ document: ResultDocument) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: document.encoded()) as? [String: Any])
    }

    @Test("describes every kind of document, down to the last key", arguments: [false, true])
    func valid(closed: Bool) throws {
        let samples = SampleDocuments.all
        let errors = try Self.errors(try samples.map { try Self.tree($0.document) }, closed: closed)
        #expect(errors.count == samples.count)
        for (sample, errors) in zip(samples, errors) { #expect(errors == [], "\(sample.name)") }
    }

    @Test("lets a later minor version add keys")
    func newerMinor() throws {
        var tree = try Self.tree(SampleDocuments.document(SampleDocuments.ready))
        tree["schema"] = "linecheck.result/1.2"
        tree["weather"] = "rain"
        tree["path"] = ["hops": [1, 2]]
        #expect(try Self.errors([tree]) == [[]])
        #expect(try Self.errors([tree], closed: true)[0].count == 1)
    }

    /// One change to a good document, made at a path, that the schema must refuse.
    private struct Damage {
        var path: [String]
        var value: Any?

        init(_ path: String, _ value: Any?) {
            self.path = path.split(separator: ".").map(String.init)
            self.value = value
        }

        func applied(to node: Any, at depth: Int = 0) -> Any {
            if var list = node as? [Any], let index = Int(path[depth]) {
                list[index] = depth == path.count - 1 ? value ?? NSNull() : applied(to: list[index], at: depth + 1)
                return list
            }
            guard var fields = node as? [String: Any] else { return node }
            let key = path[depth]
            fields[key] = depth == path.count - 1 ? value : applied(to: fields[key] ?? [:], at: depth + 1)
            return fields
        }
    }

    @Test("refuses what is wrong")
    func invalid() throws {
        let damages = [
            Damage("schema", "linecheck.result/2"), Damage("schema", nil), Damage("id", "1234"),
            Damage("id", "0199a1b2-0000-4000-8000-000000000000"), Damage("site", ""), Damage("site", nil),
            Damage("started_at", "2026-11-24T06:00:12Z"), Damage("trigger", "whim"), Damage("grade", "splendid"),
            Damage("grade", nil), Damage("criteria", nil), Damage("criteria.0.grade", nil),
            Damage("criteria.0.port", 0), Damage("criteria.0.port", 70_000), Damage("criteria.0.value", 1.5),
            Damage("criteria.4.unit", "s"), Damage("criteria.4.interval", [1]),
            Damage("criteria.4.interval", [-1, 1]), Damage("criteria.4.value", -1), Damage("criteria.4.value", nil),
            Damage("criteria.4.limit", nil), Damage("criteria.4.direction", "sideways"),
            Damage("criteria.4.settle", NSNull()), Damage("clock.synchronized", "yes"), Damage("clock.source", nil),
            Damage("probe_quality.kernel_timestamps_ratio", 1.1), Damage("probe_quality.missed_sends", -1),
            Damage("probe_quality.send_error_us.p98", 1), Damage("streams.0.port", "3478"),
            Damage("streams.0.protocol", "icmp"), Damage("streams.0.dscp", 64), Damage("streams.0.method", "guess"),
            Damage("streams.0.packets.sent", 1.5), Damage("streams.0.packets.lost", 1),
            Damage("streams.0.reachability.state", "maybe"), Damage("streams.0.reachability", ["state": "refused"]),
            Damage("streams.0.forward.delay_ms.p95", nil), Damage("streams.0.forward.delay_ms.min", -0.1),
            Damage("streams.0.forward.delay_ms.p96", 1), Damage("streams.0.forward.loss.ratio", 1.01),
            Damage("streams.0.forward.jitter_ms.worst_15s", "3"), Damage("streams.0.forward.dscp", ["64": 1]),
            Damage("streams.0.forward.dscp", ["046": 1]), Damage("streams.0.mos", 0), Damage("dscp.required", -1),
            Damage("dscp.far_end", ["46": -1]), Damage("endpoints.0.authenticated", nil),
            Damage(
                "findings",
                [["code": "udp blocked", "severity": "info", "summary": "x", "evidence": [:], "remedy": "x"]]
            ),
            Damage(
                "findings",
                [["code": "udp.blocked", "severity": "bad", "summary": "x", "evidence": [:], "remedy": "x"]]
            ),
            Damage("findings", [["code": "udp.blocked", "severity": "info", "summary": "x", "evidence": [:]]]),
        ]
        let good = try Self.tree(SampleDocuments.document(SampleDocuments.ready))
        let errors = try Self.errors(damages.map { $0.applied(to: good) })
        #expect(errors.count == damages.count)
        for (damage, errors) in zip(damages, errors) {
            #expect(!errors.isEmpty, "\(damage.path.joined(separator: ".")) = \(String(describing: damage.value))")
        }
    }
}
