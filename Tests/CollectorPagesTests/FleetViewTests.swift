import CollectorPages
import CollectorStore
import Readiness
import Results
import Testing
import Units

@testable import SampleChecks

@Suite("The fleet page")
struct FleetViewTests {
    private func model(_ change: (inout FleetRow) -> Void = { _ in }) -> FleetView.Model {
        var models = SeededModels(seed: 11)
        var row = models.row(1)
        row.site = "dublin"
        row.status = .graded(.ready)
        row.lastHeardAt = SeededModels.now - .seconds(300)
        row.latest?.grade = .ready
        row.latest?.decider = nil
        change(&row)
        var model = models.fleetOfNone
        model.page.counts[row.status] = 1
        model.page.matching = 1
        model.page.rows = [row]
        return model
    }

    @Test func tellsHowToEnrolTheFirstSite() {
        let html = FleetView.render(SeededModels(seed: 1).fleetOfNone)
        #expect(html.contains("linecheck-collector site add dublin"))
        #expect(html.contains("token_file"))
        #expect(!html.contains("<table"))
    }

    @Test func saysWhenASiteWasLastHeard() {
        let html = FleetView.render(model())
        #expect(html.contains(">5 min ago</time>"))
        #expect(html.contains("datetime=\"2026-11-24T06:55:12.345678Z\""))
        #expect(FleetView.render(model { $0.lastHeardAt = nil }).contains("never"))
    }

    @Test func makesSilenceStandOutInWordsToo() {
        let html = FleetView.render(
            model {
                $0.status = .silent
                $0.latest?.grade = .atRisk
                $0.latest?.decider = .finding(code: "dscp.remarked.forward", summary: "Marks are lost.")
            }
        )
        #expect(html.contains("<tr class=\"silent\">"))
        #expect(html.contains("SILENT"))
        #expect(html.contains("Before it fell silent: at risk: Marks are lost."))
    }

    @Test func saysWhatDecides() {
        let loss = DecidingCriterion(
            name: "loss",
            endpoint: "stamp://x",
            direction: "forward",
            value: 0.021,
            unit: "ratio",
            target: 0.001,
            limit: 0.01,
            statistic: "whole_check"
        )
        let html = FleetView.render(
            model {
                $0.status = .graded(.notReady)
                $0.latest?.decider = .criterion(loss)
            }
        )
        #expect(html.contains("Loss 2.1 % forward, limit 1 %"))
    }

    @Test func keepsWhatWasAskedForInItsLinks() {
        var model = model()
        model.query.text = "a&b \"c\""
        model.query.status = .graded(.notReady)
        model.query.order = .name
        model.page.next = "cursor+/="
        let html = FleetView.render(model)
        #expect(html.contains("value=\"a&amp;b &quot;c&quot;\""))
        #expect(
            html.contains(
                "?q=a%26b%20%22c%22&amp;grade=not_ready&amp;sort=name&amp;after=cursor%2B%2F%3D\">Next 100 sites"
            )
        )
        #expect(html.contains("<option value=\"not_ready\" selected>"))
        #expect(html.contains("<option value=\"name\" selected>"))
        #expect(html.contains("aria-sort=\"ascending\""))
    }

    @Test func encodesSitesInAddresses() {
        let html = FleetView.render(model { $0.site = "a/b?c#d%" })
        #expect(html.contains("href=\"/sites/a%2Fb%3Fc%23d%25\""))
    }

    @Test func readsStatusesAsItWritesThem() {
        for status in SiteStatus.allCases { #expect(SiteStatus(key: status.key) == status) }
        #expect(SiteStatus(key: "") == nil)
        #expect(SiteStatus(key: "READY") == nil)
    }

    @Test func drawsTheWeekByHeightAsWellAsByColour() {
        let html = FleetView.render(
            model {
                $0.trend = Trend(worst: [.ready, nil, .notReady] + Array(repeating: .ready, count: 25))
            }
        )
        #expect(html.contains("of 28 quarters of days: not ready in 1, ready in 26, no check in 1"))
        #expect(html.contains("<path class=\"fill bad\" d=\"M10 0h4v20h-4z\"></path>"))
        #expect(html.contains("<path class=\"none\" d=\"M5 18h4v2h-4z\"></path>"))
    }
}
