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
            let key = [criterion.grade.rawValue, outcome(of: criterion, document)]
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

    private func outcome(of criterion: CriterionDocument, _ document: ResultDocument) -> String {
        let stream = document.streams.first { $0.endpoint == criterion.endpoint && $0.port == criterion.port }
        switch stream?.reachability.state {
        case .answered: return "answered"
        case .refused: return "refused"
        case .silent: return (stream?.refusedReplies.isEmpty ?? true) ? "silent" : "unusable"
        case .notSent: return "not sent"
        case nil: return ""
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
        var line = rowStart(label(criterion, document), criterion.grade)
        line.cell(criterion.value.map { figure($0) + unit } ?? "unknown", width: 8, right: true)
        line.cell(criterion.interval.map { $0.map(figure).joined(separator: " – ") } ?? "", width: 13)
        line.cell(bounds(criterion, figure), width: 12)
        line.append(place(criterion).cut(to: 13))
        add(line)
        if criterion.name == Criterion.Name.latencyOneWay.rawValue, criterion.basis == Basis.roundTrip.rawValue {
            let trip = document.endpoints.first { $0.endpoint == criterion.endpoint }?.roundTripMilliseconds
            let figures = trip.map { ": \(FigureText.milliseconds($0.p95)) ms at p95" } ?? ""
            add(paragraph: "decided by the round trip\(figures)", indent: 18, .faint)
        }
        addSettle(criterion)
    }

    private mutating func addSettle(_ criterion: CriterionDocument) {
        guard let settle = criterion.settle else { return }
        let doubt = criterion.grade == .atRisk ? "whether it is worse takes " : "to settle it takes "
        add(paragraph: doubt + settle, indent: 18, .faint)
    }

    private func bounds(_ criterion: CriterionDocument, _ figure: (Double) -> String) -> String {
        if criterion.name == Criterion.Name.dscp.rawValue { return "all" }
        guard let target = criterion.target, let limit = criterion.limit else { return "" }
        guard target != limit else { return "< \(figure(target))" }
        let both = "< \(figure(target)) / \(figure(limit))"
        return both.count > 12 ? both.replacing(" / ", with: "/") : both
    }

    private func place(_ criterion: CriterionDocument) -> String {
        // Two criteria have the forward direction: where packets leave, and where they arrive.
        if criterion.basis == Basis.egressCapture.rawValue { return "leaving here" }
        return [criterion.direction, criterion.port.map { "\($0)" }].compactMap { $0 }.joined(separator: " ")
    }

    private func label(_ criterion: CriterionDocument, _ document: ResultDocument) -> String {
        let statistic = criterion.statistic.replacing("worst_15s", with: "15 s").replacing(
            "worst_200ms",
            with: "200 ms"
        )
        let name =
            switch Criterion.Name(rawValue: criterion.name) {
            case .latencyOneWay: "one-way"
            case .roundTrip: "round trip"
            case .dscp: "DSCP" + (document.dscp.required.map { " \($0)" } ?? "")
            default: criterion.name
            }
        return statistic == Statistic.wholeCheck.rawValue ? name : "\(name), \(statistic)"
    }
}
