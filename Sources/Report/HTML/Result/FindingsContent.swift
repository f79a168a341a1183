import Readiness
import Results

extension ResultContent {
    @HTMLBuilder var findings: HTML {
        if !document.findings.isEmpty {
            Part.findings.section {
                tag(.div, .classes("findings")) { for finding in document.findings { FindingContent.html(finding) } }
            }
        }
    }
}

package enum FindingContent {
    /// - Parameter since: when it was first seen, where that is known.
    package static func html(_ finding: FindingDocument, since: HTML? = nil) -> HTML {
        tag(.article, .classes("finding")) {
            tag(.header) {
                Standing(severity: finding.severity).badge
                tag(.code) { finding.code }
                since
            }
            tag(.h3) { finding.summary }
            remedy(finding.remedy)
            facts(finding)
        }
    }

    package static func remedy(_ text: String) -> HTML {
        tag(.p, .classes("remedy")) {
            tag(.svg, .viewBox(16, 16), .width(16), .height(16), .ariaHidden) {
                tag(.path, .shape("M2 8h11M9 4l4 4-4 4"))
            }
            tag(.span, .classes("out")) { "What to do: " }
            text
        }
    }

    /// What shows it.
    @HTMLBuilder package static func facts(_ finding: FindingDocument) -> HTML {
        let facts = Wording().evidence(finding)
        if !facts.isEmpty { tag(.p, .classes("facts-line")) { facts.joined(separator: " · ") } }
    }
}
