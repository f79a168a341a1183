import CollectorStore
import Report
import Results

enum AssessmentTable {
    static func html(_ rows: [AssessmentRow], namesSite: Bool) -> HTML {
        HTML.table("Assessments, the latest first") {
            tag(.thead) {
                tag(.tr) {
                    if namesSite { HTML.head("Site") }
                    HTML.head("Assessment")
                    HTML.head("Verdict")
                    HTML.head("From")
                    HTML.head("Until")
                    HTML.head("By")
                }
            }
            tag(.tbody) { for row in rows { html(row, namesSite: namesSite) } }
        }
    }

    private static func html(_ row: AssessmentRow, namesSite: Bool) -> HTML {
        tag(.tr) {
            if namesSite {
                tag(.th, .rowScope) { tag(.a, .href(Address.site(row.site))) { tag(.bdi) { row.site } } }
            }
            tag(.td) { tag(.a, .href(Address.assessment(row.site, row.id))) { row.facts.name } }
            tag(.td) {
                row.facts.verdict.badge
                if !row.facts.isFinal { tag(.span, .classes("small", "muted")) { " so far" } }
            }
            tag(.td, .classes("w")) { TimeText.html(row.facts.from) }
            tag(.td, .classes("w")) { TimeText.html(row.facts.until) }
            HTML.cell(row.facts.agent)
        }
    }
}
