import CollectorStore
import Readiness
import Report
import Results
import Testing
import Units

@testable import CollectorPages
@testable import SampleChecks

@Suite("A site's page")
struct SiteViewTests {
    private func model(_ range: SiteRange = .week, _ check: SampleCheck = SampleDocuments.everythingWrong)
        -> SiteView.Model
    {
        var models = SeededModels(seed: 31)
        return models.site(check, range: range, trouble: 1, endpoints: 2)
    }

    @Test func tellsFindingsWithRemedyAndSinceWhen() {
        let model = model()
        let html = SiteView.render(model)
        for finding in model.findings where finding.isCurrent {
            #expect(html.contains("since <time datetime=\"\(finding.since.text)\">"))
        }
        #expect(html.contains("Found before, not in the latest check"))
        #expect(html.contains("wifi.roamed"))
    }

    @Test func putsTheWorstFindingFirst() throws {
        var model = model()
        model.findings.reverse()
        let html = SiteView.render(model)
        let grades = html.matches(of: /<article class="finding"><header><span class="grade ([a-z]+)/)
            .map { String($0.1) }
        let order = ["bad", "risk", "unknown"]
        let places = grades.map { order.firstIndex(of: $0) ?? order.count }
        #expect(places.count > 5 && places.first == 0)
        #expect(places == places.sorted())
    }

    /// A round trip is longer than either way, and its bounds are others.
    @Test func showsHoursOfOneWayFigures() throws {
        var model = model()
        for index in model.history.indices where model.history[index].direction == .roundTrip {
            for point in model.history[index].points.indices {
                model.history[index].points[point].metrics[.delayP95] = Spread(
                    minimum: 900,
                    median: 900,
                    maximum: 900,
                    low: 900,
                    high: 900
                )
            }
        }
        let html = SiteView.render(model)
        #expect(html.contains("by hour of day: highest in the hour from"))
        #expect(!html.contains("900 ms"))
        #expect(html.contains("Hours are of UTC"))
    }

    @Test func showsEachAgentWhereThereAreSeveral() throws {
        var model = model()
        var row = try #require(model.results.rows.first)
        row.grade = .ready
        model.agents = [row]
        #expect(!SiteView.render(model).contains("agents-heading"))
        var other = row
        (other.agent, other.grade, other.id) = ("box-<wifi>", .notReady, "01a20c23-f339-72ce-b286-0123456789ab")
        model.agents = [row, other]
        let html = SiteView.render(model)
        let section = try #require(html.firstMatch(of: /agents-heading.*?<\/section>/.dotMatchesNewlines())).output
        #expect(section.contains("<bdi>box-&lt;wifi&gt;</bdi>"))
        let (worse, better) = (section.firstRange(of: "box-&lt;wifi"), section.firstRange(of: "<bdi>box-17</bdi>"))
        #expect(try #require(worse).lowerBound < (try #require(better).lowerBound))
        #expect(section.contains("/results/01a20c23-f339-72ce-b286-0123456789ab"))
    }

    @Test func aCertificateNamesItsTimeZone() {
        let html = CertificateView.render(SampleAssessments.go, site: "dublin", viewer: SeededModels.viewer)
        #expect(html.contains("Times are of the site&#39;s time zone, Europe/Berlin."))
        #expect(!html.contains("All times are UTC"))
    }

    @Test func saysInWordsWhatItsChartsShow() throws {
        let html = SiteView.render(model())
        let words = html.matches(of: /aria-label="(Delay, 95th percentile, forward[^"]*)"/).map { String($0.1) }
        let text = try #require(words.first)
        #expect(text.contains("median"))
        #expect(text.contains("worst"))
        #expect(text.contains("the target of 50 ms"))
        #expect(text.contains("the limit of 100 ms"))
    }

    @Test func showsRoundTripsWhereNothingElseIsKnown() {
        var model = model()
        model.history.removeAll { $0.direction != .roundTrip }
        let html = SiteView.render(model)
        #expect(html.contains("<b>Round trip</b>"))
        #expect(!html.contains("<b>Forward"))
    }

    @Test func showsTheEndpointThatIsAskedFor() {
        var model = model()
        let other = model.endpoints[1]
        model.endpoint = other
        #expect(SiteView.render(model).contains("<option value=\"\(other)\" selected>"))
        model.endpoint = "unknown"
        #expect(SiteView.render(model).contains("<option value=\"\(model.endpoints[0])\" selected>"))
    }

    @Test func keepsRangeAndEndpointInItsLinks() {
        var model = model(.month)
        model.endpoint = "a b"
        #expect(model.link(after: "c=").address == "/sites/dublin?range=30d&endpoint=a%20b&after=c%3D")
        #expect(model.link(range: .week).address == "/sites/dublin?endpoint=a%20b")
    }

    @Test(arguments: SiteRange.allCases)
    func asksForAsManyPointsAsAChartShows(_ range: SiteRange) {
        let query = range.history(of: "dublin", now: SeededModels.now)
        let step: Nanoseconds =
            switch query.resolution {
            case .raw: .seconds(900)
            case .hour: .seconds(3_600)
            case .day: .seconds(86_400)
            }
        let points = (query.until - query.from).seconds / step.seconds
        #expect((90...800).contains(points))
        #expect(query.until > SeededModels.now)
    }
}

@Suite("Times on pages")
struct TimeTests {
    private let now = SeededModels.now

    @Test(
        arguments: [
            (0, "just now"), (-90, "just now"), (59, "just now"), (60, "1 min ago"), (7_199, "119 min ago"),
            (7_200, "2 h ago"),
            (172_799, "47 h ago"), (172_800, "2 days ago"),
        ] as [(Int64, String)]
    )
    func ago(_ seconds: Int64, _ text: String) {
        #expect(TimeText.ago(now - .seconds(seconds), now: now) == text)
    }

    @Test func areMarkedAtRoundMoments() {
        let day = TimeAxis(from: now - .seconds(86_400), until: now)
        #expect(day.labels.map(\.text) == ["12:00", "18:00", "00:00", "06:00"])
        let week = TimeAxis(from: now - .seconds(7 * 86_400), until: now)
        #expect(week.labels.map(\.text) == ["18 Nov", "19 Nov", "20 Nov", "21 Nov", "22 Nov", "23 Nov", "24 Nov"])
        #expect(week.labels.allSatisfy { (0...1).contains($0.place) })
    }

    @Test func ofAnyAgeCanBeMarked() {
        let all = TimeAxis(from: UTCTime(microseconds: .min), until: UTCTime(microseconds: .max))
        #expect(all.labels.count <= 16)
        #expect(TimeAxis(from: now, until: now).labels.isEmpty)
    }
}
