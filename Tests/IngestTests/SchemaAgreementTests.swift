import Foundation
import Results
import Testing

@testable import Ingest
@testable import SampleChecks

/// Whatever Python's `jsonschema` finds wrong with a document whose values were tampered with, reading it must find.
@Suite struct SchemaAgreementTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Reads `{"schema": path, "document": {…}}` and writes documents with one value changed each, with whether they
    /// hold: every number, text and list that the collector shows is tampered with in turn.
    private static let tampering = """
        import copy, json, sys
        import jsonschema

        request = json.load(sys.stdin)
        validator = jsonschema.Draft202012Validator(json.load(open(request["schema"])))
        document, answer = request["document"], []
        for name in ["criteria", "findings", "streams", "endpoints"]:
            document[name] = document[name][:2]

        def places(node, path):
            yield path
            children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else []
            for key, child in children:
                yield from places(child, path + [key])

        for path in places(document, []):
            if not path or path[0] not in request["keys"]:
                continue
            for value in [None, -1, "", "Ab c!", {}]:
                changed = copy.deepcopy(document)
                node = changed
                for key in path[:-1]:
                    node = node[key]
                if value is None:
                    del node[path[-1]]
                else:
                    node[path[-1]] = value
                answer.append({"place": path, "document": changed, "holds": validator.is_valid(changed)})
        json.dump(answer, sys.stdout)
        """

    private struct Tampered {
        var place: String
        var document: Data
        var holds: Bool
    }

    private static func tampered() throws -> [Tampered] {
        let document = SampleDocuments.document(SampleDocuments.everythingWrong)
        let request: [String: Any] = [
            "schema": root.appending(path: "config/result.schema.json").path,
            "document": try JSONSerialization.jsonObject(with: document.encoded()),
            "keys": [
                "schema", "id", "site", "agent", "version", "started_at", "ended_at", "trigger", "profile",
                "duration_s", "grade", "criteria", "findings", "clock", "probe_quality",
            ],
        ]
        let input = FileManager.default.temporaryDirectory.appending(path: "linecheck-\(UUID().uuidString).json")
        try JSONSerialization.data(withJSONObject: request).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        let local = root.appending(path: ".venv/bin/python3").path
        let python = FileManager.default.isExecutableFile(atPath: local) ? [local] : ["/usr/bin/env", "python3"]
        let process = Process()
        process.executableURL = URL(filePath: python[0])
        process.arguments = Array(python.dropFirst()) + ["-c", tampering]
        process.standardInput = try FileHandle(forReadingFrom: input)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let answer = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        return try answer.map { entry in
            Tampered(
                place: "\(entry["place"] ?? "")",
                document: try JSONSerialization.data(withJSONObject: try #require(entry["document"])),
                holds: try #require(entry["holds"] as? Bool)
            )
        }
    }

    @Test func whatTheSchemaRefusesIsRefused() throws {
        let check = DocumentCheck(kind: .result, site: "dublin", longest: 1_000_000)
        let tampered = try Self.tampered()
        #expect(tampered.count > 200)
        for entry in tampered where !entry.holds {
            let slice = DocumentSlicer.Slice(octets: Array(entry.document)[...], hasNull: false)
            #expect(throws: DeliveryRefusal.self, "taken, and the schema refuses it: \(entry.place)") {
                try check.read(slice)
            }
        }
    }
}
