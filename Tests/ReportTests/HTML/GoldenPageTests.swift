import Readiness
import Testing

@testable import Report
@testable import Results
@testable import SampleChecks

/// Pieces of pages, as they are meant to be.
@Suite("Pieces of pages")
struct GoldenPageTests {
    @Test func grade() {
        let html = Standing.ready.badge.markup
        #expect(html.hasPrefix("<span class=\"grade ready\"><svg viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" "))
        #expect(html.hasSuffix("</svg>READY</span>"))
    }

    @Test func gradesHaveShapesOfTheirOwn() {
        let all: [Standing] = [.ready, .inconclusive, .atRisk, .notReady, .silent, .note]
        #expect(Set(all.map(\.icon.markup)).count == all.count)
        #expect(Set(all.map(\.word)).count == all.count)
    }

    @Test func bar() throws {
        let bar = try #require(RangeBar(target: 50, limit: 100))
        let html = bar.drawing(value: 75, interval: [50, 100], label: "75 ms").markup
        #expect(
            html == "<svg class=\"range\" role=\"img\" aria-label=\"75 ms\">"
                + "<rect class=\"ok\" x=\"0%\" width=\"40%\" y=\"8\" height=\"6\"></rect>"
                + "<rect class=\"mid\" x=\"40%\" width=\"35%\" y=\"8\" height=\"6\"></rect>"
                + "<rect class=\"over\" x=\"75%\" width=\"25%\" y=\"8\" height=\"6\"></rect>"
                + "<rect class=\"between\" x=\"40%\" width=\"35%\" y=\"6\" height=\"10\" rx=\"2\"></rect>"
                + "<rect class=\"value\" x=\"57.5%\" width=\"3\" y=\"3\" height=\"16\" rx=\"1.5\"></rect>"
                + "<line class=\"bound\" x1=\"40%\" x2=\"40%\" y1=\"5\" y2=\"17\"></line>"
                + "<line class=\"bound\" x1=\"75%\" x2=\"75%\" y1=\"5\" y2=\"17\"></line></svg>"
        )
    }

    @Test func finding() {
        let finding = FindingDocument(
            code: "udp.blocked",
            severity: "not_ready",
            summary: "Port 3480 & others.",
            evidence: ["ports": .text("3480"), "packets_sent": .number(3_000)],
            remedy: "Allow <UDP>."
        )
        let html = FindingContent.html(finding).markup
        #expect(html.contains("NOT READY</span><code>udp.blocked</code></header><h3>Port 3480 &amp; others.</h3>"))
        #expect(html.contains("<span class=\"out\">What to do: </span>Allow &lt;UDP&gt;.</p>"))
        #expect(html.hasSuffix("<p class=\"facts-line\">ports 3480 · packets sent 3,000</p></article>"))
    }

    @Test func lineWithAGapAndAValueBeyondTheDrawing() {
        let points = [(0.0, 10.0), (10, 20), (50, 400), (60, 20)].map { LineChart.Point(at: $0.0, value: $0.1) }
        let chart = LineChart(
            points,
            span: PlotSpan(from: 0, until: 100),
            scale: PlotScale(greatest: 400, target: 20, limit: 100),
            gap: 20
        )
        #expect(
            chart.area.markup == "<path class=\"mean\" d=\"M0 96.67L100 93.33M500 0L600 93.33\"></path>"
                + "<path class=\"beyond\" d=\"M498 0L502 0\"></path>"
        )
    }
}
