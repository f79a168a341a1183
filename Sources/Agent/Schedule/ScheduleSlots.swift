import Units

/// The moments at which a schedule wants checks: each is one moment of UTC, whatever the clocks on the wall do.
public struct ScheduleSlots: Sendable {
    /// Checks at a time of day are spread over this long after it.
    public static let spreadOfTimes = Nanoseconds.seconds(120)

    public let schedule: Schedule
    public let phase: SchedulePhase
    private let days: LocalDays

    public init(_ schedule: Schedule, agent: String) {
        self.schedule = schedule
        phase = SchedulePhase(agent: agent, schedule: schedule.name)
        days = LocalDays(timeZone: schedule.timeZone)
    }

    /// The slots that belong to one day, earliest first.
    private func slots(of day: CalendarDay) -> [WallInstant] {
        guard schedule.days.contains(day.weekday) else { return [] }
        switch schedule.rhythm {
        case .every(let period): return every(period, on: day)
        case .continuous(let length): return pieces(length, on: day)
        case .at(let times):
            let delay = phase.delay(within: Self.spreadOfTimes)
            let hours = hours(of: day)
            // Two times that fall into the same gap of the clock are one moment.
            return Set(times.map { days.instant(day, minutes: $0.minutes) }).filter { hours.contains($0) }
                .map { $0 + delay }.sorted()
        }
    }

    /// Counted in true time from where the day's hours begin, so that a day of 23 or 25 hours has its due number.
    private func every(_ period: Nanoseconds, on day: CalendarDay) -> [WallInstant] {
        let hours = hours(of: day)
        var slots: [WallInstant] = []
        var slot = hours.lowerBound + phase.delay(within: min(period, schedule.hours?.length ?? period))
        while slot < hours.upperBound {
            slots.append(slot)
            slot = slot + period
        }
        return slots
    }

    /// The pieces of a check without end, by their beginnings: they lie at whole multiples of their length, as its cuts
    /// do.
    private func pieces(_ length: Nanoseconds, on day: CalendarDay) -> [WallInstant] {
        let hours = hours(of: day)
        let passed = hours.lowerBound.nanosecondsSinceUnixEpoch % max(1, length.count)
        var slot = passed == 0 ? hours.lowerBound : hours.lowerBound + (length - Nanoseconds(passed))
        var slots: [WallInstant] = []
        while slot + length <= hours.upperBound {
            slots.append(slot)
            slot = slot + length
        }
        return slots
    }

    /// Whether a moment lies in the hours of a day of the schedule.
    public func isOpen(at instant: WallInstant) -> Bool {
        let today = days.day(of: instant)
        return [today + -1, today].contains { schedule.days.contains($0.weekday) && hours(of: $0).contains(instant) }
    }

    private func hours(of day: CalendarDay) -> Range<WallInstant> {
        guard let hours = schedule.hours else {
            return days.instant(day, minutes: 0)..<days.instant(day + 1, minutes: 0)
        }
        let (from, until) = (hours.from.minutes, hours.until.minutes)
        let low = days.instant(day, minutes: from)
        let high = until > from ? days.instant(day, minutes: until) : days.instant(day + 1, minutes: until)
        return low..<max(low, high)
    }

    /// The first slot after `instant`; nil where there is none within 15 days.
    public func next(after instant: WallInstant) -> WallInstant? {
        let today = days.day(of: instant)
        // The slots of the day before may reach past midnight.
        for step in -1...15 {
            if let slot = slots(of: today + step).first(where: { $0 > instant }) { return slot }
        }
        return nil
    }

    /// The slots after `low`, up to and including `high`, earliest first; of a longer time only the last `limit`.
    public func slots(after low: WallInstant, through high: WallInstant, limit: Int = 10_000) -> [WallInstant] {
        guard low < high else { return [] }
        var found: [[WallInstant]] = []
        var count = 0
        var day = days.day(of: high) + 1
        let first = days.day(of: low) + -1
        while day >= first, count < limit {
            found.append(slots(of: day).filter { $0 > low && $0 <= high })
            count += found[found.count - 1].count
            day = day + -1
        }
        return Array(found.reversed().joined().suffix(limit))
    }
}
