import Readiness
import Results

/// Everything that a result says, from its grade to what it says nothing about.
package struct ResultContent {
    let document: ResultDocument
    let wording = Wording()

    package init(_ document: ResultDocument) { self.document = document }

    /// Sections to stand in a page's main part.
    @HTMLBuilder package var html: HTML {
        verdict
        contents
        criteria
        findings
        incidents
        directions
        marking
        ports
        capacity
        path
        quality
        assessment
        unmeasured
        footer
    }

    // MARK: The first and the last

    private var verdict: HTML {
        let standing = Standing(document.grade)
        return tag(.section, .classes("verdict", standing.className), .ariaLabel("Grade")) {
            standing.badge
            tag(.h1) { wording.sentence(document) }
            if let decider { tag(.p) { decider } }
            tag(.p, .classes("muted")) { wording.circumstances(document) }
        }
    }

    /// What the grade comes from, in a sentence: the first criterion and the first finding that stand for it.
    private var decider: String? {
        guard document.grade != .ready else { return nil }
        if let finding = document.findings.first(where: { $0.severity == document.grade.rawValue }) {
            return finding.summary
        }
        guard let criterion = document.criteria.first(where: { $0.grade == document.grade }) else { return nil }
        let value = criterion.value.map { ": " + wording.value($0, criterion.unit) } ?? ""
        return "It rests on \(wording.label(criterion, document))\(value)."
    }

    private var contents: HTML {
        tag(.nav, .ariaLabel("On this page")) {
            tag(.ul, .classes("jump")) {
                for part in Part.allCases where has(part) {
                    tag(.li) { tag(.a, .href(Link(to: part.id))) { part.heading } }
                }
            }
        }
    }

    private func has(_ part: Part) -> Bool {
        switch part {
        case .findings: !document.findings.isEmpty
        case .incidents: !(document.incidents ?? []).isEmpty
        case .capacity: document.capacity != nil
        case .path: document.path != nil || document.location != nil
        case .assessment: document.assessment != nil
        default: true
        }
    }

    private var footer: HTML {
        tag(.footer, .classes("foot")) {
            "linecheck \(document.version) · result "
            tag(.code) { document.id }
            " · \(document.schema)"
        }
    }
}

/// The sections of a result's page.
enum Part: CaseIterable {
    case criteria, findings, incidents, directions, marking, ports, capacity, path, quality, assessment, unmeasured

    var heading: String {
        switch self {
        case .criteria: "Criteria"
        case .findings: "Findings"
        case .incidents: "Incidents"
        case .directions: "Both directions"
        case .marking: "DSCP along the path"
        case .ports: "Ports"
        case .capacity: "Calls at once"
        case .path: "Path and place"
        case .quality: "Clock and probe"
        case .assessment: "Assessment"
        case .unmeasured: "Not measured"
        }
    }

    var id: Identifier {
        switch self {
        case .criteria: Identifier("criteria")
        case .findings: Identifier("findings")
        case .incidents: Identifier("incidents")
        case .directions: Identifier("directions")
        case .marking: Identifier("dscp")
        case .ports: Identifier("ports")
        case .capacity: Identifier("calls")
        case .path: Identifier("path")
        case .quality: Identifier("quality")
        case .assessment: Identifier("assessment")
        case .unmeasured: Identifier("not-measured")
        }
    }

    /// A section with its heading.
    func section(_ lead: String? = nil, @HTMLBuilder content: () -> HTML) -> HTML {
        let content = content()
        let heading = Identifier("heading", Self.allCases.firstIndex(of: self))
        return tag(.section, .id(id), .ariaLabelledBy(heading)) {
            tag(.h2, .id(heading)) { self.heading }
            if let lead { tag(.p, .classes("muted", "small")) { lead } }
            content
        }
    }
}

extension HTML {
    /// A table that scrolls by itself where the page is too narrow for it.
    package static func table(
        _ caption: String,
        _ className: StaticString? = nil,
        @HTMLBuilder content: () -> HTML
    ) -> HTML {
        let content = content()
        return tag(.div, .classes("scroll"), .role("region"), .ariaLabel(caption), .focusable) {
            tag(.table, .classes(className)) {
                tag(.caption) { caption }
                content
            }
        }
    }

    /// The head of a column.
    package static func head(_ text: String, _ className: StaticString? = nil) -> HTML {
        tag(.th, .columnScope, className.map { .classes($0) }) { text }
    }

    /// A figure of a table, lined up on the right; a dash where there is none.
    package static func figure(_ text: String?) -> HTML { tag(.td, .classes("n")) { text ?? "–" } }

    package static func cell(_ text: String) -> HTML { tag(.td) { text } }

    /// Sentences in a table, never so narrow that they stand a word a line.
    static func sentences(_ text: String) -> HTML { tag(.td, .classes("t")) { text } }

    package static func fact(_ name: String, _ text: String?) -> HTML {
        HTML {
            if let text {
                tag(.dt) { name }
                tag(.dd) { text }
            }
        }
    }

    static func notes(_ notes: [String]) -> HTML {
        HTML {
            if !notes.isEmpty {
                tag(.ul, .classes("notes")) { for note in notes { tag(.li) { note } } }
            }
        }
    }
}
