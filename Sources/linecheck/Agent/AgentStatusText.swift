import Agent
import Foundation
import Readiness
import Results
import Units

/// `linecheck agent status` for people.
enum AgentStatusText {
    static func isAlive(_ status: AgentStatus, now: WallInstant) -> Bool {
        let age = now - status.writtenAt.instant
        // A clock that was set back makes the agent's last word seem to come.
        return age <= AgentStatus.stale && age >= .zero - AgentStatus.stale && kill(status.process, 0) != ESRCH
            && (kill(status.process, 0) == 0 || errno == EPERM)
    }

    static func exitStatus(_ status: AgentStatus, now: WallInstant) -> Int32 {
        guard isAlive(status, now: now) else { return 2 }
        let isFailing = status.schedules.values.contains { $0.lastFailure != nil }
        let delivery = status.delivery
        let isStuck = delivery.map { $0.spool != "durable" || $0.setAside > 0 } ?? false
        let isLate = status.hasCollector && (delivery.map { isPushFailing($0) } ?? false)
        return isFailing || isStuck || isLate || status.refusedConfiguration != nil ? 1 : 0
    }

    private static func isPushFailing(_ delivery: DeliveryDocument) -> Bool {
        guard let failed = delivery.lastFailureAt else { return false }
        return delivery.lastSuccessAt.map { $0 < failed } ?? true
    }

    static func render(_ status: AgentStatus, now: WallInstant) -> String {
        var lines: [String] = []
        if isAlive(status, now: now) {
            lines.append(
                "The agent of '\(status.site)' (version \(status.version)) runs since \(status.startedAt.text)."
            )
        } else {
            lines.append("The agent of '\(status.site)' does not run: it last wrote \(status.writtenAt.text).")
        }
        if let checking = status.checking { lines.append("  It checks now: \(checking).") }
        if let next = status.nextCheckAt, let schedule = status.nextSchedule {
            lines.append("  Next check: \(next.text), \(schedule).")
        }
        if let refused = status.refusedConfiguration {
            lines.append("  The configuration was refused, and the one before goes on:")
            lines += refused.split(separator: "\n").map { "    \($0)" }
        }
        if let trouble = status.clockTrouble { lines.append("  Clock: \(trouble).") }
        for (name, schedule) in status.schedules.sorted(by: { $0.key < $1.key }) {
            lines += described(schedule, name)
        }
        lines += delivery(status)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func described(_ schedule: AgentStatus.ScheduleStatus, _ name: String) -> [String] {
        var lines = ["  \(name): \(schedule.made) made, \(schedule.missed) missed, \(schedule.failed) failed."]
        if let last = schedule.last {
            let grade = last.grade.rawValue.replacing("_", with: " ")
            lines.append("    Latest: \(grade), \(last.endedAt.text)\(last.decidedBy.map { " (\($0))" } ?? "").")
        }
        if let failure = schedule.lastFailure { lines.append("    The latest check failed: \(failure)") }
        return lines
    }

    private static func delivery(_ status: AgentStatus) -> [String] {
        guard let delivery = status.delivery else { return [] }
        var text = "  Spool: \(delivery.spool.replacing("_", with: " ")), \(delivery.pending) waiting"
        if let age = delivery.oldestPendingSeconds, delivery.pending > 0 {
            text += ", the oldest for \(Nanoseconds(rounding: age * 1e9).text)"
        }
        text += ", \(delivery.setAside) set aside, \(delivery.dropped) dropped."
        var lines = [text]
        guard status.hasCollector else { return lines + ["  There is no collector."] }
        if let success = delivery.lastSuccessAt { lines.append("  Last delivered: \(success.text).") }
        if isPushFailing(delivery), let failure = delivery.lastFailure {
            lines.append("  Delivery fails: \(failure)")
        }
        return lines
    }
}
