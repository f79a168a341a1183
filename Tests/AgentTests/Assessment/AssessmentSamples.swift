import Foundation
import Readiness
import Results
import Units

@testable import Agent
@testable import SampleChecks

/// Assessments and checks for them.
enum AssessmentSamples {
    static let identity = Assessment.Identity(site: "dublin", agent: "box-17", version: "0.1.0")

    static let yaml = """
        endpoints:
          - reflect.example.net
        schedules:
          - name: office
            every: 15min
            between: 07:00-19:00
            days: mon-fri
            timezone: Europe/Berlin
        assessments:
          - name: go-live
            from: 2026-11-30
            until: 2026-12-04
            timezone: Europe/Berlin
        """

    static func assessment(_ yaml: String = yaml) throws -> (Assessment, Configuration) {
        let configuration = try read(yaml)
        return (
            Assessment(configuration.assessments[0], of: configuration, identity: identity, phase: "box-17"),
            configuration
        )
    }

    static func slots(_ configuration: Configuration, schedule index: Int = 0) -> [WallInstant] {
        let plan = configuration.assessments[0]
        return ScheduleSlots(configuration.schedules[index], agent: "box-17")
            .slots(after: plan.from - Nanoseconds(1), through: plan.until - Nanoseconds(1), limit: .max)
    }

    private static let ready = CheckSummary(
        SampleDocuments.document(SampleDocuments.ready),
        slot: ScheduledSlotDocument(name: "office", slotAt: UTCTime(SampleDocuments.startedAt))
    )

    /// The summary of a check that came to a grade, of the endpoint `stamp://reflect.example.net:3478-3481`.
    static func check(
        _ grade: Grade,
        at slot: WallInstant,
        schedule: String = "office",
        endpoint: String = "stamp://reflect.example.net:3478-3481",
        ports: [UInt16] = [3_478, 3_479, 3_480, 3_481]
    ) -> CheckSummary {
        var check = ready
        check.schedule = schedule
        check.slotAt = UTCTime(slot)
        var generator = SeededGenerator(
            seed: UInt64(bitPattern: slot.nanosecondsSinceUnixEpoch) ^ UInt64(schedule.count)
        )
        check.id = ResultID(at: slot, using: &generator).description
        check.startedAt = UTCTime(slot + .milliseconds(300))
        check.endedAt = UTCTime(slot + .seconds(60))
        check.grade = grade
        check.endpoints[0].endpoint = endpoint
        check.endpoints[0].grade = grade
        check.endpoints[0].testedPorts = ports
        // One criterion is as bad as the whole.
        if let index = check.endpoints[0].criteria.firstIndex(where: { $0.name == "loss" }) {
            check.endpoints[0].criteria[index].grade = grade
            check.endpoints[0].criteria[index].value =
                [.ready: 0, .inconclusive: 0.0009, .atRisk: 0.004][grade] ?? 0.02
        }
        if grade > .inconclusive { check.findings["loss.high"] = grade }
        return check
    }
}
