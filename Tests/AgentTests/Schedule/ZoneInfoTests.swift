import Foundation
import Testing
import Units

@testable import Agent

/// Slots against Python's `zoneinfo`, which reads another copy of the time zone database with other code.
@Suite struct ZoneInfoTests {
    /// Reads schedules, and writes for each its slots in seconds since 1970. A time that does not exist is the moment
    /// at which clocks are put forward, found by looking at every second around it.
    private static let peer = """
        import json, sys
        from datetime import datetime, timedelta, timezone, date
        from zoneinfo import ZoneInfo

        def instant(zone, day, minutes):
            wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
            second = int(wall.replace(tzinfo=zone, fold=0).timestamp())
            if datetime.fromtimestamp(second, zone).replace(tzinfo=None) == wall:
                return second
            shows = lambda at: datetime.fromtimestamp(at, zone).replace(tzinfo=None)
            second -= 7200
            while shows(second) < wall:
                second += 1
            return second

        def slots(s):
            zone = ZoneInfo(s["zone"])
            day, last = date.fromisoformat(s["from"]), date.fromisoformat(s["until"])
            found = set()
            while day <= last:
                if day.isoweekday() in s["days"]:
                    if s.get("at"):
                        found |= {instant(zone, day, minutes) for minutes in s["at"]}
                    else:
                        low, high = s["hours"]
                        end = day if high > low else day + timedelta(days=1)
                        at, stop = instant(zone, day, low), instant(zone, end, high)
                        while at + s["delay"] < stop:
                            found.add(at)
                            at += s["every"]
                day += timedelta(days=1)
            return sorted(found)

        json.dump([slots(s) for s in json.load(sys.stdin)], sys.stdout)
        """

    private struct Question: Encodable {
        var zone: String
        var from: String
        var until: String
        var days: [Int]
        var at: [Int]?
        var hours: [Int]?
        var every: Int?
        /// Of the agent, in seconds.
        var delay: Double?
    }

    private func ask(_ questions: [Question]) throws -> [[Int64]] {
        let folder = try TemporaryFolder()
        let input = URL(fileURLWithPath: folder.path + "/schedules.json")
        try JSONEncoder().encode(questions).write(to: input)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.peer]
        process.standardInput = try FileHandle(forReadingFrom: input)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "python3 with zoneinfo and time zones is needed for this test")
        return try JSONDecoder().decode([[Int64]].self, from: answer)
    }

    private static let zones = [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu",
        "Pacific/Chatham", "Africa/Casablanca", "America/Sao_Paulo", "UTC",
    ]

    /// A whole year in each zone: both changes of clocks, wherever they fall.
    @Test func aYearOfSlotsIsThatOfAnotherImplementation() throws {
        var random = SeededGenerator(seed: 6)
        var questions: [Question] = []
        var answers: [[Int64]] = []
        for zone in Self.zones {
            for isEvery in [true, false] {
                var days = Set(Weekday.allCases.filter { _ in Int.random(in: 0..<4, using: &random) > 0 })
                days.insert(.sunday)
                let schedule = try makeSchedule(zone, days, isEvery: isEvery, &random)
                let slots = ScheduleSlots(schedule, agent: "box-17")
                let question = try question(schedule, slots)
                questions.append(question)
                let delay = question.delay.map { Nanoseconds.seconds(rounding: $0) } ?? .zero
                let local = LocalDays(timeZone: schedule.timeZone)
                let low = local.instant(CalendarDay(number: 20_454), minutes: 0)
                // Those of the year's last day may lie on the next.
                let found = slots.slots(after: low - Nanoseconds(1), through: low + .seconds(367 * 86_400))
                let last = local.instant(CalendarDay(number: 20_454 + 365), minutes: 0)
                let hours = schedule.hours?.length ?? .seconds(86_400)
                answers.append(
                    found.map { $0 - delay }.filter { $0 < last || isEvery && $0 < last + hours }
                        .map { $0.nanosecondsSinceUnixEpoch / 1_000_000_000 }
                )
            }
        }
        for ((question, expected), found) in zip(zip(questions, try ask(questions)), answers) {
            let low = expected.first ?? 0
            // What belongs to the day before the year, or to the day after it, is asked of neither.
            let high = expected.last ?? 0
            #expect(found.filter { $0 >= low && $0 <= high } == expected, "\(question)")
            #expect(expected.count > 200)
        }
    }

    private func makeSchedule(
        _ zone: String,
        _ days: Set<Weekday>,
        isEvery: Bool,
        _ random: inout SeededGenerator
    ) throws -> Schedule {
        let zone = try ScheduleSlotsTests.zone(zone)
        guard isEvery else {
            let times = [0, 90, 120, 135, 150, 165, 180, Int.random(in: 0..<1_440, using: &random)]
            return Schedule(name: "s", rhythm: .at(times.map(TimeOfDay.init)), days: days, timeZone: zone)
        }
        let from = Int.random(in: 0..<24, using: &random) * 60 + 30
        let until = (from + Int.random(in: 60...1_200, using: &random)) % 1_440
        return Schedule(
            name: "s",
            rhythm: .every(.seconds(Int64.random(in: 5...60, using: &random) * 60)),
            hours: DayHours(from: TimeOfDay(minutes: from), until: TimeOfDay(minutes: until)),
            days: days,
            timeZone: zone
        )
    }

    private func question(_ schedule: Schedule, _ slots: ScheduleSlots) throws -> Question {
        var question = Question(
            zone: schedule.timeZone.identifier,
            from: "2026-01-01",
            until: "2026-12-31",
            days: schedule.days.map(\.rawValue).sorted()
        )
        switch schedule.rhythm {
        case .at(let times):
            question.at = times.map(\.minutes)
            question.delay = slots.phase.delay(within: ScheduleSlots.spreadOfTimes).seconds
        case .every(let period):
            let hours = try #require(schedule.hours)
            question.every = Int(period.seconds)
            question.hours = [hours.from.minutes, hours.until.minutes]
            question.delay = slots.phase.delay(within: min(period, hours.length)).seconds
        case .continuous: Issue.record("no such schedule is asked about here")
        }
        return question
    }
}
