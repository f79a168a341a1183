import Foundation
import Readiness
import Results
import Testing
import Units

@testable import SampleChecks

@Suite("The assessment document")
struct AssessmentDocumentTests {
    private func tree(_ document: AssessmentDocument) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: document.encoded()) as? [String: Any])
    }

    @Test("is what its schema describes, down to the last key", arguments: [false, true])
    func schema(closed: Bool) throws {
        let samples = SampleAssessment.all
        let trees = try samples.map { try tree($0.document) }
        let errors = try SchemaTests.errors(trees, schema: "assessment", closed: closed)
        #expect(errors.count == samples.count)
        for (sample, errors) in zip(samples, errors) { #expect(errors == [], "\(sample.name)") }
    }

    @Test("the schema refuses what is wrong")
    func refused() throws {
        let good = try tree(SampleAssessment.document(SampleAssessment.state()))
        let damages: [(String, Any?)] = [
            ("schema", "linecheck.assessment/2"), ("schema", "linecheck.result/1"), ("id", "1"), ("site", ""),
            ("verdict", "GO"), ("verdict", nil), ("final", false), ("final", nil), ("reasons", [Any]()),
            ("rules", [String: Any]()), ("counts", nil), ("coverage", ["hours": [["hour": 24]], "ports": []]),
            ("worst", [["id": good["id"]]]), ("not_tested", [["kind": "weather", "summary": "x"]]),
            ("first_result", nil), ("until", "2026-11-28"), ("timezone", nil),
        ]
        let trees = damages.map { key, value in
            var tree = good
            tree[key] = value
            return tree
        }
        for (damage, errors) in zip(damages, try SchemaTests.errors(trees, schema: "assessment")) {
            #expect(!errors.isEmpty, "\(damage.0)")
        }
    }

    @Test("comes back as it was written, and is told from a result", arguments: SampleAssessment.all.map(\.name))
    func roundTrip(name: String) throws {
        let document = try #require(SampleAssessment.all.first { $0.name == name }?.document)
        #expect(try AssessmentDocument.decode(document.encoded()) == document)
        guard case .assessment(let saved) = try SavedDocument.decode(document.encoded()) else {
            Issue.record("taken for a result")
            return
        }
        #expect(try saved.encoded() == document.encoded())
        let result = SampleDocuments.document(SampleDocuments.ready)
        guard case .result(result) = try SavedDocument.decode(result.encoded()) else {
            Issue.record("a result was not taken for one")
            return
        }
    }

    @Test("the verdict so far stands in a result, as the schema describes it")
    func running() throws {
        let state = SampleAssessment.state(slots: 12)
        let assessment = state.assessment(
            of: SampleAssessment.window,
            rules: AssessmentRules(),
            now: SampleAssessment.from + .seconds(2 * 86_400)
        )
        var result = SampleDocuments.document(SampleDocuments.ready)
        result.assessment = RunningAssessmentDocument(assessment, id: state.id)
        #expect(try ResultDocument.decode(result.encoded()) == result)
        #expect(try SchemaTests.errors([SchemaTests.tree(result)], closed: true) == [[]])
        let written = try #require(try SchemaTests.tree(result)["assessment"] as? [String: Any])
        #expect(written["verdict"] as? String == "insufficient")
        #expect(written["final"] as? Bool == false)
        #expect((written["counts"] as? [String: Any])?["pending"] as? Int == 38)
    }

    @Test("what is no assessment is refused, and why")
    func refusals() throws {
        func refusal(_ text: String) throws -> String {
            try #require(#expect(throws: AssessmentRefusal.self) { try SavedDocument.decode(Data(text.utf8)) })
                .description
        }
        let later = try refusal(#"{"schema": "linecheck.assessment/2"}"#)
        #expect(later.contains("'linecheck.assessment/2'") && later.contains("'linecheck.assessment/1'"))
        #expect(
            try refusal(#"{"schema": "linecheck.assessment/1.3"}"#)
                == "not a valid Linecheck assessment, at id: is missing"
        )
        #expect(throws: ResultRefusal.self) { try SavedDocument.decode(Data("[]".utf8)) }
    }
}
