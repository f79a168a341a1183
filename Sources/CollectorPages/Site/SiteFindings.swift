import CollectorStore
import Readiness
import Report
import Results

/// What checks found: what is still there, with what to do about it, and what is not.
enum SiteFindings {
    @HTMLBuilder static func current(_ model: SiteView.Model) -> HTML {
        let current = worstFirst(model.findings.filter(\.isCurrent))
        if !current.isEmpty {
            let heading = Identifier("findings-heading")
            tag(.section, .ariaLabelledBy(heading)) {
                tag(.h2, .id(heading)) { "Findings" }
                tag(.div, .classes("findings")) { for finding in current { html(finding, model) } }
            }
        }
    }

    /// What has stood longest first among those that are as bad.
    private static func worstFirst(_ findings: [SiteFinding]) -> [SiteFinding] {
        let order = Finding.Severity.allCases
        func weight(_ finding: SiteFinding) -> Int {
            finding.severity.flatMap { order.firstIndex(of: $0) } ?? -1
        }
        return findings.sorted { (-weight($0), $0.since, $0.code) < (-weight($1), $1.since, $1.code) }
    }

    private static func html(_ finding: SiteFinding, _ model: SiteView.Model) -> HTML {
        tag(.article, .classes("finding")) {
            tag(.header) {
                standing(finding).badge
                tag(.code) { finding.code }
                tag(.span, .classes("small", "muted")) {
                    "since "
                    TimeText.html(finding.since)
                    "; seen in \(NumberText.count(finding.results)) check\(finding.results == 1 ? "" : "s")"
                }
            }
            tag(.h3) { finding.summary ?? finding.code }
            finding.remedy.map(FindingContent.remedy)
            model.latest?.findings.first { $0.code == finding.code }.map(FindingContent.facts)
        }
    }

    private static func standing(_ finding: SiteFinding) -> Standing {
        finding.severity.map { Standing(severity: $0.rawValue) } ?? .note
    }

    @HTMLBuilder static func past(_ model: SiteView.Model) -> HTML {
        let past = model.findings.filter { !$0.isCurrent }
        if !past.isEmpty {
            let heading = Identifier("past-heading")
            tag(.section, .ariaLabelledBy(heading)) {
                tag(.h2, .id(heading)) { "Found before, not in the latest check" }
                HTML.table("Findings that the latest check does not have") {
                    tag(.thead) {
                        tag(.tr) {
                            HTML.head("Finding")
                            HTML.head("Severity")
                            HTML.head("Checks", "n")
                            HTML.head("Last time")
                        }
                    }
                    tag(.tbody) { for finding in past { row(finding, model) } }
                }
            }
        }
    }

    private static func row(_ finding: SiteFinding, _ model: SiteView.Model) -> HTML {
        tag(.tr) {
            tag(.th, .rowScope) {
                tag(.code) { finding.code }
                if let summary = finding.summary { tag(.div, .classes("small", "muted")) { summary } }
            }
            tag(.td) { standing(finding).badge }
            HTML.figure(NumberText.count(finding.results))
            tag(.td, .classes("w")) {
                tag(.a, .href(Address.result(model.site, finding.latestID))) { TimeText.html(finding.latestAt) }
            }
        }
    }
}
