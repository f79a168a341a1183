import Readiness
import Results

extension ResultContent {
    package var criteria: HTML {
        Part.criteria.section(
            """
            Each is graded on its whole interval, not on its value. In the bars, target and limit stand at the same two \
            places in every row.
            """
        ) {
            if document.criteria.isEmpty {
                tag(.p) { "None: nothing was measured." }
            } else {
                HTML.table("What this check was graded by") {
                    head
                    for endpoint in endpointsOfCriteria { rows(endpoint) }
                }
            }
        }
    }

    private var endpointsOfCriteria: [String] {
        var seen: Set<String> = []
        return document.criteria.map(\.endpoint).filter { seen.insert($0).inserted }
    }

    private var head: HTML {
        tag(.thead) {
            tag(.tr) {
                HTML.head("Criterion")
                HTML.head("Grade")
                HTML.head("Value", "n")
                tag(.th, .columnScope) {
                    tag(.span, .classes("out")) { "Against target and limit" }
                    RangeBar.head
                }
                HTML.head("Interval", "n")
                HTML.head("Target / limit", "n")
                HTML.head("Where")
            }
        }
    }

    private func rows(_ endpoint: String) -> HTML {
        let criteria = document.criteria.filter { $0.endpoint == endpoint }
        let isReachability = { (criterion: CriterionDocument) in
            criterion.name == Criterion.Name.reachability.rawValue
        }
        return tag(.tbody) {
            tag(.tr, .classes("group")) { tag(.th, .columns(7), .rowGroupScope) { endpoint } }
            reachability(criteria.filter(isReachability))
            for criterion in criteria where !isReachability(criterion) { row(criterion) }
        }
    }

    // MARK: Reachability

    /// Ports that fared alike share a row.
    @HTMLBuilder private func reachability(_ criteria: [CriterionDocument]) -> HTML {
        for group in groups(criteria) {
            tag(.tr) {
                tag(.th, .rowScope) { "UDP reachable" }
                tag(.td) { Standing(group.first.grade).badge }
                tag(.td, .classes("n")) { group.outcome }
                tag(.td) {}
                tag(.td) {}
                tag(.td) {}
                HTML.cell("port\(group.ports.count == 1 ? "" : "s") \(NumberText.ports(group.ports))")
            }
            notes(group.first)
        }
    }

    private typealias PortGroup = (outcome: String, first: CriterionDocument, ports: [UInt16])

    private func groups(_ criteria: [CriterionDocument]) -> [PortGroup] {
        var groups: [PortGroup] = []
        for criterion in criteria {
            guard let port = criterion.port else { continue }
            let outcome = wording.outcome(of: criterion, document)
            if let index = groups.firstIndex(where: { $0.outcome == outcome && $0.first.grade == criterion.grade }) {
                groups[index].ports.append(port)
            } else {
                groups.append((outcome, criterion, [port]))
            }
        }
        return groups
    }

    // MARK: Numbers

    @HTMLBuilder private func row(_ criterion: CriterionDocument) -> HTML {
        tag(.tr) {
            tag(.th, .rowScope) { wording.capitalized(wording.label(criterion, document)) }
            tag(.td) { Standing(criterion.grade).badge }
            HTML.figure(criterion.value.map { wording.value($0, criterion.unit) } ?? "unknown")
            tag(.td, .classes("chart")) { bar(criterion) }
            HTML.figure(wording.interval(criterion.interval, criterion.unit) ?? "")
            HTML.figure(wording.boundsWithUnit(criterion))
            HTML.cell(wording.place(criterion))
        }
        notes(criterion)
    }

    private func bar(_ criterion: CriterionDocument) -> HTML? {
        let label = wording.spoken(criterion)
        if criterion.name == Criterion.Name.dscp.rawValue {
            return criterion.value.map { ShareBar.drawing($0, Standing(criterion.grade), label: label) }
        }
        return RangeBar(target: criterion.target, limit: criterion.limit)?
            .drawing(value: criterion.value, interval: criterion.interval, label: label)
    }

    @HTMLBuilder private func notes(_ criterion: CriterionDocument) -> HTML {
        for note in [wording.decider(criterion, document), wording.settle(criterion)].compactMap(\.self) {
            tag(.tr, .classes("note")) {
                tag(.td) {}
                tag(.td, .columns(6)) { note.prefix(1).uppercased() + note.dropFirst() + "." }
            }
        }
    }
}

extension Wording {
    /// With its unit.
    func value(_ value: Double, _ unit: String) -> String { figure(value, unit) + "\u{a0}" + sign(unit) }

    func sign(_ unit: String) -> String { unit == Criterion.Unit.ratio.rawValue ? "%" : "ms" }

    /// With its unit; nil where it is none.
    func interval(_ interval: [Double]?, _ unit: String) -> String? {
        guard let interval, interval.count == 2 else { return nil }
        return interval.map { figure($0, unit) }.joined(separator: " – ") + "\u{a0}" + sign(unit)
    }

    func boundsWithUnit(_ criterion: CriterionDocument) -> String {
        let bounds = bounds(criterion)
        return bounds.hasPrefix("<") ? bounds + "\u{a0}" + sign(criterion.unit) : bounds
    }

    /// What a drawing of a criterion shows.
    func spoken(_ criterion: CriterionDocument) -> String {
        guard let value = criterion.value else { return "nothing measured" }
        var text = self.value(value, criterion.unit)
        if let interval = criterion.interval, interval.count == 2 {
            text += ", between \(figure(interval[0], criterion.unit)) and \(self.value(interval[1], criterion.unit))"
        }
        if let target = criterion.target { text += "; the target is below \(self.value(target, criterion.unit))" }
        if let limit = criterion.limit, limit != criterion.target {
            text += ", the limit below \(self.value(limit, criterion.unit))"
        }
        return text
    }
}
