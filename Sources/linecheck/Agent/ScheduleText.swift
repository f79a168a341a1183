import Agent
import Foundation
import LinuxNet
import Units

/// What a configuration would have the agent do, in words.
enum ScheduleText {
    static func plan(_ configuration: Configuration, file: String) -> String {
        let site = configuration.site ?? Host.name
        var lines = [
            "\(file) is right: site '\(site)', \(configuration.endpoints.count) "
                + "endpoint\(configuration.endpoints.count == 1 ? "" : "s")."
        ]
        let now = SystemClock().wall()
        for schedule in configuration.schedules {
            lines.append("  \(schedule.name): \(rhythm(schedule)).")
            let slots = ScheduleSlots(schedule, agent: AgentService.identity(configuration))
            var next: [String] = []
            var after = now
            while next.count < 3, let slot = slots.next(after: after) {
                next.append(local(slot, schedule.timeZone))
                after = slot
            }
            lines.append("    Next: \(next.isEmpty ? "none within 15 days" : next.joined(separator: "; ")).")
        }
        for assessment in configuration.assessments {
            let times = [assessment.from, assessment.until].map { local($0, assessment.timeZone) }
            let state = now < assessment.from ? "to come" : now < assessment.until ? "under way" : "over"
            lines.append("  Assessment \(assessment.name), \(state): \(times[0]) until \(times[1]),")
            let schedules = assessment.schedules?.joined(separator: ", ") ?? "all schedules"
            lines.append("    \(assessment.timeZone.name), by \(schedules).")
        }
        lines.append(
            configuration.collector.map { "  Results go to \($0.url)." }
                ?? "  There is no collector: results stay in \(configuration.spool.directory)"
                + (configuration.sinks.isEmpty ? "." : " and go to the sinks.")
        )
        return lines.joined(separator: "\n") + "\n"
    }

    private static func rhythm(_ schedule: Schedule) -> String {
        let rhythm =
            switch schedule.rhythm {
            case .every(let period): "every \(period.text)"
            case .continuous(let length): "without end, judged every \(length.text)"
            case .at(let times): "at " + times.map(\.description).joined(separator: ", ")
            }
        let hours = schedule.hours.map { ", \($0)" } ?? ""
        let days =
            schedule.days.count == 7 ? "" : ", " + schedule.days.sorted().map(\.abbreviation).joined(separator: " ")
        return "\(rhythm)\(hours)\(days), \(schedule.timeZone.name)"
    }

    static func local(_ instant: WallInstant, _ zone: TimeZone) -> String {
        let date = Date(timeIntervalSince1970: Double(instant.nanosecondsSinceUnixEpoch) / 1e9)
        var style = Date.ISO8601FormatStyle(dateSeparator: .dash, dateTimeSeparator: .space, timeZone: zone)
        style = style.year().month().day().time(includingFractionalSeconds: false)
        return date.formatted(style)
    }
}
