import Readiness
import Results

/// The paper that a site goes live by, or must not yet: verdict, evidence, what was not tested, who signs. One printed
/// page of A4 or Letter; what does not fit is counted, and stands in the assessment itself.
package struct CertificateContent {
    let document: AssessmentDocument
    let wording = Wording()

    package init(_ document: AssessmentDocument) { self.document = document }

    /// The most rows of each table.
    private enum Room {
        static let criteria = 10
        static let worst = 4
        static let coverage = 3
        static let findings = 5
        static let untested = 6
    }

    package var html: HTML {
        tag(.article, .classes("certificate")) {
            verdict
            period
            rules
            checks
            tag(.div, .classes("two")) {
                tag(.div) {
                    worst
                    coverage
                }
                tag(.div) { findings }
            }
            untested
            signatures
            tag(.footer, .classes("small", "muted")) {
                "linecheck \(document.version) · assessment "
                tag(.code) { document.id }
                " · \(document.schema)"
            }
        }
    }

    // MARK: The verdict and its rules

    private var verdict: HTML {
        tag(.header, .classes("verdict", Standing(document.verdict).className)) {
            tag(.p, .classes("kind")) { document.isFinal ? "Go-live assessment" : "Go-live assessment, not over yet" }
            tag(.h1) {
                document.verdict.badge
                " "
                wording.sentence(document)
            }
        }
    }

    private var period: HTML {
        let schedules = document.schedules.isEmpty ? "no schedule" : document.schedules.joined(separator: ", ")
        return tag(.dl, .classes("facts")) {
            HTML.fact("Site", document.site)
            HTML.fact("Assessment", document.name)
            HTML.fact(
                "Period",
                "\(wording.localText(document.fromLocal)) until \(wording.localText(document.untilLocal)), \(document.timezone)"
            )
            HTML.fact("Counted up to", document.isFinal ? nil : document.countedUntil.secondText)
            HTML.fact("Checked by", "\(document.agent), by schedule \(schedules)")
            HTML.fact("Held to profile", document.profile)
        }
    }

    private var rules: HTML {
        HTML {
            tag(.h2) { "Rules" }
            RuleOutcomes.list(document.outcomes)
        }
    }

    // MARK: The evidence

    @HTMLBuilder private var checks: HTML {
        tag(.h2) { "Checks" }
        tag(.p) { wording.checks(document.checks) }
        if !document.criteria.isEmpty {
            HTML.table("Each criterion over all checks: how many met it, and its values") {
                head
                for (endpoint, criteria) in endpoints { rows(endpoint, criteria) }
            }
        }
        if document.criteria.count > Room.criteria {
            tag(.p, .classes("muted", "small")) { moreText(document.criteria.count, Room.criteria, "criteria") }
        }
    }

    private var endpoints: [(String, [AssessedCriterionDocument])] {
        var groups: [(String, [AssessedCriterionDocument])] = []
        for criterion in document.criteria.prefix(Room.criteria) {
            if let index = groups.firstIndex(where: { $0.0 == criterion.endpoint }) {
                groups[index].1.append(criterion)
            } else {
                groups.append((criterion.endpoint, [criterion]))
            }
        }
        return groups
    }

    private var head: HTML {
        tag(.thead) {
            tag(.tr) {
                HTML.head("Criterion")
                for name in ["Ready", "At risk", "Not ready", "Inconclusive", "Median", "Worst", "Target / limit"] {
                    HTML.head(name, "n")
                }
            }
        }
    }

    private func rows(_ endpoint: String, _ criteria: [AssessedCriterionDocument]) -> HTML {
        tag(.tbody) {
            tag(.tr, .classes("group")) { tag(.th, .columns(8), .rowGroupScope) { endpoint } }
            for criterion in criteria {
                tag(.tr) {
                    tag(.th, .rowScope) { wording.capitalized(wording.label(criterion.name, criterion.statistic)) }
                    for count in [criterion.ready, criterion.atRisk, criterion.notReady, criterion.inconclusive] {
                        tag(.td, .classes("n", count == 0 ? "muted" : nil)) { NumberText.count(count) }
                    }
                    HTML.figure(criterion.median.map { wording.value($0, criterion.unit) })
                    HTML.figure(criterion.worst.map { wording.value($0, criterion.unit) })
                    HTML.figure(wording.bounds(criterion))
                }
            }
        }
    }

    @HTMLBuilder private var worst: HTML {
        tag(.h2) { "Worst seen" }
        if document.worst.isEmpty { tag(.p) { "Nothing: no check missed a target." } }
        tag(.ul, .classes("plain")) {
            for window in document.worst.prefix(Room.worst) {
                tag(.li) {
                    Standing(window.criterion.grade).badge
                    " \(wording.localText(window.startedLocal)): \(wording.worst(window.criterion))"
                }
            }
            more(document.worst.count, Room.worst, "moments")
        }
    }

    @HTMLBuilder private var coverage: HTML {
        tag(.h2) { "Coverage" }
        let groups = wording.coverage(document.coverage)
        if groups.isEmpty { tag(.p) { "None: no hour was asked for yet." } }
        tag(.ul, .classes("plain")) {
            for group in groups.prefix(Room.coverage) { tag(.li) { group } }
            more(groups.count, Room.coverage, "groups of ports")
        }
    }

    @HTMLBuilder private var findings: HTML {
        tag(.h2) { "Findings" }
        if document.findings.isEmpty { tag(.p) { "None that stands for a grade." } }
        tag(.ul, .classes("plain")) {
            for finding in document.findings.prefix(Room.findings) {
                tag(.li) {
                    Standing(severity: finding.severity).badge
                    " "
                    tag(.code) { finding.code }
                    " in \(NumberText.count(finding.checks)) check\(finding.checks == 1 ? "" : "s")"
                }
            }
            more(document.findings.count, Room.findings, "findings")
        }
    }

    // MARK: What it says nothing about, and who answers for it

    @HTMLBuilder private var untested: HTML {
        tag(.h2) { "Not tested" }
        if document.untested.isEmpty { tag(.p) { "Nothing is known to be missing." } }
        tag(.ul, .classes("notes")) {
            for sentence in document.untested.prefix(Room.untested) { tag(.li) { sentence } }
            more(document.untested.count, Room.untested, "sentences")
        }
    }

    private var signatures: HTML {
        tag(.div, .classes("signatures")) {
            for who in ["For the network", "For the voice service", "For the site"] {
                tag(.div) {
                    tag(.p, .classes("line")) { "Name, signature" }
                    tag(.p, .classes("line")) { "Date" }
                    tag(.p) { tag(.strong) { who } }
                }
            }
        }
    }

    @HTMLBuilder private func more(_ count: Int, _ room: Int, _ what: String) -> HTML {
        if count > room { tag(.li, .classes("muted", "small")) { moreText(count, room, what) } }
    }

    private func moreText(_ count: Int, _ room: Int, _ what: String) -> String {
        "And \(NumberText.count(count - room)) more \(what), in the assessment itself."
    }
}

extension Wording {
    func bounds(_ criterion: AssessedCriterionDocument) -> String {
        let isAll = [Criterion.Name.dscp, .reachability].contains(Criterion.Name(rawValue: criterion.name))
        guard let target = criterion.target, let limit = criterion.limit else { return isAll ? "all" : "" }
        let low = figure(target, criterion.unit)
        let both = target == limit ? low : "\(low) / \(figure(limit, criterion.unit))"
        return "< \(both) \(sign(criterion.unit))"
    }

    func worst(_ criterion: CriterionSummary) -> String {
        let value = criterion.value.map { self.value($0, criterion.unit) } ?? "unknown"
        let place = [criterion.direction, criterion.port.map { "\($0)" }].compactMap(\.self).joined(separator: " ")
        return "\(label(criterion.name, criterion.statistic)) \(value)" + (place.isEmpty ? "" : " (\(place))")
    }

    /// Ports that were covered alike share a sentence.
    func coverage(_ coverage: CoverageDocument) -> [String] {
        var groups: [(first: CoverageDocument.Port, ports: [UInt16])] = []
        for port in coverage.ports {
            let index = groups.firstIndex {
                $0.first.endpoint == port.endpoint && $0.first.hoursAsked == port.hoursAsked
                    && $0.first.hoursCovered == port.hoursCovered
            }
            if let index { groups[index].ports.append(port.port) } else { groups.append((port, [port.port])) }
        }
        return groups.map { port, ports in
            "\(NumberText.count(port.hoursCovered)) of \(NumberText.count(port.hoursAsked)) hours: "
                + "\(ports.count == 1 ? "port" : "ports") \(NumberText.ports(ports)) of \(port.endpoint)"
        }
    }
}
