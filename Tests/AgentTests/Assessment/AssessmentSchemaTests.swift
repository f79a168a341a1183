import Foundation
import Readiness
import Results
import Testing
import Units

@testable import Agent
@testable import SampleChecks

/// Holds documents against `config/assessment.schema.json`, and results that carry an assessment against theirs, with
/// Python's `jsonschema`, which must be there.
@Suite struct AssessmentSchemaTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Every object that may grow is one that may not, for this version's own documents.
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

        with open(sys.argv[1]) as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        close(schema)
        validator = jsonschema.Draft202012Validator(schema)
        with open(sys.argv[2]) as file:
            documents = json.load(file)
        answer = [[e.json_path + ": " + e.message for e in validator.iter_errors(d)] for d in documents]
        json.dump(answer, sys.stdout)
        """

    private func errors(_ documents: [Any], schema: String) throws -> [[String]] {
        let folder = try TemporaryFolder()
        let input = folder.path + "/documents.json"
        try JSONSerialization.data(withJSONObject: documents).write(to: URL(fileURLWithPath: input))
        let local = Self.root.appending(path: ".venv/bin/python3").path
        let python = FileManager.default.isExecutableFile(atPath: local) ? [local] : ["/usr/bin/env", "python3"]
        let process = Process()
        process.executableURL = URL(filePath: python[0])
        let path = Self.root.appending(path: "config/\(schema).schema.json").path
        process.arguments = Array(python.dropFirst()) + ["-c", Self.validator, path, input]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "python3 with the package jsonschema is needed for this test")
        return try JSONDecoder().decode([[String]].self, from: answer)
    }

    private func tree(_ data: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func documents() throws -> [AssessmentDocument] {
        let (empty, configuration) = try AssessmentSamples.assessment()
        let slots = AssessmentSamples.slots(configuration)
        let hours = AssessmentSamples.yaml.replacing(
            "    from:",
            with: "    criteria: {between: 22:00-24:00, days: mon-fri}\n    from:"
        )
        let (named, _) = try AssessmentSamples.assessment(hours)
        var mixed = empty
        for (index, slot) in slots.enumerated() where index % 5 != 0 {
            mixed.add(AssessmentSamples.check(Grade.allCases[index % 4], at: slot))
        }
        var bad = empty
        for (index, sample) in SampleDocuments.all.enumerated() {
            let slot = ScheduledSlotDocument(name: "office", slotAt: UTCTime(slots[index]))
            bad.add(CheckSummary(sample.document, slot: slot))
        }
        let end = try ScheduleSlotsTests.instant("2026-12-05T00:00:00Z")
        return [
            empty.document(at: end), empty.document(at: slots[0]), named.document(at: end), mixed.document(at: end),
            mixed.document(at: slots[99]), bad.document(at: end),
        ]
    }

    @Test func describesEveryKindOfAssessment() throws {
        let documents = try documents()
        let errors = try errors(documents.map { try tree($0.encoded()) }, schema: "assessment")
        #expect(errors == Array(repeating: [], count: documents.count))
    }

    @Test func describesTheStandingInAResult() throws {
        let trees = try documents().map { document in
            var result = SampleDocuments.document(SampleDocuments.ready)
            result.schedule = ScheduledSlotDocument(name: "office", slotAt: document.from)
            result.assessment = RunningAssessmentDocument(document)
            return try tree(result.encoded())
        }
        #expect(try errors(trees, schema: "result") == Array(repeating: [], count: trees.count))
    }

    @Test func refusesWhatIsWrong() throws {
        let good = try tree(try documents()[3].encoded())
        let changes: [(String, Any?)] = [
            ("schema", "linecheck.assessment/2"), ("id", "1"), ("verdict", "perhaps"), ("verdict", nil),
            ("final", "yes"), ("from_local", "2026-11-30"), ("outcomes", nil), ("checks", ["made": 1]),
            ("share_meeting_target", [0.5]), ("share_meeting_target", [0, 1.1]), ("coverage", nil),
            ("untested", [""]), ("rules", ["coverage": 2]), ("worst", [["result": "1"]]),
        ]
        let damaged = changes.map { key, value in
            var document = good
            document[key] = value
            return document
        }
        let errors = try errors(damaged, schema: "assessment")
        #expect(errors.count == changes.count)
        for (change, errors) in zip(changes, errors) { #expect(!errors.isEmpty, "\(change)") }
    }
}
