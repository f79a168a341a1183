import CollectorStore
import Report
import Results

/// How each agent of the site found it, where there is more than one.
enum SiteAgents {
    @HTMLBuilder static func html(_ model: SiteView.Model) -> HTML {
        if model.agents.count > 1 {
            let heading = Identifier("agents-heading")
            tag(.section, .ariaLabelledBy(heading)) {
                tag(.h2, .id(heading)) { "Agents" }
                tag(.p, .classes("muted", "small")) {
                    "The site stands as its latest check found it, whichever agent made that. The worst stands first here."
                }
                HTML.table("Agents of this site, with the latest check of each") {
                    tag(.thead) {
                        tag(.tr) {
                            HTML.head("Agent")
                            HTML.head("Grade, and what decides it")
                            HTML.head("Latest check")
                        }
                    }
                    tag(.tbody) { for row in worstFirst(model.agents) { html(row) } }
                }
            }
        }
    }

    private static func worstFirst(_ rows: [ResultRow]) -> [ResultRow] {
        rows.sorted { $0.grade == $1.grade ? $0.agent < $1.agent : $0.grade > $1.grade }
    }

    private static func html(_ row: ResultRow) -> HTML {
        tag(.tr) {
            tag(.th, .rowScope) { tag(.bdi) { row.agent } }
            tag(.td) {
                Standing(row.grade).badge
                if let decider = row.decider { tag(.div, .classes("small", "muted")) { DeciderText.text(decider) } }
            }
            tag(.td, .classes("w")) {
                tag(.a, .href(Address.result(row.site, row.id))) { TimeText.html(row.startedAt) }
            }
        }
    }
}
