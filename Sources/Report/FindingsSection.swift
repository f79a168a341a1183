import Readiness
import Results

extension Page {
    mutating func add(findingsOf document: ResultDocument) { add(findings: document.findings) }

    mutating func add(findings: [FindingDocument]) {
        guard !findings.isEmpty else { return }
        add(heading: "FINDINGS")
        for (index, finding) in findings.enumerated() {
            if index > 0 { add(blank: 1) }
            add(finding)
        }
    }

    private mutating func add(_ finding: FindingDocument) {
        let grade = Grade(rawValue: finding.severity)
        var line = Line("  ")
        line.append(grade?.word ?? "NOTE", grade?.emphasis ?? .heading)
        line.append("  ")
        line.append(finding.code.cut(to: Page.tableWidth - line.width), .faint)
        add(line)
        add(paragraph: finding.summary, indent: 4)
        add(paragraph: "→ " + finding.remedy, indent: 4, hanging: 6)
        let facts = Wording().evidence(finding).joined(separator: "; ")
        if !facts.isEmpty { add(paragraph: facts, indent: 4, .faint) }
    }
}

extension Wording {
    /// The endpoint is left out, since the summary names it, and so is what the table of criteria shows.
    func evidence(_ finding: FindingDocument) -> [String] {
        let first = ["address", "direction", "port", "ports"]
        let isShown = { (name: String) in
            name == "endpoint" || ["value_", "interval_"].contains { name.hasPrefix($0) }
        }
        let names = finding.evidence.keys.filter { !isShown($0) }.sorted { left, right in
            let ranks = [left, right].map { first.firstIndex(of: $0) ?? first.count }
            return ranks[0] == ranks[1] ? left < right : ranks[0] < ranks[1]
        }
        return names.compactMap { name in finding.evidence[name].map { fact(name, $0) } }
    }

    private func fact(_ name: String, _ value: EvidenceDocument) -> String {
        guard case .number(let number) = value else {
            guard case .text(let text) = value else { return name }
            return "\(words(name)) \(text)"
        }
        if name == "port" || name.hasSuffix("_port") || name.hasPrefix("dscp") {
            return "\(words(name)) \(NumberText.decimal(number, places: 0))"
        }
        if name.hasSuffix("_ms") { return "\(words(name.dropLast(3))) \(FigureText.milliseconds(number)) ms" }
        if name.hasSuffix("_s") { return "\(words(name.dropLast(2))) \(NumberText.decimal(number, places: 1)) s" }
        if name == "burst_ratio" { return "\(words(name)) \(NumberText.decimal(number, places: 1))" }
        if name.hasSuffix("_ratio") { return "\(words(name.dropLast(6))) \(FigureText.percent(number)) %" }
        let whole = number == number.rounded() && number.magnitude < 1e15
        return "\(words(name)) \(whole ? NumberText.count(Int(number)) : NumberText.decimal(number, places: 3))"
    }

    private func words(_ name: some StringProtocol) -> String { String(name).replacing("_", with: " ") }
}
