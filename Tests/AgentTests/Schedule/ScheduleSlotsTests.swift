import Foundation
import Testing
import Units

@testable import Agent

/// Slots against a walk through every quarter of an hour with the calendar's own reading of it.
@Suite struct ScheduleSlotsTests {
    static func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

    static func instant(_ text: String) throws -> WallInstant {
        let date = try Date(text, strategy: .iso8601)
        return WallInstant(nanosecondsSinceUnixEpoch: Int64(date.timeIntervalSince1970) * 1_000_000_000)
    }

    /// The first quarter of an hour of each day at which the clock on the wall stands at `minutes` or later, for every day that
    /// begins between two moments: a time that a change of clocks leaves out is that of the change, one that comes
    /// twice is the first.
    private func walk(_ zone: TimeZone, _ minutes: [Int], from: WallInstant, until: WallInstant) -> [Int64] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        var found: [Int64] = []
        var reached: Set<[Int]> = []
        var second = from.nanosecondsSinceUnixEpoch / 1_000_000_000
        let end = until.nanosecondsSinceUnixEpoch / 1_000_000_000
        var isFirst = true
        while second < end {
            let date = Date(timeIntervalSince1970: Double(second))
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
            let now = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
            for minute in minutes where now >= minute {
                let key = [parts.year ?? 0, parts.month ?? 0, parts.day ?? 0, minute]
                // What was passed before the walk began is not its to find.
                if reached.insert(key).inserted, !isFirst { found.append(second) }
            }
            isFirst = false
            // Every zone here changes its clocks at a quarter of an hour.
            second += 900
        }
        return found
    }

    private static let springAndAutumn = [
        ("Europe/Berlin", "2027-03-14T00:00:00Z", "2027-04-13T00:00:00Z"),
        ("Europe/Berlin", "2027-10-17T00:00:00Z", "2027-11-16T00:00:00Z"),
        ("America/New_York", "2027-03-01T00:00:00Z", "2027-03-31T00:00:00Z"),
        ("America/New_York", "2027-10-24T00:00:00Z", "2027-11-23T00:00:00Z"),
        ("Australia/Lord_Howe", "2027-03-20T00:00:00Z", "2027-04-19T00:00:00Z"),
        ("Australia/Lord_Howe", "2027-09-20T00:00:00Z", "2027-10-20T00:00:00Z"),
        ("Asia/Kathmandu", "2027-03-01T00:00:00Z", "2027-03-31T00:00:00Z"),
    ]

    @Test(arguments: springAndAutumn)
    func timesOfDayAreThoseOfTheWall(zone: String, from: String, until: String) throws {
        let zone = try Self.zone(zone)
        let (from, until) = (try Self.instant(from), try Self.instant(until))
        let minutes = [0, 105, 120, 135, 150, 180, 510, 780]
        let schedule = Schedule(name: "a", rhythm: .at(minutes.map(TimeOfDay.init)), timeZone: zone)
        let slots = ScheduleSlots(schedule, agent: "agent")
        let delay = slots.phase.delay(within: ScheduleSlots.spreadOfTimes)
        let found = slots.slots(after: from + delay, through: until + delay - Nanoseconds(1))
            .map { ($0 - delay).nanosecondsSinceUnixEpoch / 1_000_000_000 }
        // Two times in the gap of a change of clocks are one slot.
        let expected = Set(walk(zone, minutes, from: from, until: until)).sorted()
        #expect(found == expected)
        #expect(found.count >= 30 * minutes.count - 3)
    }

    @Test(arguments: springAndAutumn)
    func anEvenRhythmIsEvenWhateverTheClocksDo(zone: String, from: String, until: String) throws {
        let zone = try Self.zone(zone)
        let (from, until) = (try Self.instant(from), try Self.instant(until))
        let hours = DayHours(from: TimeOfDay(minutes: 90), until: TimeOfDay(minutes: 300))
        let schedule = Schedule(name: "b", rhythm: .every(.seconds(900)), hours: hours, timeZone: zone)
        let slots = ScheduleSlots(schedule, agent: "agent")
        let delay = slots.phase.delay(within: .seconds(900))
        let begins = walk(zone, [90], from: from, until: until)
        let ends = walk(zone, [300], from: from, until: until)
        var expected: [Int64] = []
        for (begin, end) in zip(begins, ends.drop { $0 < begins[0] }) {
            var slot = begin * 1_000_000_000 + delay.count
            while slot < end * 1_000_000_000 {
                expected.append(slot)
                slot += 900_000_000_000
            }
        }
        let low = WallInstant(nanosecondsSinceUnixEpoch: begins[0] * 1_000_000_000 - 1)
        let high = WallInstant(nanosecondsSinceUnixEpoch: expected[expected.count - 1])
        #expect(slots.slots(after: low, through: high).map(\.nanosecondsSinceUnixEpoch) == expected)
    }

    @Test func aDayOfTwentyFiveHoursHasMoreChecksAndOneOfTwentyThreeFewer() throws {
        let schedule = Schedule(name: "c", rhythm: .every(.seconds(3_600)), timeZone: try Self.zone("Europe/Berlin"))
        let slots = ScheduleSlots(schedule, agent: "agent")
        func count(_ from: String, _ until: String) throws -> Int {
            slots.slots(after: try Self.instant(from), through: try Self.instant(until)).count
        }
        #expect(try count("2027-03-26T23:00:00Z", "2027-03-27T23:00:00Z") == 24)
        #expect(try count("2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z") == 23)
        #expect(try count("2027-10-30T22:00:00Z", "2027-10-31T23:00:00Z") == 25)
    }

    @Test func daysAreThoseOnWhichTheHoursBegin() throws {
        let night = Schedule(
            name: "night",
            rhythm: .every(.seconds(3_600)),
            hours: try DayHours("22:00-06:00"),
            days: [.friday],
            timeZone: try Self.zone("Europe/Berlin")
        )
        let slots = ScheduleSlots(night, agent: "agent").slots(
            after: try Self.instant("2027-06-01T00:00:00Z"),
            through: try Self.instant("2027-06-08T00:00:00Z")
        )
        #expect(slots.count == 8)
        // Friday the fourth, 22:00 in Berlin, to Saturday, 06:00.
        #expect(slots.allSatisfy { $0 >= (try! Self.instant("2027-06-04T20:00:00Z")) })
        #expect(slots.allSatisfy { $0 < (try! Self.instant("2027-06-05T04:00:00Z")) })
    }

    @Test func theNextSlotIsTheFirstOfThoseThatFollow() throws {
        let schedule = Schedule(
            name: "d",
            rhythm: .every(.seconds(1_800)),
            hours: try DayHours("07:00-19:00"),
            days: try Weekday.days("mon-fri"),
            timeZone: try Self.zone("America/New_York")
        )
        let slots = ScheduleSlots(schedule, agent: "agent")
        var instant = try Self.instant("2027-10-29T00:00:00Z")
        let all = slots.slots(after: instant, through: try Self.instant("2027-11-10T00:00:00Z"))
        for expected in all {
            let next = try #require(slots.next(after: instant))
            #expect(next == expected)
            instant = next
        }
        #expect(all.count == 24 * 8)
    }

    @Test func aFleetSpreadsEvenly() {
        let period = Nanoseconds.seconds(900)
        var buckets = Array(repeating: 0, count: 100)
        for agent in 0..<10_000 {
            let phase = SchedulePhase(agent: "branch-\(agent).example.net", schedule: "hours")
            let delay = phase.delay(within: period)
            #expect(delay >= .zero && delay < period)
            buckets[Int(delay.count / 9_000_000_000)] += 1
        }
        let chiSquare = buckets.reduce(0.0) { $0 + (Double($1) - 100) * (Double($1) - 100) / 100 }
        // 99 degrees of freedom: over 148.2 in one fleet of a thousand.
        #expect(chiSquare < 148.2)
    }

    /// A phase must not move with a new version: the fleet would bunch at the moment of an upgrade.
    @Test func aPhaseNeverChanges() {
        #expect(SchedulePhase(agent: "branch-42", schedule: "hours").fraction == Self.knownPhase)
        #expect(
            SchedulePhase(agent: "branch-42", schedule: "hours") != SchedulePhase(agent: "branch-42", schedule: "night")
        )
        #expect(SchedulePhase(agent: "a", schedule: "bc") != SchedulePhase(agent: "ab", schedule: "c"))
    }

    private static let knownPhase: UInt64 = 0x61ff_7039_2a1e_a36f

    @Test(arguments: ["8:30": 510, "08:30": 510, "00:00": 0, "24:00": 1_440, "23:59": 1_439])
    func timesOfDayAreRead(text: String, minutes: Int) throws {
        #expect(try TimeOfDay(text).minutes == minutes)
    }

    @Test(arguments: ["", "8", "8:3", "24:01", "25:00", "08:60", "-1:00", "08:30:00", "8.30", "+8:30"])
    func otherTimesAreRefused(text: String) {
        #expect(throws: TextRefusal.self) { try TimeOfDay(text) }
    }

    @Test func daysAreRead() throws {
        #expect(try Weekday.days("mon-fri") == [.monday, .tuesday, .wednesday, .thursday, .friday])
        #expect(try Weekday.days("fri-mon") == [.friday, .saturday, .sunday, .monday])
        #expect(try Weekday.days("Mon, wednesday") == [.monday, .wednesday])
        #expect(throws: TextRefusal.self) { try Weekday.days("mon-") }
        #expect(throws: TextRefusal.self) { try Weekday.days("moon") }
        #expect(throws: TextRefusal.self) { try Weekday.days("") }
    }
}
