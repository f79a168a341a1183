import Foundation
import Readiness
import Report
import Results
import Testing
import Units

@testable import SampleChecks

/// The certificate that a site goes live by.
@Suite("Assessments")
struct AssessmentReportTests {
    private static let go = SampleAssessments.document(Array(repeating: SampleDocuments.ready, count: 240))
    private static let noGo = SampleAssessments.document(
        Array(repeating: SampleDocuments.ready, count: 200)
            + [SampleDocuments.blockedPort, SampleDocuments.everythingWrong, SampleDocuments.inconclusive]
            + [SampleCheck.of { $0.streams[0].forwardJitter = 12 }],
        planned: 240,
        covered: 51,
        missed: 9
    )
    private static let running = SampleAssessments.document(
        [SampleDocuments.inconclusive],
        planned: 40,
        covered: 0,
        isFinal: false
    )
    private static let empty = SampleAssessments.document([], planned: 0, covered: 0)

    private func lines(_ document: AssessmentDocument, _ style: TextStyle = .init(color: false)) -> [Substring] {
        AssessmentReport.render(document, style: style).split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test("no line is wider than 80 columns, and none ends in a space")
    func width() {
        for document in [Self.go, Self.noGo, Self.running, Self.empty] {
            for line in lines(document) {
                #expect(line.count <= 80, "\(line)")
                #expect(line.last != " ", "\(line)")
            }
            #expect(lines(document, .init(color: false, width: 40)).allSatisfy { $0.count <= 80 })
        }
    }

    @Test("nor when everything is long, and no text speaks to the terminal")
    func hostile() {
        var document = Self.noGo
        document.site = String(repeating: "Llanfairpwllgwyngyll", count: 9) + "\u{1b}[2J"
        document.untested = [String(repeating: "x\u{202e}", count: 300)]
        document.checks.made = .min
        document.coverage.missedHoursCount = .min
        document.coverage.ports[0].hoursAsked = .max
        document.coverage.missedHours = ["now", "2026-11-30T99", String(repeating: "9", count: 99)]
        for index in document.criteria.indices {
            document.criteria[index].worst = 1e300
            document.criteria[index].ready = .max
            document.criteria[index].limit = 1e-300
            document.criteria[index].statistic = "worst\u{7}of all of them"
        }
        document.worst[0].startedLocal = "\u{9b}31m"
        document.worst[0].criterion.value = -1e300
        document.findings[0].code = String(repeating: "a", count: 99)
        document.findings[0].checks = .max
        document.outcomes[0].outcome = "overwhelming"
        let text = AssessmentReport.render(document, style: TextStyle(color: false))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let speaking = text.unicodeScalars.filter {
            $0 != "\n" && ($0.properties.generalCategory == .control || $0.properties.generalCategory == .format)
        }
        #expect(speaking.isEmpty)
    }

    @Test("the first words are the verdict")
    func headline() {
        #expect(lines(Self.go).first == "GO  Calls can go live at dublin.")
        #expect(lines(Self.noGo).first == "NO-GO  Calls must not go live at dublin yet.")
        let insufficient = "INSUFFICIENT  Too little was measured to say whether dublin is ready."
        #expect(lines(Self.running).first == Substring(insufficient))
        var underWay = Self.go
        underWay.isFinal = false
        #expect(lines(underWay).first == "GO  So far calls could go live at dublin.")
    }

    @Test("colour changes nothing but itself")
    func color() {
        let colored = AssessmentReport.render(Self.noGo, style: TextStyle(color: true))
        #expect(colored.contains("\u{1b}["))
        let stripped = colored.replacing(/\u{1b}\[[0-9;]*m/, with: "").replacing(/[ ]+\n/, with: "\n")
        #expect(stripped == AssessmentReport.render(Self.noGo, style: TextStyle(color: false)))
    }

    @Test("a saved verdict is rendered as it was when it was new")
    func saved() throws {
        let saved = try SavedDocument(Self.noGo.encoded())
        #expect(saved == .assessment(Self.noGo))
        let result = SampleDocuments.document(SampleDocuments.ready)
        #expect(try SavedDocument(result.encoded()) == .result(result))
        #expect(throws: ResultRefusal.wrongSchema("linecheck.assessment/x")) {
            try SavedDocument(Data(#"{"schema": "linecheck.assessment/x"}"#.utf8))
        }
        let later = ResultRefusal.newerMajor("linecheck.assessment/2")
        #expect(throws: later) { try SavedDocument(Data(#"{"schema": "linecheck.assessment/2"}"#.utf8)) }
        #expect(later.description.hasSuffix("this version reads 'linecheck.assessment/1'"))
        #expect(throws: ResultRefusal.self) { try SavedDocument(Data("[]".utf8)) }
    }

    @Test("NO-GO, in full")
    func golden() {
        let report = """
            NO-GO  Calls must not go live at dublin yet.

              Assessment go-live, from Mon 2026-11-30 00:00 until Sat 2026-12-05 07:00
              (Europe/Berlin), by the checks of office from box-17, against profile teams.

            RULES
              met    200 of 204 checks met every target: 98 %; at least 95 % were asked for.
              BROKEN 2 checks were over a hard limit; none may be.
              open   51 of 60 hours have a conclusive check of every port: 85 %; at least 90
                     % were asked for.

            CHECKS
              204 made of 240 asked for: 200 ready, 1 at risk, 2 not ready, 1 inconclusive.
                                ready at risk not rdy inconcl   median    worst target/limit
              stamp://reflect.example.net:3478-3481
              UDP reachable       202       0       2       0    100 %      0 % all
              one-way, p95        202       0       0       2  12.3 ms   150 ms < 50/100
              jitter, 15 s        201       1       0       2   1.2 ms    44 ms < 10/30
              loss                202       0       1       1      0 %      3 % < 0.1/1
              DSCP                203       1       0       0    100 %      0 % all

            WORST
              Wed 2026-12-02 09:15 NOT READY loss                     3 % forward
              Wed 2026-12-02 09:00 NOT READY UDP reachable            0 % 3480
              Wed 2026-12-02 09:15 NOT READY UDP reachable            0 % 3479
              Wed 2026-12-02 09:15 AT RISK   DSCP                     0 % forward
              Wed 2026-12-02 09:45 AT RISK   jitter, 15 s           12 ms forward 3478

            COVERAGE
              51 of 60 hours: ports 3478-3481 of stamp://reflect.example.net:3478-3481
              Hours not covered, from: Mon 2026-11-30 07:00, 08:00, 09:00, 10:00, 11:00,
              12:00, 13:00, 14:00, 15:00.

            FINDINGS
              NOT READY    udp.blocked                      2 checks
              NOT READY    loss.high                        1 check
              AT RISK      dscp.bleached.forward            1 check
              AT RISK      dscp.remarked.forward            1 check
              AT RISK      jitter.high                      1 check
              INCONCLUSIVE clock.unsynchronized             1 check
              INCONCLUSIVE endpoint.port_refused            1 check
              INCONCLUSIVE probe.no_kernel_timestamps       1 check
              INCONCLUSIVE probe.not_sent                   1 check
              INCONCLUSIVE probe.overloaded                 1 check

            NOT TESTED
              - Hours in which the schedules ask for no check were not looked at.

            linecheck 0.1.0 · assessment 01a22b09-eb00-7012-8048-d159e26af37b

            """
        #expect(lines(Self.noGo) == report.split(separator: "\n", omittingEmptySubsequences: false))
    }
}
