import Foundation
import Testing
import Units

@testable import Agent

/// Schedules through months of virtual time, with clocks that step and agents that stop.
@Suite struct SchedulePlannerTests {
    /// A wall clock that can be set, over a monotonic one that cannot.
    private struct Clock {
        var wall: Int64
        var monotonic: Int64 = 1_000_000_000

        mutating func pass(_ time: Nanoseconds) {
            wall += time.count
            monotonic += time.count
        }

        var reading: ClockReading {
            ClockReading(
                monotonic: MonotonicInstant(nanoseconds: monotonic),
                wall: WallInstant(nanosecondsSinceUnixEpoch: wall)
            )
        }
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }

    private func schedule(_ name: String, _ rhythm: Schedule.Rhythm, _ zone: String, hours: String? = nil) throws
        -> Schedule
    {
        Schedule(
            name: name,
            rhythm: rhythm,
            hours: try hours.map { (text) throws(TextRefusal) in try DayHours(text) },
            timeZone: try ScheduleSlotsTests.zone(zone)
        )
    }

    private func instant(_ text: String) throws -> Int64 {
        try ScheduleSlotsTests.instant(text).nanosecondsSinceUnixEpoch
    }

    /// Runs an agent until a moment; gives the slots begun and those missed, by schedule.
    private func run(
        _ planner: inout SchedulePlanner,
        _ clock: inout Clock,
        until end: Int64,
        checkTakes: Nanoseconds = .seconds(70),
        wait: (inout Clock, Nanoseconds) -> Void = { $0.pass($1) }
    ) -> (begun: [ScheduledCheck], missed: [MissedCheck]) {
        var begun: [ScheduledCheck] = []
        var missed: [MissedCheck] = []
        while clock.wall < end {
            let plan = planner.look(clock.reading)
            missed += plan.missed
            if let due = plan.due {
                planner.begin(due)
                begun.append(due)
                let start = clock.reading.wall
                clock.pass(checkTakes)
                planner.end(startedAt: start, now: clock.reading)
            } else {
                let wanted = plan.next.map { $0.slot - clock.reading.wall } ?? .seconds(60)
                wait(&clock, min(max(wanted, .milliseconds(1)), .seconds(300)))
            }
        }
        return (begun, missed)
    }

    @Test(arguments: [
        ("Europe/Berlin", "2027-03-14T00:00:00Z", "2027-04-14T00:00:00Z"),
        ("Europe/Berlin", "2027-10-17T00:00:00Z", "2027-11-17T00:00:00Z"),
        ("America/New_York", "2027-10-24T00:00:00Z", "2027-11-24T00:00:00Z"),
        ("Australia/Lord_Howe", "2027-03-20T00:00:00Z", "2027-04-20T00:00:00Z"),
    ])
    func aMonthOverAChangeOfClocksMissesNothingAndDoublesNothing(zone: String, from: String, until: String) throws {
        let schedules = [
            try schedule("hours", .every(.seconds(900)), zone, hours: "01:00-19:00"),
            try schedule("night", .at([TimeOfDay(minutes: 150), TimeOfDay(minutes: 1_380)]), zone),
        ]
        var clock = Clock(wall: try instant(from))
        let end = try instant(until)
        var planner = SchedulePlanner(schedules, agent: "branch-42", now: clock.reading)
        let (begun, missed) = run(&planner, &clock, until: end)
        #expect(missed == [])
        for schedule in schedules {
            let wanted = ScheduleSlots(schedule, agent: "branch-42").slots(
                after: try ScheduleSlotsTests.instant(from),
                through: clock.reading.wall
            )
            #expect(begun.filter { $0.schedule == schedule }.map(\.slot) == wanted)
        }
    }

    @Test func noCheckBeginsBeforeItsTimeNorLongAfter() throws {
        var clock = Clock(wall: try instant("2027-06-01T00:00:00Z"))
        let schedules = [
            try schedule("a", .every(.seconds(300)), "UTC"), try schedule("b", .every(.seconds(420)), "UTC"),
        ]
        var planner = SchedulePlanner(schedules, agent: "x", now: clock.reading)
        let end = try instant("2027-06-03T00:00:00Z")
        while clock.wall < end {
            let plan = planner.look(clock.reading)
            #expect(plan.missed == [])
            if let due = plan.due {
                #expect(clock.reading.wall >= due.slot)
                #expect(clock.reading.wall - due.slot <= SchedulePlanner.grace(due.schedule))
                planner.begin(due)
                let start = clock.reading.wall
                clock.pass(.seconds(70))
                planner.end(startedAt: start, now: clock.reading)
            } else if let next = plan.next {
                clock.pass(max(.milliseconds(1), next.slot - clock.reading.wall))
            }
        }
    }

    @Test func aCheckThatTakesTooLongCostsTheOnesItCovers() throws {
        var clock = Clock(wall: try instant("2027-06-01T00:00:00Z"))
        let schedules = [try schedule("a", .every(.seconds(300)), "UTC")]
        var planner = SchedulePlanner(schedules, agent: "x", now: clock.reading)
        let (begun, missed) = run(
            &planner,
            &clock,
            until: try instant("2027-06-02T00:00:00Z"),
            checkTakes: .seconds(1_000)
        )
        #expect(!missed.isEmpty)
        #expect(missed.allSatisfy { $0.reason == .busy })
        let slots = begun.map(\.slot) + missed.map(\.slot)
        #expect(Set(slots).count == slots.count)
        let wanted = ScheduleSlots(schedules[0], agent: "x").slots(
            after: try ScheduleSlotsTests.instant("2027-06-01T00:00:00Z"),
            through: try #require(slots.max())
        )
        #expect(slots.sorted() == wanted)
    }

    @Test func whatPassedWhileTheAgentWasStoppedIsReportedOnce() throws {
        var clock = Clock(wall: try instant("2027-06-01T00:00:00Z"))
        let schedules = [try schedule("a", .every(.seconds(600)), "UTC")]
        var planner = SchedulePlanner(schedules, agent: "x", now: clock.reading)
        let first = run(&planner, &clock, until: try instant("2027-06-01T06:00:00Z"))
        let memory = try JSONDecoder().decode(ScheduleMemory.self, from: JSONEncoder().encode(planner.memory))
        clock.pass(.seconds(3 * 3_600))
        clock.monotonic = 5
        var restarted = SchedulePlanner(schedules, agent: "x", memory: memory, now: clock.reading)
        let second = run(&restarted, &clock, until: try instant("2027-06-01T12:00:00Z"))
        #expect(first.missed == [])
        #expect((17...18).contains(second.missed.count))
        #expect(second.missed.allSatisfy { $0.reason == .agentStopped })
        let slots = (first.begun + second.begun).map(\.slot) + second.missed.map(\.slot)
        #expect(Set(slots).count == slots.count)
        #expect((71...73).contains(slots.count))
    }

    @Test func aCrashBetweenBeginningAndEndDoublesNothing() throws {
        var clock = Clock(wall: try instant("2027-06-01T00:00:00Z"))
        let schedules = [try schedule("a", .every(.seconds(600)), "UTC")]
        var planner = SchedulePlanner(schedules, agent: "x", now: clock.reading)
        var begun: [WallInstant] = []
        for _ in 0..<50 {
            var plan = planner.look(clock.reading)
            while plan.due == nil {
                clock.pass(.seconds(10))
                plan = planner.look(clock.reading)
            }
            let due = try #require(plan.due)
            planner.begin(due)
            begun.append(due.slot)
            // Killed at once, and started again.
            clock.pass(.seconds(2))
            planner = SchedulePlanner(schedules, agent: "x", memory: planner.memory, now: clock.reading)
        }
        #expect(Set(begun).count == 50)
    }

    @Test func aCheckThatACrashCutIsReportedOnceWithItsReason() throws {
        var clock = Clock(wall: try instant("2027-06-01T00:00:00Z"))
        let schedules = [try schedule("a", .every(.seconds(600)), "UTC")]
        var planner = SchedulePlanner(schedules, agent: "x", now: clock.reading)
        var plan = planner.look(clock.reading)
        while plan.due == nil {
            clock.pass(.seconds(10))
            plan = planner.look(clock.reading)
        }
        let due = try #require(plan.due)
        planner.begin(due)
        clock.pass(.seconds(5))
        // A configuration read anew ends no check.
        var reloaded = planner
        reloaded.apply(schedules, agent: "x")
        #expect(reloaded.look(clock.reading).missed == [])
        #expect(reloaded.memory.running != nil)
        var restarted = SchedulePlanner(schedules, agent: "x", memory: planner.memory, now: clock.reading)
        let missed = restarted.look(clock.reading).missed
        #expect(missed == [MissedCheck(schedule: "a", slot: due.slot, reason: .agentDied)])
        #expect(restarted.look(clock.reading).missed == [])
        #expect(restarted.memory.running == nil)
        // One that ended is nobody's miss.
        reloaded.end(startedAt: due.slot, now: clock.reading)
        var after = SchedulePlanner(schedules, agent: "x", memory: reloaded.memory, now: clock.reading)
        #expect(after.look(clock.reading).missed == [])
    }

    /// What is written at every check stays small, and reads as what it was.
    @Test func aMemoryOfThousandsOfSlotsIsShortAndWhole() throws {
        var clock = Clock(wall: try instant("2027-03-26T00:00:00Z"))
        let schedules = [
            try schedule("a", .every(.seconds(60)), "Europe/Berlin"),
            try schedule("b", .at([TimeOfDay(minutes: 60), TimeOfDay(minutes: 720)]), "Europe/Berlin"),
        ]
        var planner = SchedulePlanner(schedules, agent: "x", now: clock.reading)
        _ = run(&planner, &clock, until: try instant("2027-03-29T00:00:00Z"), checkTakes: .seconds(20))
        let memory = planner.memory
        #expect(memory.begun["a"]?.count == ScheduleMemory.kept)
        let written = try JSONEncoder().encode(memory)
        #expect(written.count < 4_000, "\(written.count)")
        #expect(try JSONDecoder().decode(ScheduleMemory.self, from: written) == memory)
    }

    @Test func aMemoryThatAnEarlierVersionWroteIsRead() throws {
        let text = #"{"begun":{"a":[60,120,300]},"reported":{"a":[]},"horizon":300}"#
        let memory = try JSONDecoder().decode(ScheduleMemory.self, from: Data(text.utf8))
        #expect(memory.begun == ["a": [60, 120, 300]] && memory.horizon == 300 && memory.running == nil)
        for bad in ["[[1,2]]", "[[1,2,0]]", "[[1,2,3001]]", "[[1,2,-1]]"] {
            let text = #"{"begun":{"a":"# + bad + #"},"reported":{}}"#
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(ScheduleMemory.self, from: Data(text.utf8)) }
        }
    }

    /// Clocks that are set forth and back, by hours, at random: no slot is begun twice, and none goes without a word.
    @Test(arguments: 1...12)
    func aClockStepNeitherSkipsNorDoubles(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        var clock = Clock(wall: try instant("2027-06-01T00:00:00Z"))
        let schedules = [
            try schedule("a", .every(.seconds(600)), "Europe/Berlin"),
            try schedule("b", .at([TimeOfDay(minutes: 60), TimeOfDay(minutes: 720)]), "Europe/Berlin"),
        ]
        var planner = SchedulePlanner(schedules, agent: "x", now: clock.reading)
        var latest = clock.wall
        var (begun, missed) = run(&planner, &clock, until: try instant("2027-06-04T00:00:00Z")) { clock, time in
            clock.pass(time)
            if Int.random(in: 0..<40, using: &random) == 0 {
                clock.wall += Int64.random(in: -7_200...7_200, using: &random) * 1_000_000_000
            }
            latest = max(latest, clock.wall)
        }
        let last = planner.look(clock.reading)
        missed += last.missed
        begun += last.due.map { [$0] } ?? []
        let begunSlots = begun.map { "\($0.schedule.name) \($0.slot.nanosecondsSinceUnixEpoch)" }
        #expect(Set(begunSlots).count == begunSlots.count)
        let missedSlots = missed.map { "\($0.schedule) \($0.slot.nanosecondsSinceUnixEpoch)" }
        #expect(Set(missedSlots).count == missedSlots.count)
        #expect(missed.allSatisfy { $0.reason == .clockSet })
        for schedule in schedules {
            let wanted = ScheduleSlots(schedule, agent: "x").slots(
                after: try ScheduleSlotsTests.instant("2027-06-01T00:00:00Z"),
                through: WallInstant(nanosecondsSinceUnixEpoch: latest) - SchedulePlanner.grace(schedule)
            )
            let known = Set(begun.filter { $0.schedule == schedule }.map(\.slot))
                .union(missed.filter { $0.schedule == schedule.name }.map(\.slot))
            let unknown = wanted.filter { !known.contains($0) }
            #expect(unknown.isEmpty)
        }
    }

    @Test func aClockSetBackByADayDoesNotStopTheChecks() throws {
        var clock = Clock(wall: try instant("2027-06-10T00:00:00Z"))
        let schedules = [try schedule("a", .every(.seconds(600)), "UTC")]
        var planner = SchedulePlanner(schedules, agent: "x", now: clock.reading)
        _ = planner.look(clock.reading)
        // Wrong by a year, as a box without a battery may be, and put right after an hour.
        clock.wall += 365 * 86_400 * 1_000_000_000
        _ = run(&planner, &clock, until: clock.wall + 3_600_000_000_000)
        clock.wall -= 365 * 86_400 * 1_000_000_000
        let (begun, _) = run(&planner, &clock, until: clock.wall + 3_600_000_000_000)
        #expect(begun.count == 6)
    }
}
