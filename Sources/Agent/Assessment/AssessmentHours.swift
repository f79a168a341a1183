import Foundation
import Results
import Units

/// The hours in which an assessment wants checks, and the checks that its schedules ask for within them.
///
/// An hour is one of the clock on the wall. Where the plan itself names the hours, they are counted from where they
/// begin on each day; else those count in which its schedules ask for a check.
public struct AssessmentHours: Sendable {
    public struct Hour: Hashable, Sendable {
        public var start: WallInstant
        public var end: WallInstant
        /// The schedules that want a check in it.
        public var schedules: Set<String>
    }

    /// Earliest first.
    public let hours: [Hour]
    /// Every check asked for in those hours, earliest first.
    public let planned: [WallInstant]

    /// - Parameter agent: as for ``ScheduleSlots``.
    public init(_ plan: AssessmentPlan, schedules: [Schedule], agent: String) {
        let taken = schedules.filter { plan.takes($0.name) }
        let slots = taken.flatMap { schedule in
            ScheduleSlots(schedule, agent: agent)
                .slots(after: plan.from - Nanoseconds(1), through: plan.until - Nanoseconds(1), limit: .max)
                .map { (slot: $0, schedule: schedule.name) }
        }
        .sorted { ($0.slot, $0.schedule) < ($1.slot, $1.schedule) }
        if plan.hours == nil, plan.days == nil {
            hours = Self.hours(of: slots, plan)
            planned = slots.map(\.slot)
        } else {
            let named = slots.isEmpty ? [] : Self.namedHours(plan, Set(taken.map(\.name)))
            hours = named
            planned = slots.map(\.slot).filter { Self.index(of: $0, in: named) != nil }
        }
    }

    /// The hours of the clock on the wall in which there are slots.
    private static func hours(of slots: [(slot: WallInstant, schedule: String)], _ plan: AssessmentPlan) -> [Hour] {
        let days = LocalDays(timeZone: plan.timeZone)
        var hours: [Hour] = []
        for (slot, schedule) in slots {
            if hours.last.map({ slot >= $0.end }) ?? true {
                let start = days.hour(of: slot)
                hours.append(Hour(start: start, end: start + .seconds(3_600), schedules: []))
            }
            hours[hours.count - 1].schedules.insert(schedule)
        }
        return hours
    }

    private static func namedHours(_ plan: AssessmentPlan, _ schedules: Set<String>) -> [Hour] {
        let local = LocalDays(timeZone: plan.timeZone)
        let (from, until) = plan.hours.map { ($0.from.minutes, $0.until.minutes) } ?? (0, 1_440)
        var hours: [Hour] = []
        var day = local.day(of: plan.from) + -1
        let last = local.day(of: plan.until)
        while day <= last {
            defer { day = day + 1 }
            guard plan.days?.contains(day.weekday) ?? true else { continue }
            let low = max(local.instant(day, minutes: from), plan.from)
            let end = until > from ? local.instant(day, minutes: until) : local.instant(day + 1, minutes: until)
            let high = min(end, plan.until)
            var start = low
            while start < high {
                hours.append(Hour(start: start, end: min(start + .seconds(3_600), high), schedules: schedules))
                start = start + .seconds(3_600)
            }
        }
        return hours
    }

    /// The hour that a moment falls into; nil outside of those asked for.
    func index(of instant: WallInstant) -> Int? { Self.index(of: instant, in: hours) }

    private static func index(of instant: WallInstant, in hours: [Hour]) -> Int? {
        let begun = count(of: hours) { $0.start <= instant }
        guard begun > 0, instant < hours[begun - 1].end else { return nil }
        return begun - 1
    }

    /// How many checks were asked for up to a moment.
    func plannedCount(through instant: WallInstant) -> Int { Self.count(of: planned) { $0 <= instant } }

    /// How many of what is sorted come first, for which something holds that holds for none after them.
    private static func count<Element>(of sorted: [Element], where holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(sorted[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension LocalDays {
    /// Where the hour of the clock on the wall began that shows at `instant`.
    func hour(of instant: WallInstant) -> WallInstant {
        let passed = ((localSeconds(of: instant) % 3_600) + 3_600) % 3_600
        let nanoseconds = ((instant.nanosecondsSinceUnixEpoch % 1_000_000_000) + 1_000_000_000) % 1_000_000_000
        return instant - .seconds(passed) - Nanoseconds(nanoseconds)
    }

    /// RFC 3339 with the offset in force: `2026-12-01T14:07:12+01:00`.
    func text(of instant: WallInstant) -> String {
        let offset = offset(at: instant)
        let local = UTCTime(instant + .seconds(offset)).text.prefix(19)
        let minutes = abs(offset) / 60
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(local)\(offset < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
