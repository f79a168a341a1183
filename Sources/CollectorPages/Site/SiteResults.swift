import CollectorStore
import Readiness
import Report
import Results
import Units

/// The site's checks, the latest first.
enum SiteResults {
    static func html(_ model: SiteView.Model) -> HTML {
        let heading = Identifier("results-heading")
        return tag(.section, .id(Identifier("results")), .ariaLabelledBy(heading)) {
            tag(.h2, .id(heading)) { "Checks" }
            if model.results.rows.isEmpty {
                tag(.p, .classes("muted")) { "None yet." }
            } else {
                HTML.table("Checks of this site, the latest first") {
                    head
                    tag(.tbody) { for row in model.results.rows { html(row) } }
                }
            }
            pager(model)
        }
    }

    private static var head: HTML {
        tag(.thead) {
            tag(.tr) {
                HTML.head("Began")
                HTML.head("Grade, and what decides it")
                HTML.head("Delay p95", "n")
                HTML.head("Jitter", "n")
                HTML.head("Loss", "n")
                HTML.head("By")
            }
        }
    }

    private static func html(_ row: ResultRow) -> HTML {
        tag(.tr) {
            tag(.th, .rowScope, .classes("w")) {
                tag(.a, .href(Address.result(row.site, row.id))) { TimeText.html(row.startedAt) }
            }
            tag(.td) {
                Standing(row.grade).badge
                if let decider = row.decider { tag(.div, .classes("small", "muted")) { DeciderText.text(decider) } }
            }
            for metric in Metric.drawn { HTML.figure(worst(row, metric).map { NumberText.value($0, metric.unit) }) }
            HTML.cell(row.schedule ?? row.trigger.rawValue)
        }
    }

    /// Of all endpoints and one-way directions; of round trips where there are no others.
    private static func worst(_ row: ResultRow, _ metric: Metric) -> Double? {
        let oneWay = row.figures.filter { $0.direction != .roundTrip }.compactMap { $0.figures[metric]?.value }
        return oneWay.max() ?? row.figures.compactMap { $0.figures[metric]?.value }.max()
    }

    @HTMLBuilder private static func pager(_ model: SiteView.Model) -> HTML {
        if model.after != nil || model.results.next != nil {
            tag(.nav, .classes("pager"), .ariaLabel("Pages of checks")) {
                if model.after != nil { tag(.a, .href(model.link())) { "Latest checks" } } else { tag(.span) {} }
                if let next = model.results.next { tag(.a, .href(model.link(after: next))) { "Earlier checks" } }
            }
        }
    }
}

/// Go-live assessments of the site.
enum SiteAssessments {
    @HTMLBuilder static func html(_ model: SiteView.Model) -> HTML {
        if !model.assessments.isEmpty {
            let heading = Identifier("assessments-heading")
            tag(.section, .ariaLabelledBy(heading)) {
                tag(.h2, .id(heading)) { "Go-live assessments" }
                AssessmentTable.html(model.assessments, namesSite: false)
            }
        }
    }
}
