import Foundation
import Settings
import Units
import Yams

/// What parts of a configuration say of each other.
struct CrossReferences {
    let configuration: Configuration
    let keys: [String: Node]
    let reader: YAMLReader

    func check() {
        for schedule in configuration.schedules { checkGap(schedule) }
        for assessment in configuration.assessments { check(assessment) }
        checkOverlaps()
    }

    /// The item of a list, for its lines.
    private func item(of list: String, named name: String) -> Node? {
        keys[list]?.sequence?.first { $0["name"]?.scalar?.string == name }
    }

    /// A check must be over before the next one is wanted.
    private func checkGap(_ schedule: Schedule) {
        guard !schedule.isContinuous else { return }
        let lasts = configuration.checkLength(of: schedule)
        guard schedule.shortestGap < lasts else { return }
        let duration = configuration.probe(of: schedule).duration ?? ProbeDefaults.duration
        let item = item(of: "schedules", named: schedule.name)
        reader.fault(
            "schedule '\(schedule.name)' wants a check every \(schedule.shortestGap.text), but one that measures for "
                + "\(duration.text) takes up to \(lasts.text); make the time between them longer, or duration shorter",
            at: item?["every"] ?? item?["at"] ?? item
        )
    }

    private func check(_ assessment: AssessmentPlan) {
        let name = "assessment '\(assessment.name)'"
        let item = item(of: "assessments", named: assessment.name)
        let known = configuration.schedules.map(\.name)
        guard !known.isEmpty else {
            reader.fault("\(name) counts the checks of schedules, and the file has none", at: item)
            return
        }
        let unknown = (assessment.schedules ?? []).filter { !known.contains($0) }
        for schedule in unknown {
            let node = item?["schedules"]
            let place = node?.sequence?.first { $0.scalar?.string == schedule } ?? node
            let names = known.joined(separator: ", ")
            reader.fault("\(name): '\(schedule)' is not a schedule of this file; they are \(names)", at: place)
        }
        let isAsked = configuration.schedules.contains { schedule in
            guard assessment.takes(schedule.name) else { return false }
            let next = ScheduleSlots(schedule, agent: "").next(after: assessment.from - Nanoseconds(1))
            return next.map { $0 < assessment.until } ?? false
        }
        guard unknown.isEmpty, !isAsked, assessment.from < assessment.until else { return }
        reader.fault("\(name): its schedules ask for no check between from and until", at: item?["from"])
    }

    /// A check counts in one assessment only, whose running verdict its result carries.
    private func checkOverlaps() {
        for (index, later) in configuration.assessments.enumerated() {
            for earlier in configuration.assessments.prefix(index) {
                guard later.from < earlier.until, earlier.from < later.until else { continue }
                let shared = configuration.schedules.map(\.name).first { earlier.takes($0) && later.takes($0) }
                guard let shared else { continue }
                reader.fault(
                    "assessments '\(earlier.name)' and '\(later.name)' would both count the checks of schedule "
                        + "'\(shared)' at the same time, and a check counts in one",
                    at: item(of: "assessments", named: later.name)?["from"]
                )
            }
        }
    }
}

extension Configuration {
    /// How to probe when a schedule asks for it.
    public func probe(of schedule: Schedule) -> ProbeSettings { schedule.probe.overriding(probe) }

    /// How long a check of a schedule may take: 20 s are allowed for its beginning and its end.
    public func checkLength(of schedule: Schedule) -> Nanoseconds {
        (probe(of: schedule).duration ?? ProbeDefaults.duration) + .seconds(20)
    }

    /// What a schedule's checks measure against.
    public func endpoints(of schedule: Schedule) -> [Endpoint] { schedule.endpoints ?? endpoints }
}
