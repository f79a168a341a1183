import Foundation
import Readiness
import Results
import Testing
import Units

@testable import Agent

/// What checks come to together.
@Suite struct AssessmentTests {
    /// 2026-12-05, 00:00 UTC.
    private static let end = WallInstant(nanosecondsSinceUnixEpoch: 1_796_428_800_000_000_000)

    @Test func aWeekOfReadyChecksIsGo() throws {
        var (assessment, configuration) = try AssessmentSamples.assessment()
        let slots = AssessmentSamples.slots(configuration)
        #expect(slots.count == 5 * 48)
        for slot in slots { assessment.add(AssessmentSamples.check(.ready, at: slot)) }
        let document = assessment.document(at: Self.end)
        #expect(document.verdict == .go)
        #expect(document.isFinal)
        #expect(document.checks.made == 240)
        #expect(document.checks.planned == 240)
        #expect(document.coverage.ratio == 1)
        #expect(document.coverage.ports.map(\.hoursAsked) == [60, 60, 60, 60])
        #expect(document.coverage.missedHoursCount == 0)
        #expect(document.fromLocal == "2026-11-30T00:00:00+01:00")
        #expect(document.untilLocal == "2026-12-05T00:00:00+01:00")
        #expect(document.worst == [])
        #expect(document.untested == ["Hours in which the schedules ask for no check were not looked at."])
    }

    @Test func oneCheckOverTheLimitIsNoGoAndNamed() throws {
        var (assessment, configuration) = try AssessmentSamples.assessment()
        let slots = AssessmentSamples.slots(configuration)
        for (index, slot) in slots.enumerated() {
            assessment.add(AssessmentSamples.check(index == 100 ? .notReady : .ready, at: slot))
        }
        let document = assessment.document(at: Self.end)
        #expect(document.verdict == .noGo)
        #expect(document.worst.count == 1)
        let worst = try #require(document.worst.first)
        #expect(worst.startedAt == UTCTime(slots[100] + .milliseconds(300)))
        // The hundred and first: the fifth check of the third day.
        #expect(worst.startedLocal.hasPrefix("2026-12-02T08:"))
        #expect(worst.criterion.name == "loss")
        #expect(worst.criterion.value == 0.02)
        #expect(document.findings.map(\.code) == ["loss.high"])
        #expect(document.findings.first?.latest == worst.result)
    }

    /// Each hour has four checks: one is enough, and none is too few.
    @Test func anHourIsCoveredByOneConclusiveCheckOfEveryPort() throws {
        let (empty, configuration) = try AssessmentSamples.assessment()
        let slots = AssessmentSamples.slots(configuration)
        var one = empty
        for (index, slot) in slots.enumerated() where index % 4 == 0 {
            one.add(AssessmentSamples.check(.ready, at: slot))
        }
        #expect(one.document(at: Self.end).coverage.ratio == 1)
        #expect(one.document(at: Self.end).verdict == .go)
        var inconclusive = empty
        for slot in slots { inconclusive.add(AssessmentSamples.check(.inconclusive, at: slot)) }
        #expect(inconclusive.document(at: Self.end).coverage.ratio == 0)
        #expect(inconclusive.document(at: Self.end).verdict == .insufficient)
        var threePorts = empty
        for slot in slots { threePorts.add(AssessmentSamples.check(.ready, at: slot, ports: [3_478, 3_479, 3_481])) }
        let document = threePorts.document(at: Self.end)
        #expect(document.coverage.ratio == 0)
        #expect(document.verdict == .insufficient)
        #expect(document.coverage.missedHoursCount == 60)
        #expect(document.coverage.missedHours.count == AssessmentDocument.listedAtMost)
        #expect(
            document.untested.contains(
                "Port 3480 of stamp://reflect.example.net:3478-3481 never had a conclusive check."
            )
        )
    }

    @Test func atExactlyTheCoverageAskedForItIsMet() throws {
        let (empty, configuration) = try AssessmentSamples.assessment()
        let slots = AssessmentSamples.slots(configuration)
        // 60 hours of four checks: 90 % are 54.
        for (hours, verdict) in [(54, AssessmentVerdict.go), (53, .insufficient)] {
            var assessment = empty
            for slot in slots.prefix(hours * 4) { assessment.add(AssessmentSamples.check(.ready, at: slot)) }
            #expect(assessment.document(at: Self.end).verdict == verdict)
            #expect(assessment.document(at: Self.end).coverage.missedHoursCount == 60 - hours)
        }
    }

    @Test func untilItsEndItJudgesTheHoursThatHavePassed() throws {
        var (assessment, configuration) = try AssessmentSamples.assessment()
        let slots = AssessmentSamples.slots(configuration)
        #expect(assessment.document(at: slots[0] - .seconds(60)).verdict == .insufficient)
        for slot in slots.prefix(100) { assessment.add(AssessmentSamples.check(.ready, at: slot)) }
        let running = assessment.document(at: slots[99] + .seconds(61))
        #expect(!running.isFinal)
        #expect(running.verdict == .go)
        #expect(running.checks.planned == 100)
        let short = RunningAssessmentDocument(running)
        #expect(short.verdict == .go)
        #expect(short.coverageRatio == 1)
        // Nothing more comes: the rest is missed.
        let final = assessment.document(at: Self.end)
        #expect(final.isFinal)
        #expect(final.verdict == .insufficient)
        #expect(final.checks.planned == 240)
        #expect(final.untested.first == "140 of the 240 checks that the schedules asked for were not made.")
        #expect(assessment.document(at: Self.end + .seconds(86_400)).checks.planned == 240)
    }

    @Test func onlyChecksOfItsSchedulesWithinItsTimeCount() throws {
        let yaml = AssessmentSamples.yaml.replacing(
            "assessments:",
            with: "  - {name: night, every: 1h, between: 22:00-06:00, timezone: Europe/Berlin}\nassessments:"
        )
        .replacing("    from:", with: "    schedules: [office]\n    from:")
        var (assessment, configuration) = try AssessmentSamples.assessment(yaml)
        let slots = AssessmentSamples.slots(configuration)
        let plan = configuration.assessments[0]
        let ready = AssessmentSamples.check(.ready, at: slots[0])
        let added = [
            AssessmentSamples.check(.notReady, at: slots[0], schedule: "night"),
            AssessmentSamples.check(.notReady, at: plan.from - .seconds(1)),
            AssessmentSamples.check(.notReady, at: plan.until), ready, ready,
        ].map { assessment.add($0) }
        #expect(added == [false, false, false, true, false])
        #expect(assessment.document(at: Self.end).checks.made == 1)
        // The last check may still run, and begin late, when the time is over.
        #expect(assessment.concludesAt == plan.until + .seconds(300) + .seconds(80))
    }

    @Test func hoursThatAreAskedForTakeThePlaceOfTheSchedules() throws {
        let yaml = AssessmentSamples.yaml.replacing(
            "    from:",
            with: "    criteria: {between: 08:00-10:00, days: [tue, wed], coverage: 100 %}\n    from:"
        )
        var (assessment, configuration) = try AssessmentSamples.assessment(yaml)
        let slots = AssessmentSamples.slots(configuration)
        let counted = slots.filter { assessment.counts("office", slot: $0) }
        #expect(counted.count == 2 * 8)
        for slot in slots { assessment.add(AssessmentSamples.check(.ready, at: slot)) }
        let document = assessment.document(at: Self.end)
        #expect(document.checks.made == 16)
        #expect(document.checks.planned == 16)
        #expect(document.coverage.ports.map(\.hoursAsked) == [4, 4, 4, 4])
        #expect(document.verdict == .go)
        #expect(document.rules.between == "08:00-10:00")
        #expect(document.rules.days == ["tue", "wed"])
        #expect(document.untested == ["Hours other than 08:00-10:00 on tue, wed (Europe/Berlin) were not looked at."])
    }

    @Test func eachSchedulesPortsAreAskedForInItsOwnHours() throws {
        let yaml = """
            endpoints: [reflect.example.net, "relay.example.net:3478"]
            schedules:
              - {name: day, at: ["08:30", "13:00"], timezone: UTC, endpoints: [reflect.example.net]}
              - {name: night, at: ["22:00"], timezone: UTC, endpoints: ["relay.example.net:3478"]}
            assessments:
              - {name: a, from: 2026-11-30, until: 2026-12-01, timezone: UTC}
            """
        var (assessment, configuration) = try AssessmentSamples.assessment(yaml)
        for slot in AssessmentSamples.slots(configuration) {
            assessment.add(AssessmentSamples.check(.ready, at: slot, schedule: "day"))
        }
        let document = assessment.document(at: Self.end)
        #expect(document.coverage.ports.map(\.hoursAsked) == [4, 4, 4, 4, 2])
        #expect(document.coverage.ports.map(\.hoursCovered) == [4, 4, 4, 4, 0])
        #expect(document.verdict == .insufficient)
        #expect(document.schedules == ["day", "night"])
    }

    /// Two days of 24 hours each, but for the ones on which clocks are changed.
    @Test(arguments: [
        ("Europe/Berlin", "2026-10-24", "2026-10-25", 49), ("Europe/Berlin", "2027-03-27", "2027-03-28", 47),
        ("America/New_York", "2026-10-31", "2026-11-01", 49), ("Asia/Kathmandu", "2026-10-24", "2026-10-25", 48),
    ])
    func aDayHasAsManyHoursAsItHas(zone: String, from: String, until: String, hours: Int) throws {
        let schedule = "{name: all, every: 10min, timezone: \(zone)}"
        for criteria in ["", ", criteria: {between: 00:00-24:00}"] {
            let plan = "{name: a, from: \(from), until: \(until), timezone: \(zone)\(criteria)}"
            let (assessment, _) = try AssessmentSamples.assessment(
                "endpoints: [a]\nschedules: [\(schedule)]\nassessments: [\(plan)]"
            )
            let document = assessment.document(at: assessment.plan.until)
            #expect(document.coverage.ports.map(\.hoursAsked) == Array(repeating: hours, count: 4))
            #expect(document.checks.planned == hours * 6)
        }
    }

    @Test func theFinalDocumentIsTheSameHoweverOftenItIsMade() throws {
        let (assessment, configuration) = try AssessmentSamples.assessment()
        let document = assessment.document(at: Self.end)
        #expect(assessment.document(at: Self.end) == document)
        let another = Assessment(
            configuration.assessments[0],
            of: configuration,
            identity: .init(site: "dublin", agent: "box-18", version: "0.1.0"),
            phase: "box-17"
        )
        #expect(another.document(at: Self.end).id != document.id)
        #expect(document.id.contains("-7"))
        #expect(try AssessmentDocument.decode(document.encoded()) == document)
    }

    @Test func aBadWeekendNamesTheWorstFirst() throws {
        var (assessment, configuration) = try AssessmentSamples.assessment()
        let slots = AssessmentSamples.slots(configuration)
        for (index, slot) in slots.enumerated() {
            var check = AssessmentSamples.check(index % 3 == 0 ? .atRisk : .ready, at: slot)
            if index == 66, let loss = check.endpoints[0].criteria.firstIndex(where: { $0.name == "loss" }) {
                check.endpoints[0].criteria[loss].value = 0.009
            }
            assessment.add(check)
        }
        let document = assessment.document(at: Self.end)
        #expect(document.verdict == .noGo)
        #expect(document.worst.count == AssessmentDocument.listedAtMost)
        #expect(document.worst.first?.startedAt == UTCTime(slots[66] + .milliseconds(300)))
        // Alike in all else, the earlier comes first.
        #expect(document.worst[1].startedAt == UTCTime(slots[0] + .milliseconds(300)))
        let loss = try #require(document.criteria.first { $0.name == "loss" })
        #expect(loss.ready == 160)
        #expect(loss.atRisk == 80)
        #expect(loss.median == 0)
        #expect(loss.worst == 0.009)
    }
}
