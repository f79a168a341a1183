import Readiness
import Results

extension Page {
    mutating func add(criteriaOf document: ResultDocument) {
        add(heading: "CRITERIA")
        guard !document.criteria.isEmpty else {
            add(paragraph: "None: nothing was measured.", indent: 2)
            return
        }
        var endpoints: [String] = []
        for criterion in document.criteria where !endpoints.contains(criterion.endpoint) {
            endpoints.append(criterion.endpoint)
        }
        addCriteriaHead()
        for endpoint in endpoints {
            if endpoints.count > 1 { add(paragraph: endpoint, indent: 2, .heading) }
            let criteria = document.criteria.filter { $0.endpoint == endpoint }
            addReachability(criteria.filter { $0.name == Criterion.Name.reachability.rawValue }, document)
            for criterion in criteria where criterion.name != Criterion.Name.reachability.rawValue {
                addRow(criterion, document)
            }
        }
    }

    private mutating func addCriteriaHead() {
        var line = Line("  ")
        line.cell("", width: 15, .faint)
        line.cell("grade", width: 12, .faint)
        line.cell("value", width: 8, right: true, .faint)
        line.cell("interval", width: 13, .faint)
        line.cell("target/limit", width: 12, .faint)
        line.append("where", .faint)
        add(line)
    }

    // MARK: Reachability

    /// Ports that fared alike share a line.
    private mutating func addReachability(_ criteria: [CriterionDocument], _ document: ResultDocument) {
        var groups: [(key: [String], first: CriterionDocument, ports: [UInt16])] = []
        for criterion in criteria {
            guard let port = criterion.port else { continue }
            let key = [criterion.grade.rawValue, Wording().outcome(of: criterion, document)]
            if let index = groups.firstIndex(where: { $0.key == key }) {
                groups[index].ports.append(port)
            } else {
                groups.append((key, criterion, [port]))
            }
        }
        for group in groups {
            var line = rowStart("UDP reachable", group.first.grade)
            line.cell(group.key[1], width: 8, right: true)
            line.append("port\(group.ports.count == 1 ? "" : "s") \(NumberText.ports(group.ports))".cut(to: 40))
            add(line)
            addSettle(group.first)
        }
    }

    // MARK: Numbers

    private func rowStart(_ name: String, _ grade: Grade) -> Line {
        var line = Line("  ")
        line.cell(name, width: 15)
        line.cell(grade.word, width: 12, grade.emphasis)
        return line
    }

    private mutating func addRow(_ criterion: CriterionDocument, _ document: ResultDocument) {
        let isRatio = criterion.unit == Criterion.Unit.ratio.rawValue
        func figure(_ value: Double) -> String {
            isRatio ? FigureText.percent(value) : FigureText.milliseconds(value)
        }
        let unit = isRatio ? " %" : " ms"
        let wording = Wording()
        var line = rowStart(wording.label(criterion, document), criterion.grade)
        line.cell(criterion.value.map { figure($0) + unit } ?? "unknown", width: 8, right: true)
        line.cell(criterion.interval.map { $0.map(figure).joined(separator: " – ") } ?? "", width: 13)
        line.cell(bounds(criterion, wording), width: 12)
        line.append(wording.place(criterion).cut(to: 13))
        add(line)
        if let decider = wording.decider(criterion, document) { add(paragraph: decider, indent: 18, .faint) }
        addSettle(criterion)
    }

    private mutating func addSettle(_ criterion: CriterionDocument) {
        if let settle = Wording().settle(criterion) { add(paragraph: settle, indent: 18, .faint) }
    }

    private func bounds(_ criterion: CriterionDocument, _ wording: Wording) -> String {
        let both = wording.bounds(criterion)
        return both.count > 12 ? both.replacing(" / ", with: "/") : both
    }
}
