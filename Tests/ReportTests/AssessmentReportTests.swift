import Readiness
import Report
import Results
import Testing
import Units

@testable import SampleChecks

@Suite("The report on an assessment")
struct AssessmentReportTests {
    private func render(_ name: String, color: Bool = false) throws -> String {
        let document = try #require(SampleAssessment.all.first { $0.name == name }?.document)
        return AssessmentReport.render(document, style: TextStyle(color: color))
    }

    @Test("fits 80 columns, and colour changes nothing but itself", arguments: SampleAssessment.all.map(\.name))
    func layout(name: String) throws {
        let text = try render(name)
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        let stripped = try render(name, color: true).replacing(/\u{1b}\[[0-9;]*m/, with: "")
            .replacing(/[ ]+\n/, with: "\n")
        #expect(stripped == text)
    }

    @Test("every reason and everything not tested stands in it", arguments: SampleAssessment.all.map(\.name))
    func complete(name: String) throws {
        let document = try #require(SampleAssessment.all.first { $0.name == name }?.document)
        let text = try render(name).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for reason in document.reasons { #expect(text.contains(reason.summary)) }
        for part in document.notTested { #expect(text.contains(part.summary)) }
    }

    private func expect(_ name: String, _ report: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let lines = try render(name).split(separator: "\n", omittingEmptySubsequences: false)
        let expected = report.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == expected.count, sourceLocation: sourceLocation)
        for (line, expected) in zip(lines, expected) { #expect(line == expected, sourceLocation: sourceLocation) }
    }

    @Test("a certificate of GO, whole")
    func go() throws {
        try expect(
            "go",
            """
            GO  Calls can go live at dublin.

              Assessment go-live of dublin, from 2026-11-23 00:00:00 UTC until 2026-11-28
              00:00:00 UTC, by checks from box-17.

            RULES
              MET      0 checks over a hard limit; at most 0 may be.
              MET      47 of 48 conclusive checks met the target; 95 % must, which is 46 of
                       48.
              MET      48 of 50 slots asked for have a conclusive check; 45 (90 %) must.
              MET      All 4 ports asked for are answered for in at least 90 % of their
                       checks.

            CHECKS
              READY               47
              AT RISK              1
              NOT READY            0
              INCONCLUSIVE         1
              Of 50 slots asked for 48 have a conclusive check; 1 was missed. Inconclusive
              checks count neither for the target nor against it, and cover no slot.
              The first result is 01a2076b-447b-7140-8682-3b84612e9b4c, the last
              01a21df3-16fb-7fbb-8515-4944f44eadb2.

            COVERAGE
              hours, UTC                     covered    slots in each
              08:00-09:00                          3 of 5
              09:00-18:00                          5 of 5

              stamp://reflect.example.net:3478-3481
              ports                         answered    checks of each
              3478-3481                           49 of 49

            WORST CHECKS
              jitter, worst 15 s, target below 10 ms, limit 30 ms
                stamp://reflect.example.net:3478-3481
                2026-11-23 11:00:02 UTC  AT RISK        12.5 ms forward 3479
              latency one way, p95, target below 50 ms, limit 100 ms
                stamp://reflect.example.net:3478-3481
                2026-11-24 08:00:02 UTC  INCONCLUSIVE   50.4 ms forward
              loss, whole check, target below 0.1 %, limit 1 %
                stamp://reflect.example.net:3478-3481
                2026-11-23 08:00:02 UTC  READY              0 %

            NOT TESTED
              - 1 of 50 checks asked for was not made: another check was running (1).
              - 1 of 49 checks made was inconclusive.
              - No check was asked for between 00:00-08:00 and 18:00-24:00.
              - jitter was left open in 1 of 49 checks.
              - latency one way was left open in 1 of 49 checks.
              - loss was left open in 1 of 49 checks.

            linecheck 0.1.0 · assessment 01a205b3-d000-7142-b3dd-49b9e77e70d6

            """
        )
    }

    @Test("NO-GO before the window is over, whole")
    func noGo() throws {
        try expect(
            "no-go so far",
            """
            NO-GO so far  Calls must not go live at dublin yet.

              Assessment go-live of dublin, from 2026-11-23 00:00:00 UTC until 2026-11-28
              00:00:00 UTC, by checks from box-17.

            RULES
              BROKEN   1 check over a hard limit; at most 0 may be.
              OPEN     11 of 12 conclusive checks met the target and 38 may yet; 95 % must,
                       which is 48 of 50.
              OPEN     12 of 50 slots asked for have a conclusive check; 45 (90 %) must, so
                       33 are missing.
              OPEN     All 4 ports asked for are answered for in at least 90 % of their
                       checks.

            CHECKS
              READY               11
              AT RISK              0
              NOT READY            1
              INCONCLUSIVE         0
              Of 50 slots asked for 12 have a conclusive check; 0 were missed, and 38 are
              still to come.
              The first result is 01a2076b-447b-7140-8682-3b84612e9b4c, the last
              01a20cc8-8efb-7df8-a589-1f41e579b98d.

            COVERAGE
              hours, UTC                     covered    slots in each
              08:00-10:00                          2 of 5
              10:00-18:00                          1 of 5

              stamp://reflect.example.net:3478-3481
              ports                         answered    checks of each
              3478-3479, 3481                     12 of 12
              3480                                12 of 12       not ready in 1

            WORST CHECKS
              reachability, whole check
                stamp://reflect.example.net:3478-3481
                2026-11-23 13:00:02 UTC  NOT READY          0 % 3480
              jitter, worst 15 s, target below 10 ms, limit 30 ms
                stamp://reflect.example.net:3478-3481
                2026-11-23 08:00:02 UTC  READY           1.2 ms forward 3478
              latency one way, p95, target below 50 ms, limit 100 ms
                stamp://reflect.example.net:3478-3481
                2026-11-23 08:00:02 UTC  READY          12.3 ms forward
              loss, whole check, target below 0.1 %, limit 1 %
                stamp://reflect.example.net:3478-3481
                2026-11-23 13:00:02 UTC  READY          0.033 % forward

            NOT TESTED
              - No check was asked for between 00:00-08:00 and 18:00-24:00.

            linecheck 0.1.0 · assessment 01a205b3-d000-7142-b3dd-49b9e77e70d6

            """
        )
    }

    @Test("a result says how its assessment stands")
    func running() throws {
        var result = SampleDocuments.document(SampleDocuments.ready)
        #expect(!TextReport.render(result, style: TextStyle(color: false)).contains("ASSESSMENT"))
        let state = SampleAssessment.state(slots: 12, but: [5: SampleDocuments.blockedPort])
        let now = SampleAssessment.from + .seconds(2 * 86_400)
        let assessment = state.assessment(of: SampleAssessment.window, rules: AssessmentRules(), now: now)
        result.assessment = RunningAssessmentDocument(assessment, id: state.id)
        let text = TextReport.render(result, style: TextStyle(color: false))
        let lines = text.split(separator: "\n").map(String.init)
        let heading = try #require(lines.firstIndex(of: "ASSESSMENT"))
        #expect(lines[heading + 1] == "  NO-GO so far  go-live, until 2026-11-28 00:00:00 UTC")
        #expect(lines[heading + 2] == "  BROKEN   1 check over a hard limit; at most 0 may be.")
        #expect(lines.allSatisfy { $0.count <= 80 })
    }
}
