import CollectorPages
import CollectorStore
import Foundation
import Readiness
import Results
import Testing
import Units

@testable import SampleChecks

/// Pages of which every text came from somebody who wants to break them.
@Suite("Hostile texts in the collector's pages")
struct HostilePageTests {
    private typealias Texts = (Int) -> String

    /// Two results that can be written with other texts.
    private let bad: HostileTexts
    private let relay: HostileTexts

    init() throws {
        bad = try Self.rewriting(SampleDocuments.everythingWrong)
        relay = try Self.rewriting(SampleDocuments.relay)
    }

    private static func rewriting(_ check: SampleCheck) throws -> HostileTexts {
        try HostileTexts(try SampleDocuments.document(check).encoded()) { _ = try ResultDocument.decode($0) }
    }

    private func latest(_ rewriting: HostileTexts, _ texts: Texts) throws -> ResultDocument {
        try ResultDocument.decode(try rewriting.rewritten { texts($0 + 1_000) })
    }

    private func poisoned(_ row: FleetRow, _ index: Int, _ texts: Texts) -> FleetRow {
        var row = row
        row.site = texts(index)
        row.latest?.id = texts(index + 1)
        row.latest?.agent = texts(2)
        row.latest?.version = texts(3)
        row.latest?.decider =
            index % 2 == 0
            ? .finding(code: texts(4), summary: texts(5))
            : .criterion(
                DecidingCriterion(
                    name: texts(6),
                    endpoint: texts(7),
                    port: 1,
                    direction: texts(8),
                    value: 1,
                    unit: texts(9),
                    target: 1,
                    limit: 2,
                    statistic: texts(10)
                )
            )
        return row
    }

    private func fleet(_ texts: Texts) -> String {
        var models = SeededModels(seed: 21)
        var model = models.fleet(sites: 60, rows: 40)
        model.viewer = Viewer(name: texts(0), version: texts(1), hasAssessmentList: true)
        model.query.text = texts(2)
        model.query.after = texts(3)
        model.page.next = texts(4)
        model.page.rows = model.page.rows.enumerated().map { poisoned($1, $0 + 20, texts) }
        return FleetView.render(model)
    }

    private func site(_ check: SampleCheck, _ range: SiteRange, _ texts: Texts) throws -> String {
        var models = SeededModels(seed: 22)
        var model = models.site(check, range: range, trouble: 1, endpoints: 2)
        model.viewer = Viewer(name: texts(0), version: texts(1))
        model.standing = poisoned(model.standing, 5, texts)
        for index in model.history.indices { model.history[index].endpoint = texts(60 + index / 3) }
        model.endpoint = texts(61)
        model.after = texts(62)
        model.results.next = texts(63)
        for index in model.findings.indices {
            model.findings[index].code = texts(70 + index)
            model.findings[index].summary = texts(100 + index)
            model.findings[index].remedy = texts(130 + index)
            model.findings[index].latestID = texts(160 + index)
        }
        model.assessments = assessments(texts)
        for index in model.results.rows.indices {
            model.results.rows[index].site = texts(200)
            model.results.rows[index].id = texts(201 + index)
            model.results.rows[index].schedule = texts(300 + index)
            model.results.rows[index].decider = poisoned(model.standing, index, texts).latest?.decider
        }
        model.latest = try latest(range == .week ? bad : relay, texts)
        return SiteView.render(model)
    }

    private func assessments(_ texts: Texts) -> [AssessmentRow] {
        SeededModels(seed: 23).assessments().enumerated().map { index, row in
            var row = row
            row.site = texts(400 + index)
            row.id = texts(410 + index)
            row.facts.name = texts(420 + index)
            row.facts.agent = texts(430 + index)
            return row
        }
    }

    private func pages(_ texts: Texts) throws -> [(String, String)] {
        let viewer = Viewer(name: texts(0), version: texts(1))
        return [
            ("fleet", fleet(texts)),
            ("site", try site(SampleDocuments.everythingWrong, .week, texts)),
            ("relay", try site(SampleDocuments.relay, .day, texts)),
            (
                "result",
                ResultView.render(try latest(bad, texts), site: texts(2), viewer: viewer)
            ),
            ("assessments", AssessmentsView.render(assessments(texts), viewer: viewer)),
            ("login", LoginView.render(.init(version: texts(0), next: texts(1), failure: texts(2)))),
            (
                "error",
                ErrorView.render(.init(viewer: viewer, status: 400, title: texts(2), detail: texts(3)))
            ),
        ]
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func changeNothingButTexts(_ seed: UInt64) throws {
        var generator = SeededPages(state: seed)
        let hostile = (0..<4_000).map { HostileTexts.hostile($0, &generator) }
        let pairs = zip(try pages { "x\($0)" }, try pages { hostile[$0] }).map { ($0.0, $0.1, $1.1) }
        #expect(try PageExamination.problems(pairs: pairs) == "")
        for pair in pairs { #expect(!pair.2.contains("<script"), "\(pair.0)") }
    }

    @Test func doNotStopARenderingByAbsurdNumbers() throws {
        var models = SeededModels(seed: 24)
        var model = models.site(SampleDocuments.ready, range: .day, trouble: 0)
        let ends: [UTCTime] = [UTCTime(microseconds: .min), UTCTime(microseconds: 0), UTCTime(microseconds: .max)]
        let absurd = Spread(minimum: -1e308, median: .infinity, maximum: 1e308, low: .nan, high: 1e308)
        for index in model.history.indices {
            model.history[index].points = ends.map {
                HistoryPoint(at: $0, checks: .max, metrics: [.delayP95: absurd, .lossRatio: absurd], lost: .max)
            }
        }
        model.grades = ends.map { GradePoint(at: $0, ready: .max / 8, inconclusive: 0, atRisk: -5, notReady: 1) }
        model.standing.lastHeardAt = UTCTime(microseconds: .min)
        #expect(try PageExamination.problems([("absurd", SiteView.render(model))]) == "")
    }
}
