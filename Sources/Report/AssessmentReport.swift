import Readiness
import Results

/// What an assessment came to, as text: the certificate that a site goes live by, or must not yet.
public enum AssessmentReport {
    public static func render(_ document: AssessmentDocument, style: TextStyle) -> String {
        var page = Page(style: style)
        page.add(verdictOf: document)
        page.add(rulesOf: document)
        page.add(checksOf: document)
        page.add(criteriaOf: document)
        page.add(worstOf: document)
        page.add(coverageOf: document)
        page.add(findingsOf: document)
        page.add(untestedOf: document)
        page.add(blank: 1)
        page.add(paragraph: "linecheck \(document.version) · assessment \(document.id)", .faint)
        return page.text
    }
}

extension AssessmentVerdict {
    var word: String {
        switch self {
        case .go: "GO"
        case .noGo: "NO-GO"
        case .insufficient: "INSUFFICIENT"
        }
    }

    var emphasis: Emphasis {
        switch self {
        case .go: .good
        case .noGo: .bad
        case .insufficient: .unknown
        }
    }
}

// MARK: The verdict and its rules

extension Page {
    fileprivate mutating func add(verdictOf document: AssessmentDocument) {
        let sentence = Wording().sentence(document)
        let word = document.verdict.word
        var rest = Paragraph.lines(sentence, width: style.width, indent: word.count + 2)
        var first = Line(word, document.verdict.emphasis)
        if !rest.isEmpty { first.append(String(rest.removeFirst().dropFirst(word.count)), .heading) }
        add(first)
        for line in rest { add(Line(line, .heading)) }
        add(blank: 1)
        let schedules = document.schedules.isEmpty ? "no schedule" : document.schedules.joined(separator: ", ")
        var text = "Assessment \(document.name), from \(Wording().localText(document.fromLocal)) until "
        text +=
            "\(Wording().localText(document.untilLocal)) (\(document.timezone)), by the checks of \(schedules) from "
        text += document.agent
        if let profile = document.profile { text += ", against profile \(profile)" }
        text += "."
        if !document.isFinal { text += " Not over: counted up to \(document.countedUntil.secondText)." }
        add(paragraph: text, indent: 2)
    }

    fileprivate mutating func add(rulesOf document: AssessmentDocument) {
        add(heading: "RULES")
        for outcome in document.outcomes {
            let known = RuleOutcome.Outcome(rawValue: outcome.outcome)
            var line = Line("  ")
            line.cell((known?.word ?? outcome.outcome), width: 6, known?.emphasis ?? .plain)
            var rest = Paragraph.lines(outcome.summary, width: style.width, indent: line.width)
            if !rest.isEmpty { line.append(String(rest.removeFirst().dropFirst(line.width))) }
            add(line)
            for text in rest { add(Line(text)) }
        }
    }
}

extension RuleOutcome.Outcome {
    var word: String {
        switch self {
        case .met: "met"
        case .broken: "BROKEN"
        case .open: "open"
        }
    }

    fileprivate var emphasis: Emphasis {
        switch self {
        case .met: .good
        case .broken: .bad
        case .open: .unknown
        }
    }
}

// MARK: The evidence

extension Page {
    fileprivate mutating func add(checksOf document: AssessmentDocument) {
        add(heading: "CHECKS")
        let checks = document.checks
        var text = "\(NumberText.count(checks.made)) made of \(NumberText.count(checks.planned)) asked for"
        let counts = [
            (checks.ready, "ready"), (checks.atRisk, "at risk"), (checks.notReady, "not ready"),
            (checks.inconclusive, "inconclusive"),
        ]
        let parts = counts.filter { $0.0 != 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }
        if !parts.isEmpty { text += ": " + parts.joined(separator: ", ") }
        add(paragraph: text + ".", indent: 2)
    }

    fileprivate mutating func add(criteriaOf document: AssessmentDocument) {
        guard !document.criteria.isEmpty else { return }
        var head = Line("  ")
        head.cell("", width: 15, .faint)
        for (name, width) in [
            ("ready", 7), ("at risk", 7), ("not rdy", 7), ("inconcl", 7), ("median", 8), ("worst", 8),
        ] {
            head.cell(name, width: width, right: true, .faint)
        }
        head.append("target/limit", .faint)
        add(head)
        var endpoints: [String] = []
        for criterion in document.criteria where !endpoints.contains(criterion.endpoint) {
            endpoints.append(criterion.endpoint)
        }
        for endpoint in endpoints {
            add(paragraph: endpoint, indent: 2, .heading)
            for criterion in document.criteria where criterion.endpoint == endpoint { add(row: criterion) }
        }
    }

    private mutating func add(row criterion: AssessedCriterionDocument) {
        let isRatio = criterion.unit == Criterion.Unit.ratio.rawValue
        func figure(_ value: Double) -> String {
            isRatio ? FigureText.percent(value) : FigureText.milliseconds(value)
        }
        let unit = isRatio ? " %" : " ms"
        var line = Line("  ")
        line.cell(Wording().label(criterion.name, criterion.statistic), width: 15)
        let counts = [
            (criterion.ready, Emphasis.good), (criterion.atRisk, .warning), (criterion.notReady, .bad),
            (criterion.inconclusive, .unknown),
        ]
        for (count, emphasis) in counts {
            line.cell(NumberText.count(count), width: 7, right: true, count == 0 ? .faint : emphasis)
        }
        for value in [criterion.median, criterion.worst] {
            line.cell(value.map { figure($0) + unit } ?? "unknown", width: 8, right: true)
        }
        if let target = criterion.target, let limit = criterion.limit {
            let both = target == limit ? "< \(figure(target))" : "< \(figure(target))/\(figure(limit))"
            line.append(both.cut(to: Page.tableWidth - line.width))
        } else if [Criterion.Name.dscp, .reachability].contains(Criterion.Name(rawValue: criterion.name)) {
            line.append("all")
        }
        add(line)
    }

    fileprivate mutating func add(worstOf document: AssessmentDocument) {
        add(heading: "WORST")
        guard !document.worst.isEmpty else {
            add(paragraph: "Nothing: no check missed a target.", indent: 2)
            return
        }
        for window in document.worst {
            let criterion = window.criterion
            let unit = Criterion.Unit(rawValue: criterion.unit) ?? .milliseconds
            var line = Line("  ")
            line.cell(Wording().localText(window.startedLocal), width: 20)
            line.cell(criterion.grade.word, width: 9, criterion.grade.emphasis)
            line.cell(Wording().label(criterion.name, criterion.statistic), width: 18)
            line.cell(criterion.value.map { NumberText.value($0, unit) } ?? "unknown", width: 9, right: true)
            let place = [criterion.direction, criterion.port.map { "\($0)" }].compactMap { $0 }
            line.append(place.joined(separator: " ").cut(to: Page.tableWidth - line.width))
            add(line)
        }
        let endpoints = Set(document.worst.map(\.endpoint)).sorted()
        if endpoints.count > 1 { add(paragraph: "Of " + endpoints.joined(separator: " and ") + ".", indent: 2, .faint) }
    }

    // MARK: What was looked at, and what was not

    fileprivate mutating func add(coverageOf document: AssessmentDocument) {
        add(heading: "COVERAGE")
        guard !document.coverage.ports.isEmpty else {
            add(paragraph: "None: no hour was asked for yet.", indent: 2)
            return
        }
        for group in Wording().coverage(document.coverage) { add(paragraph: group, indent: 2, hanging: 4) }
        addMissedHours(document.coverage)
    }

    /// The day is named with the first of its hours only.
    private mutating func addMissedHours(_ coverage: CoverageDocument) {
        guard !coverage.missedHours.isEmpty else { return }
        var day: Substring?
        let hours = coverage.missedHours.map { text in
            defer { day = text.prefix(10) }
            let hour = Wording().localText(text)
            return day == text.prefix(10) && hour != text ? String(hour.suffix(5)) : hour
        }
        let (count, listed) = (coverage.missedHoursCount, coverage.missedHours.count)
        let rest = count > listed ? ", and \(NumberText.count(count - listed)) more" : ""
        add(paragraph: "Hours not covered, from: " + hours.joined(separator: ", ") + rest + ".", indent: 2)
    }

    fileprivate mutating func add(findingsOf document: AssessmentDocument) {
        guard !document.findings.isEmpty else { return }
        add(heading: "FINDINGS")
        for finding in document.findings {
            let grade = Grade(rawValue: finding.severity)
            var line = Line("  ")
            line.cell(grade?.word ?? finding.severity, width: 12, grade?.emphasis ?? .plain)
            line.cell(finding.code, width: 32)
            line.append("\(NumberText.count(finding.checks)) check\(finding.checks == 1 ? "" : "s")".cut(to: 20))
            add(line)
        }
    }

    fileprivate mutating func add(untestedOf document: AssessmentDocument) {
        guard !document.untested.isEmpty else { return }
        add(heading: "NOT TESTED")
        for sentence in document.untested { add(paragraph: "- " + sentence, indent: 2, hanging: 4) }
    }
}
