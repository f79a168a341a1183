import Readiness
import Testing
import Units

@testable import Agent

/// The section assessments, and what it says of schedules.
@Suite struct AssessmentConfigurationTests {
    private static let schedules = """
        endpoints: [a.example, b.example]
        schedules:
          - {name: day, every: 15min, between: 07:00-19:00, days: mon-fri, timezone: Europe/Berlin}
          - {name: night, every: 1h, between: 22:00-06:00, timezone: Europe/Berlin}

        """

    private func plans(_ items: String) throws -> [AssessmentPlan] {
        try read(Self.schedules + "assessments:\n" + items).assessments
    }

    private func check(_ item: String, _ messages: String, sourceLocation: SourceLocation = #_sourceLocation) {
        AgentTests.check(Self.schedules + "assessments:\n" + item, messages, sourceLocation: sourceLocation)
    }

    @Test func everythingThatIsSaidArrives() throws {
        let plan = try #require(
            try plans(
                """
                  - name: go-live_2
                    from: 2026-11-30 07:00
                    until: 2026-12-04T19:00
                    timezone: America/New_York
                    schedules: [day]
                    criteria:
                      share_meeting_target: 97.5 %
                      over_limit_at_most: 2
                      coverage: 0.8
                      between: 08:00-18:00
                      days: [mon, wed-fri]
                """
            ).first
        )
        #expect(plan.name == "go-live_2")
        #expect(plan.from == (try ScheduleSlotsTests.instant("2026-11-30T12:00:00Z")))
        #expect(plan.until == (try ScheduleSlotsTests.instant("2026-12-05T00:00:00Z")))
        #expect(plan.schedules == ["day"])
        #expect(plan.rules == AssessmentRules(shareMeetingTarget: 0.975, overLimitAtMost: 2, coverage: 0.8))
        #expect(plan.hours?.description == "08:00-18:00")
        #expect(plan.days == [.monday, .wednesday, .thursday, .friday])
        #expect(plan.takes("day") && !plan.takes("night"))
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let plan = try #require(try plans("  - {name: a, from: 2026-11-30, until: 2026-12-04}").first)
        #expect(plan.rules == AssessmentRules(shareMeetingTarget: 0.95, overLimitAtMost: 0, coverage: 0.9))
        #expect(plan.schedules == nil && plan.hours == nil && plan.days == nil)
        #expect(plan.takes("day") && plan.takes("night"))
        #expect(try read(Self.schedules + "assessments:").assessments == [])
    }

    /// A day is its first moment in `from`, and whole in `until`, of as many hours as it has.
    @Test func aDayInUntilIsPartOfIt() throws {
        let plan = try #require(
            try plans("  - {name: a, from: 2026-10-25, until: 2026-10-25, timezone: Europe/Berlin}").first
        )
        #expect(plan.until - plan.from == .seconds(25 * 3_600))
        let times = try #require(
            try plans("  - {name: a, from: 2026-10-25 00:00, until: 2026-10-25 24:00, timezone: Europe/Berlin}").first
        )
        #expect(times.from == plan.from && times.until == plan.until)
    }

    @Test(arguments: [
        ("{name: a b, from: 2026-11-30, until: 2026-12-04}", "'a b' is no name here: 1 to 60 letters, digits, - and _"),
        ("{name: a, from: 30.11.2026, until: 2026-12-04}", "assessments.from: '30.11.2026' is not a time; write it as"),
        ("{name: a, from: 2026-02-30, until: 2026-12-04}", "assessments.from: '2026-02-30' is not a time; write it as"),
        ("{name: a, from: 2026-11-30, until: 2026-12-04 25:00}", "assessments.until: '2026-12-04 25:00' is not a time"),
        ("{name: a, from: 2026-11-30, until: 2200-01-01}", "'2200-01-01' is outside 1970-01-01 to 2199-12-31"),
        ("{name: a, from: 2026-11-30}", "an assessment needs until, as 2026-11-30 or 2026-11-30 08:00"),
        ("{name: a, until: 2026-11-30}", "an assessment needs from, as 2026-11-30 or 2026-11-30 08:00"),
        ("{from: 2026-11-30, until: 2026-12-04}", "an assessment needs a name"),
        ("{}", "an assessment is empty; give it a name, from and until"),
        ("go-live", "an assessment must be a mapping of keys to values, not 'go-live'"),
        (
            "{name: a, from: 2026-12-04, until: 2026-11-30}",
            "assessment 'a': until '2026-11-30' is not after from '2026-12-04'"
        ),
        (
            "{name: a, from: 2026-12-04 08:00, until: 2026-12-04 08:59}",
            "until '2026-12-04 08:59' is 59 min after from '2026-12-04 08:00', which is outside 60 min to 8784 h"
        ),
        (
            "{name: a, from: 2026-01-01, until: 2027-01-02}",
            "until '2027-01-02' is 8808 h after from '2026-01-01', which is outside 60 min to 8784 h"
        ),
        (
            "{name: a, from: 2026-11-30, until: 2026-12-04, schedules: [day, nihgt]}",
            "assessment 'a': 'nihgt' is not a schedule of this file; they are day, night"
        ),
        (
            "{name: a, from: 2026-12-05, until: 2026-12-06, schedules: [day]}",
            "assessment 'a': its schedules ask for no check between from and until"
        ),
        (
            "{name: a, from: 2026-11-30, until: 2026-12-04, criteria: {share_meeting_target: 101 %}}",
            "assessments.criteria.share_meeting_target: '101 %' is outside 0 to 1, which is 0 to 100 %"
        ),
        (
            "{name: a, from: 2026-11-30, until: 2026-12-04, criteria: {over_limit_at_most: -1}}",
            "assessments.criteria.over_limit_at_most: -1 is outside 0 to 10000"
        ),
        (
            "{name: a, from: 2026-11-30, until: 2026-12-04, criteria: {hours: 8}}",
            "assessments.criteria has no key 'hours'; it can have share_meeting_target, over_limit_at_most, coverage, "
                + "between, days"
        ),
        (
            "{name: a, from: 2026-11-30, until: 2026-12-04, schedule: day}",
            "an assessment has no key 'schedule'; it can have name, from, until, timezone, schedules, criteria"
        ),
    ])
    func whatIsWrongIsSaid(item: String, message: String) {
        let said = refusal(Self.schedules + "assessments:\n  - \(item)").split(separator: "\n")
        #expect(said.contains { $0.hasPrefix("linecheck.yaml:6: ") && $0.contains(message) }, "\(said)")
    }

    @Test func itNeedsSchedules() {
        AgentTests.check(
            "assessments:\n  - {name: a, from: 2026-11-30, until: 2026-12-04}",
            "2: assessment 'a' counts the checks of schedules, and the file has none"
        )
    }

    @Test func aCheckCountsInOneOnly() throws {
        check(
            "  - {name: a, from: 2026-11-30, until: 2026-12-04}\n  - {name: b, from: 2026-12-04, until: 2026-12-11}",
            "7: assessments 'a' and 'b' would both count the checks of schedule 'day' at the same time, and a check "
                + "counts in one"
        )
        #expect(
            try plans(
                """
                  - {name: a, from: 2026-11-30, until: 2026-12-04, schedules: [day]}
                  - {name: b, from: 2026-11-30, until: 2026-12-04, schedules: [night]}
                  - {name: c, from: 2026-12-05, until: 2026-12-11}
                """
            ).count == 3
        )
        check(
            "  - {name: a, from: 2026-11-30, until: 2026-12-04}\n  - {name: a, from: 2027-11-29, until: 2027-12-04}",
            "7: assessments: the name 'a' stands twice"
        )
    }
}
