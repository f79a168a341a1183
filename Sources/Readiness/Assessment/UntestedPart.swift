import Units

/// Something that an assessment says nothing about, or less than was asked for.
public struct UntestedPart: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Checks that were not made.
        case slots
        /// Checks that could not say.
        case inconclusive
        /// Hours in which checks were asked for and none was conclusive.
        case hours
        /// Hours in which no checks were asked for.
        case hoursOutside = "hours_outside"
        case ports
        /// Criteria that some checks could not judge.
        case criteria
    }

    public var kind: Kind
    public var summary: String

    static func parts(_ tally: AssessmentTally, checks: [AssessedCheck], isOver: Bool) -> [UntestedPart] {
        slots(tally) + hours(tally, isOver: isOver) + ports(tally) + criteria(checks)
    }

    private static func slots(_ tally: AssessmentTally) -> [UntestedPart] {
        var parts: [UntestedPart] = []
        if tally.missedCount > 0 {
            let reasons = tally.missed.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
                .map { "\($0.key) (\(NumberText.count($0.value)))" }
            let counts = "\(NumberText.count(tally.missedCount)) of \(NumberText.count(tally.expected))"
            let text =
                "\(counts) checks asked for \(tally.missedCount == 1 ? "was" : "were") not made: \(reasons.joined(separator: ", "))."
            parts.append(UntestedPart(kind: .slots, summary: text))
        }
        let open = tally.count(.inconclusive)
        if open > 0 {
            let text =
                "\(NumberText.count(open)) of \(NumberText.count(tally.checks)) checks made \(open == 1 ? "was" : "were") inconclusive."
            parts.append(UntestedPart(kind: .inconclusive, summary: text))
        }
        return parts
    }

    private static func hours(_ tally: AssessmentTally, isOver: Bool) -> [UntestedPart] {
        var parts: [UntestedPart] = []
        let empty = tally.hours.filter { $0.covered == 0 }.map(\.hour)
        if isOver, !empty.isEmpty {
            let text = "No conclusive check, though asked for, between \(spans(empty))."
            parts.append(UntestedPart(kind: .hours, summary: text))
        }
        let asked = Set(tally.hours.map(\.hour))
        let outside = (0..<24).filter { !asked.contains($0) }
        if !outside.isEmpty, !asked.isEmpty {
            let text = "No check was asked for between \(spans(outside))."
            parts.append(UntestedPart(kind: .hoursOutside, summary: text))
        }
        return parts
    }

    private static func ports(_ tally: AssessmentTally) -> [UntestedPart] {
        let silent = tally.ports.filter { $0.answered == 0 }
        return Dictionary(grouping: silent, by: \.port.endpoint).sorted { $0.key < $1.key }.map { endpoint, coverage in
            let ports = NumberText.portsWithNoun(coverage.map(\.port.port))
            return UntestedPart(kind: .ports, summary: "\(endpoint): \(ports) never answered for.")
        }
    }

    private static func criteria(_ checks: [AssessedCheck]) -> [UntestedPart] {
        var open: [String: Int] = [:]
        for check in checks {
            for name in Set(check.criteria.filter { $0.grade == .inconclusive }.map(\.name)) {
                open[name, default: 0] += 1
            }
        }
        return open.sorted { $0.key < $1.key }.map { name, count in
            let words = name.split(separator: "_").joined(separator: " ")
            let text =
                "\(words) was left open in \(NumberText.count(count)) of \(NumberText.count(checks.count)) checks."
            return UntestedPart(kind: .criteria, summary: text)
        }
    }

    /// `00:00-08:00 and 18:00-24:00`.
    private static func spans(_ hours: [Int]) -> String {
        var spans: [(first: Int, end: Int)] = []
        for hour in hours.sorted() {
            if let last = spans.indices.last, spans[last].end == hour {
                spans[last].end = hour + 1
            } else {
                spans.append((hour, hour + 1))
            }
        }
        return spans.map { "\(clock($0.first))-\(clock($0.end))" }.joined(separator: " and ")
    }

    private static func clock(_ hour: Int) -> String { (hour < 10 ? "0" : "") + "\(hour):00" }
}
