import CollectorPages
import CollectorStore
import Foundation
import Readiness
import Results
import Testing
import Units

@testable import SampleChecks

/// One of every page, by name.
enum SamplePages {
    static func all(seed: UInt64) -> [(name: String, html: String)] {
        var models = SeededModels(seed: seed)
        let assessments = models.assessments()
        let sites = SiteRange.allCases.enumerated().map { index, range in
            let check = [SampleDocuments.everythingWrong, SampleDocuments.ready, SampleDocuments.relay][index % 3]
            let model = models.site(check, range: range, trouble: Double(index % 3) / 2, endpoints: 1 + index % 2)
            return ("site \(range.rawValue)", SiteView.render(model))
        }
        var bare = models.site(SampleDocuments.ready, range: .week, trouble: 0)
        (bare.history, bare.grades, bare.findings, bare.assessments, bare.latest) = ([], [], [], [], nil)
        bare.results = ResultPage(rows: [])
        (bare.standing.latest, bare.standing.lastHeardAt, bare.standing.status) = (nil, nil, .silent)
        bare.standing.isRevoked = true
        let document = SampleDocuments.document(SampleDocuments.everythingWrong)
        return sites + [
            ("fleet", FleetView.render(models.fleet(sites: 150, rows: 100))),
            ("fleet without a site", FleetView.render(models.fleet(sites: 0, rows: 0))),
            ("fleet without a match", FleetView.render(models.fleet(sites: 9, rows: 0))),
            ("site never heard", SiteView.render(bare)),
            ("result", ResultView.render(document, site: "dublin", viewer: SeededModels.viewer)),
            ("certificate", CertificateView.render(SampleAssessments.crowded, site: "x", viewer: SeededModels.viewer)),
            ("assessments", AssessmentsView.render(assessments, viewer: SeededModels.viewer)),
            ("no assessments", AssessmentsView.render([], viewer: SeededModels.viewer)),
            ("login", LoginView.render(.init(version: "1", next: "/sites/x?range=7d", failure: "Wrong."))),
            (
                "error",
                ErrorView.render(
                    .init(
                        viewer: SeededModels.viewer,
                        status: 404,
                        title: "No such site",
                        detail: "None is called 'x'."
                    )
                )
            ),
        ]
    }
}

@Suite("The collector's pages")
struct PageTests {
    @Test func areValidAndReadableByKeyboardAndEar() throws {
        #expect(try PageExamination.problems(SamplePages.all(seed: 1)) == "")
    }

    @Test func areThePureFunctionsOfTheirModels() {
        let (first, again) = (SamplePages.all(seed: 2), SamplePages.all(seed: 2))
        #expect(zip(first, again).allSatisfy { $0.html == $1.html })
    }

    /// The server's policy forbids all of it, and a page that needed it would be broken.
    @Test func haveNoStyleOrScriptOfTheirOwn() {
        for (name, html) in SamplePages.all(seed: 3) {
            for forbidden in ["<style", "<script", " style=", " onclick=", "src="] {
                #expect(!html.contains(forbidden), "\(name) has \(forbidden)")
            }
        }
    }

    @Test func useOnlyFilesThatAreServed() throws {
        let html = FleetView.render(SeededModels(seed: 1).fleetOfNone)
        let names = html.matches(of: /\/assets\/([a-z0-9.-]+)/).map { String($0.1) }
        #expect(Set(names) == Set(Assets.all.map(\.name)))
        for name in names { #expect(Assets.named(name) != nil) }
        #expect(Assets.named("../secret") == nil)
    }

    @Test func nameFilesByTheirContent() throws {
        let style = try #require(Assets.all.first { $0.contentType.hasPrefix("text/css") })
        #expect(style.name.wholeMatch(of: /style-[0-9a-f]{16}\.css/) != nil)
        #expect(style.body.contains("prefers-color-scheme"))
        #expect(style.body.contains("@media print"))
    }

    /// Size stands for cost: a row is written once, whatever stands beside it.
    @Test func ofTheFleetGrowWithTheirRowsAndNotFaster() {
        var models = SeededModels(seed: 4)
        let row = models.row(3)
        var model = models.fleetOfNone
        model.page.counts[.graded(.ready)] = 1
        model.page.matching = 1_000
        let sizes = [100, 200, 400, 800].map { count in
            model.page.rows = Array(repeating: row, count: count)
            return FleetView.render(model).utf8.count
        }
        let perRow = (sizes[1] - sizes[0]) / 100
        #expect(perRow < 1_800)
        // The number of rows is said once.
        #expect(abs(sizes[3] - sizes[2] - 4 * (sizes[1] - sizes[0])) <= 2)
    }

    @Test func ofASiteGrowWithItsPointsAndNotFaster() {
        var models = SeededModels(seed: 5)
        var model = models.site(SampleDocuments.ready, range: .year, trouble: 0)
        let size = SiteView.render(model).utf8.count
        model.results.rows += model.results.rows
        let grown = SiteView.render(model).utf8.count
        #expect(grown - size < 40 * 1_000)
        #expect(size < 400_000)
    }
}

extension SeededModels {
    /// A fleet page without a row.
    var fleetOfNone: FleetView.Model {
        var models = self
        return models.fleet(sites: 0, rows: 0)
    }
}
