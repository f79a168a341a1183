import Readiness
import Results
import Units

/// An assessment as text, for a ticket, a mail or to be signed: the verdict, what it rests on, what was not tested.
public enum AssessmentReport {
    public static func render(_ document: AssessmentDocument, style: TextStyle) -> String {
        var page = Page(style: style)
        page.add(headlineOf: document)
        page.add(rulesOf: document)
        page.add(checksOf: document)
        page.add(coverageOf: document)
        page.add(worstOf: document)
        page.add(untestedOf: document)
        page.add(footerOf: document)
        return page.text
    }
}

extension Assessment.Verdict {
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

extension RuleOutcome.State {
    fileprivate var emphasis: Emphasis {
        switch self {
        case .met: .good
        case .open, .short: .unknown
        case .broken: .bad
        }
    }
}

// MARK: The verdict and the rules

extension Page {
    fileprivate mutating func add(headlineOf document: AssessmentDocument) {
        var line = Line(document.verdict.word, document.verdict.emphasis)
        if !document.isFinal { line.append(" so far", .heading) }
        var rest = Paragraph.lines(sentence(document), width: style.width, indent: line.width + 2)
        if !rest.isEmpty { line.append(String(rest.removeFirst().dropFirst(line.width)), .heading) }
        add(line)
        for text in rest { add(Line(text, .heading)) }
        add(blank: 1)
        add(
            paragraph: "Assessment \(document.name) of \(document.site), from \(document.from.secondText) until "
                + "\(document.until.secondText), by checks from \(document.agent).",
            indent: 2
        )
    }

    private func sentence(_ document: AssessmentDocument) -> String {
        switch document.verdict {
        case .go: "Calls can go live at \(document.site)."
        case .noGo: "Calls must not go live at \(document.site) yet."
        case .insufficient where document.isFinal: "Too little was measured to say whether \(document.site) is ready."
        case .insufficient: "The window is not over."
        }
    }

    fileprivate mutating func add(rulesOf document: AssessmentDocument) {
        add(heading: "RULES")
        add(reasons: document.reasons)
    }

    mutating func add(reasons: [AssessmentReasonDocument]) {
        for reason in reasons {
            var line = Line("  ")
            line.cell(reason.state.rawValue.uppercased(), width: 8, reason.state.emphasis)
            add(line, then: reason.summary)
        }
    }

    /// Running text beside what the line begins with.
    private mutating func add(_ line: Line, then text: String) {
        var first = line
        var rest = Paragraph.lines(text, width: style.width, indent: line.width)
        if !rest.isEmpty { first.append(String(rest.removeFirst().dropFirst(line.width))) }
        add(first)
        for text in rest { add(Line(text)) }
    }
}

// MARK: The evidence

extension Page {
    fileprivate mutating func add(checksOf document: AssessmentDocument) {
        let counts = document.counts
        add(heading: "CHECKS")
        let grades: [(Grade, Int)] = [
            (.ready, counts.ready), (.atRisk, counts.atRisk), (.notReady, counts.notReady),
            (.inconclusive, counts.inconclusive),
        ]
        for (grade, count) in grades {
            var line = Line("  ")
            line.cell(grade.word, width: 14, count > 0 ? grade.emphasis : .faint)
            line.cell(NumberText.count(count), width: 7, right: true)
            add(line)
        }
        var total =
            "Of \(NumberText.count(counts.expected)) slots asked for \(NumberText.count(counts.covered)) have a "
        total += "conclusive check; \(NumberText.count(counts.missed)) \(counts.missed == 1 ? "was" : "were") missed"
        total += counts.pending > 0 ? ", and \(NumberText.count(counts.pending)) are still to come." : "."
        let inconclusive = " Inconclusive checks count neither for the target nor against it, and cover no slot."
        add(paragraph: total + (counts.inconclusive > 0 ? inconclusive : ""), indent: 2)
        if let first = document.firstResult, let last = document.lastResult {
            add(paragraph: "The first result is \(first), the last \(last).", indent: 2, .faint)
        }
    }

    fileprivate mutating func add(coverageOf document: AssessmentDocument) {
        add(heading: "COVERAGE")
        addHours(document.coverage.hours, document.timeZone)
        addPorts(document.coverage.ports)
    }

    /// Hours that fared alike and follow each other share a line.
    private mutating func addHours(_ hours: [AssessmentCoverageDocument.Hour], _ timeZone: String) {
        var spans: [(first: AssessmentCoverageDocument.Hour, end: Int)] = []
        for hour in hours {
            if let index = spans.indices.last, spans[index].end == hour.hour,
                spans[index].first.expected == hour.expected, spans[index].first.covered == hour.covered
            {
                spans[index].end = hour.hour + 1
            } else {
                spans.append((hour, hour.hour + 1))
            }
        }
        add(coverageHead: "hours, \(timeZone)", "covered", of: "slots in each")
        for span in spans {
            add(
                coverage: "\(clock(span.first.hour))-\(clock(span.end))",
                span.first.covered,
                of: span.first.expected
            )
        }
    }

    private func clock(_ hour: Int) -> String { (hour < 10 ? "0" : "") + "\(hour):00" }

    /// Ports that fared alike share a line.
    private mutating func addPorts(_ ports: [AssessmentCoverageDocument.Port]) {
        var groups: [(first: AssessmentCoverageDocument.Port, ports: [UInt16])] = []
        for port in ports {
            let index = groups.firstIndex { group in
                group.first.endpoint == port.endpoint && group.first.checks == port.checks
                    && group.first.answered == port.answered && group.first.notReady == port.notReady
            }
            if let index {
                groups[index].ports.append(port.port)
            } else {
                groups.append((port, [port.port]))
            }
        }
        var endpoint: String?
        for group in groups {
            if group.first.endpoint != endpoint {
                add(blank: 1)
                endpoint = group.first.endpoint
                add(paragraph: group.first.endpoint, indent: 2)
                add(coverageHead: "ports", "answered", of: "checks of each")
            }
            let bad = group.first.notReady > 0 ? "not ready in \(NumberText.count(group.first.notReady))" : ""
            add(coverage: NumberText.ports(group.ports), group.first.answered, of: group.first.checks, note: bad)
        }
    }

    private mutating func add(coverageHead what: String, _ state: String, of base: String) {
        var line = Line("  ")
        line.cell(what, width: 28, .faint)
        line.cell(state, width: 9, right: true, .faint)
        line.cell("", width: 2)
        line.append(base, .faint)
        add(line)
    }

    private mutating func add(coverage what: String, _ covered: Int, of expected: Int, note: String = "") {
        let isWhole = covered >= expected && expected > 0
        var line = Line("  ")
        line.cell(what, width: 28)
        line.cell(NumberText.count(covered), width: 9, right: true, isWhole ? .plain : .warning)
        line.cell("of", width: 2)
        line.cell(NumberText.count(expected), width: 8)
        line.append(note, .bad)
        add(line)
    }
}

// MARK: The worst, and what is left

extension Page {
    fileprivate mutating func add(worstOf document: AssessmentDocument) {
        guard !document.worst.isEmpty else { return }
        add(heading: "WORST CHECKS")
        var shown: [String] = []
        for worst in document.worst {
            let criterion = worst.criterion
            let group = [criterion.name, criterion.statistic, criterion.endpoint]
            if group.prefix(2) != shown.prefix(2) { add(paragraph: title(criterion), indent: 2) }
            if group != shown { add(paragraph: criterion.endpoint, indent: 4, .faint) }
            shown = group
            add(worst)
        }
    }

    private func title(_ criterion: AssessmentCriterionDocument) -> String {
        let name = criterion.name.replacing("_", with: " ")
        let statistic = criterion.statistic.replacing("_", with: " ").replacing("15s", with: "15 s")
            .replacing("200ms", with: "200 ms")
        let bounds =
            if let target = criterion.target, let limit = criterion.limit {
                ", target below \(figure(target, criterion)), limit \(figure(limit, criterion))"
            } else {
                ""
            }
        return "\(name), \(statistic)\(bounds)"
    }

    private mutating func add(_ worst: AssessmentWorstDocument) {
        let criterion = worst.criterion
        var line = Line("    ")
        line.cell(worst.startedAt.secondText, width: 24)
        line.cell(criterion.grade.word, width: 12, criterion.grade.emphasis)
        line.cell(criterion.value.map { figure($0, criterion) } ?? "unknown", width: 9, right: true)
        line.append([criterion.direction, criterion.port.map { "\($0)" }].compactMap { $0 }.joined(separator: " "))
        add(line)
    }

    private func figure(_ value: Double, _ criterion: AssessmentCriterionDocument) -> String {
        NumberText.value(value, Criterion.Unit(rawValue: criterion.unit) ?? .milliseconds)
    }

    fileprivate mutating func add(untestedOf document: AssessmentDocument) {
        add(heading: "NOT TESTED")
        guard !document.notTested.isEmpty else {
            add(paragraph: "Nothing of what was asked for.", indent: 2)
            return
        }
        for part in document.notTested { add(paragraph: "- " + part.summary, indent: 2, hanging: 4) }
    }

    fileprivate mutating func add(footerOf document: AssessmentDocument) {
        add(blank: 1)
        add(paragraph: "linecheck \(document.version) · assessment \(document.id)", .faint)
    }
}
