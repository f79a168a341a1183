import CollectorStore
import Readiness
import Report
import Results
import Units

/// A site: how it stands, why, since when, and how it has been.
public enum SiteView {
    public struct Model: Sendable {
        public var viewer: Viewer
        public var now: UTCTime
        public var standing: FleetRow
        public var range: SiteRange
        /// Which endpoint's history is wanted; nil for the first.
        public var endpoint: String?
        /// All endpoints' over the range.
        public var history: [HistorySeries]
        public var grades: [GradePoint]
        public var findings: [SiteFinding]
        public var assessments: [AssessmentRow]
        public var results: ResultPage
        /// The cursor that `results` came with; nil for the first page.
        public var after: String?
        /// As far as this version can read it.
        public var latest: ResultDocument?
        /// The latest check of each agent that was heard of late.
        public var agents: [ResultRow] = []

        public init(
            viewer: Viewer,
            now: UTCTime,
            standing: FleetRow,
            range: SiteRange,
            endpoint: String? = nil,
            history: [HistorySeries],
            grades: [GradePoint],
            findings: [SiteFinding],
            assessments: [AssessmentRow],
            results: ResultPage,
            after: String? = nil,
            latest: ResultDocument?
        ) {
            self.viewer = viewer
            self.now = now
            self.standing = standing
            self.range = range
            self.endpoint = endpoint
            self.history = history
            self.grades = grades
            self.findings = findings
            self.assessments = assessments
            self.results = results
            self.after = after
            self.latest = latest
        }

        var site: String { standing.site }
        var axis: TimeAxis { TimeAxis(from: now - range.length, until: now) }

        var endpoints: [String] {
            var seen: Set<String> = []
            return history.map(\.endpoint).filter { seen.insert($0).inserted }
        }
        var shownEndpoint: String? { endpoint.flatMap { endpoints.contains($0) ? $0 : nil } ?? endpoints.first }

        func link(range: SiteRange? = nil, endpoint: String? = nil, after: String? = nil) -> Link {
            var query: [(name: StaticString, value: String)] = []
            let range = range ?? self.range
            if range != .week { query.append(("range", range.rawValue)) }
            if let endpoint = endpoint ?? self.endpoint { query.append(("endpoint", endpoint)) }
            if let after { query.append(("after", after)) }
            return Address.site(site, query: query)
        }
    }

    public static func render(_ model: Model) -> String {
        Frame.page(title: model.site, model.viewer, crumbs: [("Fleet", Address.fleet)]) {
            SiteHead.html(model)
            SiteAgents.html(model)
            SiteFindings.current(model)
            SiteHistory.html(model)
            if let latest = model.latest { SiteLatest.html(latest) }
            SiteFindings.past(model)
            SiteAssessments.html(model)
            SiteResults.html(model)
        }
    }
}

/// How the site stands, and by what.
enum SiteHead {
    static func html(_ model: SiteView.Model) -> HTML {
        let row = model.standing
        return tag(.section, .classes("verdict", row.status.standing.className), .ariaLabel("How the site stands")) {
            row.status.standing.badge
            tag(.h1) { tag(.bdi) { row.site } }
            if row.isRevoked { tag(.p) { tag(.strong) { "Revoked: nothing may write for this site." } } }
            tag(.p) { sentence(row, model.now) }
            if let latest = row.latest { latestLine(latest, model) }
        }
    }

    private static func sentence(_ row: FleetRow, _ now: UTCTime) -> HTML {
        HTML {
            if row.status == .silent {
                row.lastHeardAt == nil ? "Nothing was ever heard from it. " : "Nothing was heard from it since "
                if let heard = row.lastHeardAt {
                    TimeText.html(heard)
                    " (\(TimeText.ago(heard, now: now))). "
                }
                FleetTable.why(row)
            } else {
                row.latest?.decider.map(DeciderText.text) ?? "Every criterion of the latest check meets its target."
            }
        }
    }

    private static func latestLine(_ latest: LatestResult, _ model: SiteView.Model) -> HTML {
        tag(.p, .classes("muted")) {
            tag(.a, .href(Address.result(model.site, latest.id))) { "The latest check" }
            " began "
            TimeText.html(latest.at)
            ", by \(latest.agent), linecheck \(latest.version)"
            if let heard = model.standing.lastHeardAt { ". Last heard \(TimeText.ago(heard, now: model.now))" }
            "."
        }
    }
}

/// Charts over the range that was asked for.
enum SiteHistory {
    static func html(_ model: SiteView.Model) -> HTML {
        let heading = Identifier("history-heading")
        let shown = model.history.filter { $0.endpoint == model.shownEndpoint }
        let charts = HistoryCharts(series: shown, axis: model.axis, range: model.range, latest: model.latest)
        return tag(.section, .ariaLabelledBy(heading), .id(Identifier("history"))) {
            tag(.div, .classes("chart-head")) {
                tag(.h2, .id(heading)) { "The last \(model.range.words)" }
                ranges(model)
            }
            endpointChoice(model)
            GradeHistory(points: model.grades, axis: model.axis, range: model.range).html
            if charts.isEmpty { tag(.p, .classes("muted")) { "No figures in this time." } } else { charts.html }
            if !charts.isEmpty, model.range.resolution != .day {
                tag(.h3) { "By hour of day, UTC" }
                tag(.p, .classes("muted", "small")) {
                    "Hours are of UTC and not of the site's own time zone, which a result does not tell."
                }
                HourCharts(series: shown, latest: model.latest).html
            }
        }
    }

    private static func ranges(_ model: SiteView.Model) -> HTML {
        tag(.nav, .ariaLabel("How far back")) {
            tag(.ul, .classes("ranges")) {
                for range in SiteRange.allCases {
                    tag(.li) {
                        tag(.a, .href(model.link(range: range)), range == model.range ? .ariaCurrent("true") : nil) {
                            range.words
                        }
                    }
                }
            }
        }
    }

    @HTMLBuilder private static func endpointChoice(_ model: SiteView.Model) -> HTML {
        if model.endpoints.count > 1 {
            tag(.form, .classes("filter"), .method("get"), .action(Address.site(model.site))) {
                tag(.input, .type("hidden"), .name("range"), .value(model.range.rawValue))
                tag(.div) {
                    tag(.label, .forControl(Identifier("endpoint"))) { "Endpoint" }
                    tag(.select, .id(Identifier("endpoint")), .name("endpoint")) {
                        for endpoint in model.endpoints {
                            tag(.option, .value(endpoint), .selected(endpoint == model.shownEndpoint)) { endpoint }
                        }
                    }
                }
                tag(.button, .type("submit")) { "Show" }
            }
        } else if let endpoint = model.shownEndpoint {
            tag(.p, .classes("muted", "small")) { "To \(endpoint)" }
        }
    }
}

/// What only the latest result tells.
enum SiteLatest {
    @HTMLBuilder static func html(_ latest: ResultDocument) -> HTML {
        let content = ResultContent(latest)
        content.criteria
        content.marking
        content.ports
    }
}
