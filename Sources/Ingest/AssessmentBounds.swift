import Results

extension Bounds {
    mutating func check(_ document: AssessmentDocument) {
        id("id", document.id)
        name("site", document.site)
        name("agent", document.agent)
        name("version", document.version)
        name("timezone", document.timezone)
        present("profile", document.profile)
        let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".utf8)
        require(
            (1...60).contains(document.name.utf8.count) && document.name.utf8.allSatisfy(letters.contains),
            "name: has not 1 to 60 letters, digits, - and _"
        )
        require(document.until >= document.from, "until: is before from")
        for schedule in document.schedules { present("schedules", schedule) }
        ratio("rules.share_meeting_target", document.rules.shareMeetingTarget)
        ratio("rules.coverage", document.rules.coverage)
        count("rules.over_limit_at_most", document.rules.overLimitAtMost)
        check(document.outcomes, "outcomes")
        check(document.checks, "checks")
        share("share_meeting_target", document.shareMeetingTarget)
        check(document.coverage)
        check(document.criteria)
        check(document.worst)
        check(document.findings)
        for sentence in document.untested { present("untested", sentence) }
    }

    mutating func check(_ outcomes: [RuleOutcomeDocument], _ place: @autoclosure () -> String) {
        for outcome in outcomes {
            word("\(place()).rule", outcome.rule, ["share_meeting_target", "over_limit_at_most", "coverage"])
            word("\(place()).outcome", outcome.outcome, ["met", "broken", "open"])
            present("\(place()).summary", outcome.summary)
        }
    }

    mutating func check(_ checks: CheckCountsDocument, _ place: @autoclosure () -> String) {
        for value in [
            checks.planned, checks.made, checks.ready, checks.atRisk, checks.notReady, checks.inconclusive,
        ] { count(place(), value) }
    }

    /// A share as an interval.
    mutating func share(_ place: @autoclosure () -> String, _ ends: [Double]?) {
        guard let ends else { return }
        require(ends.count == 2, "\(place()): has \(ends.count) ends, and not 2")
        for end in ends { ratio(place(), end) }
    }

    private mutating func check(_ coverage: CoverageDocument) {
        ratio("coverage.ratio", coverage.ratio)
        count("coverage.missed_hours_count", coverage.missedHoursCount)
        require(coverage.missedHours.count <= 24, "coverage.missed_hours: lists more than 24")
        for port in coverage.ports {
            present("coverage.ports.endpoint", port.endpoint)
            require(port.port != 0, "coverage.ports.port: 0 is outside 1 to 65535")
            count("coverage.ports.hours_asked", port.hoursAsked)
            count("coverage.ports.hours_covered", port.hoursCovered)
        }
    }

    private mutating func check(_ criteria: [AssessedCriterionDocument]) {
        for (index, criterion) in criteria.enumerated() {
            let place = "criteria[\(index)]"
            code("\(place).name", criterion.name)
            code("\(place).statistic", criterion.statistic)
            present("\(place).endpoint", criterion.endpoint)
            word("\(place).unit", criterion.unit, ["ms", "ratio"])
            positive("\(place).target", criterion.target)
            positive("\(place).limit", criterion.limit)
            size("\(place).median", criterion.median)
            size("\(place).worst", criterion.worst)
            for value in [criterion.ready, criterion.atRisk, criterion.notReady, criterion.inconclusive] {
                count(place, value)
            }
        }
    }

    private mutating func check(_ worst: [WorstWindowDocument]) {
        require(worst.count <= 24, "worst: lists more than 24")
        for (index, window) in worst.enumerated() {
            id("worst[\(index)].result", window.result)
            present("worst[\(index)].endpoint", window.endpoint)
        }
    }

    private mutating func check(_ findings: [FindingCountDocument]) {
        for (index, finding) in findings.enumerated() {
            let place = "findings[\(index)]"
            code("\(place).code", finding.code, dotted: true)
            word("\(place).severity", finding.severity, ["inconclusive", "at_risk", "not_ready"])
            require(finding.checks >= 1, "\(place).checks: \(finding.checks) is below 1")
        }
    }
}
