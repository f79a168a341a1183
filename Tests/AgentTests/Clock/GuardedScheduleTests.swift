import Foundation
import Readiness
import Results
import Testing
import Units

@testable import Agent
@testable import SampleChecks

/// Schedules and assessments behind a clock that is set wrong, and on a host that sleeps.
@Suite struct GuardedScheduleTests {
    /// An agent's loop in virtual time.
    private struct Agent {
        var host: HostTime
        var isSynchronized = false
        var clock: ClockGuard
        var planner: SchedulePlanner
        var begun: [(slot: WallInstant, trueTime: Nanoseconds)] = []
        var missed: [MissedCheck] = []
        /// The longest time between two looks.
        var pace = Nanoseconds.seconds(30)
        /// The greatest time that was certain.
        var certain: WallInstant

        init(_ schedules: [Schedule], at wall: WallInstant) {
            host = HostTime(ClockReading(monotonic: MonotonicInstant(nanoseconds: 0), wall: wall), slept: .zero)
            clock = ClockGuard(boot: "a", now: host)
            certain = wall
            planner = SchedulePlanner(
                schedules,
                agent: "x",
                now: ClockReading(monotonic: host.monotonic, wall: wall)
            )
        }

        mutating func set(by step: Nanoseconds) { host.wall = host.wall + step }

        private mutating func pass(_ time: Nanoseconds) {
            host.monotonic = host.monotonic + time
            host.wall = host.wall + time
        }

        private mutating func read() -> ClockReading {
            let isSynchronized = isSynchronized
            for event in clock.look(host, synchronized: { isSynchronized }) {
                switch event {
                case .slept(let time): planner.note(lost: time, .slept)
                case .followed(let step, let now, _) where step > .zero:
                    planner.note(lost: (now - step)..<now, .clockSet)
                case .followed(let step, let now, _): planner.clockWasSetBack(by: step.magnitude, to: now)
                case .held, .cameBack, .settled: break
                }
            }
            certain = max(certain, clock.certainTime)
            return ClockReading(monotonic: host.monotonic, wall: clock.time)
        }

        mutating func run(for time: Nanoseconds) {
            let end = host.sinceBoot + time
            while host.sinceBoot < end {
                let plan = planner.look(read())
                missed += plan.missed
                if let due = plan.due {
                    planner.begin(due)
                    begun.append((due.slot, host.sinceBoot))
                    let start = clock.time
                    pass(.seconds(70))
                    planner.end(startedAt: start, now: read())
                } else {
                    pass(min(pace, max(.milliseconds(1), plan.next.map { $0.slot - clock.time } ?? pace)))
                }
            }
        }

        mutating func sleep(_ time: Nanoseconds) {
            host.slept += time
            host.wall = host.wall + time
        }
    }

    private static let noon = ManualClock.start
    private static let month = Nanoseconds.seconds(30 * 86_400)

    private func agent(every period: Int64 = 300) -> Agent {
        Agent([Schedule(name: "a", rhythm: .every(.seconds(period)), timeZone: .gmt)], at: Self.noon)
    }

    private func expectEverySlotOnce(_ agent: Agent, until end: WallInstant, every period: Int64 = 300) {
        let schedule = Schedule(name: "a", rhythm: .every(.seconds(period)), timeZone: .gmt)
        let wanted = ScheduleSlots(schedule, agent: "x").slots(
            after: Self.noon,
            through: end - SchedulePlanner.grace(schedule),
            limit: .max
        )
        let (begun, missed) = (agent.begun.map(\.slot), agent.missed.map(\.slot))
        #expect(Set(begun).count == begun.count && Set(missed).count == missed.count)
        // One that was told as missed may have come again, and have been made then.
        let known = begun + missed
        #expect(Set(wanted).isSubset(of: known))
    }

    @Test func aMonthAheadForNineMinutesCostsNoCheckAndEndsNoAssessment() {
        var agent = agent()
        agent.run(for: .seconds(3_600))
        agent.set(by: Self.month)
        agent.run(for: .seconds(540))
        agent.set(by: -Self.month)
        agent.run(for: .seconds(3_600))
        #expect(agent.missed == [])
        // Each of them at its own time.
        for (slot, trueTime) in agent.begun { #expect((slot - Self.noon - trueTime).magnitude < .seconds(75)) }
        expectEverySlotOnce(agent, until: agent.clock.time)
        #expect(agent.certain == agent.clock.time)
    }

    @Test func aMonthAheadForAnHourIsFollowedButEndsNoAssessment() throws {
        var agent = agent()
        agent.run(for: .seconds(3_600))
        agent.set(by: Self.month)
        agent.run(for: .seconds(3_600))
        #expect(!agent.missed.isEmpty && agent.missed.allSatisfy { $0.reason == .clockSet })
        #expect(agent.begun.contains { $0.slot > Self.noon + Self.month })
        // What is certain is what has passed.
        #expect(agent.certain - Self.noon <= Nanoseconds(agent.host.monotonic.nanoseconds))
        let back = agent.host.sinceBoot
        agent.set(by: -Self.month)
        agent.run(for: .seconds(3_600))
        #expect(agent.begun.contains { $0.trueTime > back + .seconds(700) && $0.slot < Self.noon + .seconds(11_000) })
        // When that month has come its slots are checked, though they were once before.
        let before = agent.begun.count
        agent.isSynchronized = true
        agent.pace = .seconds(300)
        agent.run(for: Self.month)
        let later = agent.begun[before...].map(\.slot)
        #expect(Set(later).count == later.count)
        #expect(later.count >= 30 * 288 - 2)
    }

    @Test func whatPassedInSleepIsMissedForThatReason() {
        var agent = agent()
        agent.run(for: .seconds(3_600))
        agent.sleep(.seconds(3 * 3_600))
        agent.run(for: .seconds(3_600))
        #expect((34...36).contains(agent.missed.count))
        #expect(agent.missed.allSatisfy { $0.reason == .slept })
        expectEverySlotOnce(agent, until: agent.clock.time)
    }

    /// Also where a check was running when the host fell asleep.
    @Test func sleepDuringACheckIsNotCalledABusyAgent() {
        let schedule = Schedule(name: "a", rhythm: .every(.seconds(300)), timeZone: .gmt)
        func reading(_ seconds: Int64, asleep: Int64) -> ClockReading {
            ClockReading(
                monotonic: MonotonicInstant(nanoseconds: 0) + .seconds(seconds - asleep),
                wall: Self.noon + .seconds(seconds)
            )
        }
        var planner = SchedulePlanner([schedule], agent: "x", now: reading(0, asleep: 0))
        var second: Int64 = 0
        var plan = planner.look(reading(second, asleep: 0))
        while plan.due == nil {
            second += 1
            plan = planner.look(reading(second, asleep: 0))
        }
        if let due = plan.due { planner.begin(due) }
        planner.note(lost: Self.noon + .seconds(second + 20)..<Self.noon + .seconds(second + 20 + 7_200), .slept)
        planner.end(
            startedAt: Self.noon + .seconds(second),
            now: reading(second + 7_260, asleep: 7_200)
        )
        let missed = planner.look(reading(second + 7_260, asleep: 7_200)).missed
        #expect(missed.count > 20 && missed.allSatisfy { $0.reason == .slept })
    }

    /// Steps and sleep at random, with and without somebody who vouches: no slot twice, and none without a word.
    @Test(arguments: 1...12)
    func whateverHappensToTheClockEverySlotIsKnownOnce(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var agent = agent()
        var latest = Self.noon
        for _ in 0..<16 {
            agent.isSynchronized = Bool.random(using: &random)
            let some = Nanoseconds.seconds(Int64.random(in: -7_200...7_200, using: &random))
            if Bool.random(using: &random) { agent.set(by: some) } else { agent.sleep(some.magnitude) }
            agent.run(for: .seconds(Int64.random(in: 60...7_200, using: &random)))
            latest = max(latest, agent.clock.time)
        }
        expectEverySlotOnce(agent, until: latest)
        #expect(agent.missed.allSatisfy { [.slept, .clockSet].contains($0.reason) })
    }

    /// The checks that an assessment counted by a clock that was a month ahead.
    @Test func whatWasCountedByAWrongClockIsForgotten() throws {
        let folder = try TemporaryFolder(inMemory: true)
        func keeper() throws -> AssessmentKeeper {
            AssessmentKeeper(
                try read(AssessmentSamples.yaml),
                identity: AssessmentSamples.identity,
                phase: "box-17",
                directory: folder.path + "/assessments"
            )
        }
        var kept = try keeper()
        let slots = AssessmentSamples.slots(try read(AssessmentSamples.yaml))
        for (index, slot) in slots.prefix(20).enumerated() {
            var result = SampleDocuments.document(SampleDocuments.ready)
            result.id = "check-\(index)"
            result.schedule = ScheduledSlotDocument(name: "office", slotAt: UTCTime(slot))
            result.startedAt = UTCTime(slot)
            result.endedAt = UTCTime(slot + .seconds(60))
            try kept.keep(result)
        }
        let end = try #require(slots.last) + .seconds(86_400)
        try kept.forget(after: slots[9])
        #expect(kept.documents(at: end).first?.checks.made == 10)
        #expect(try keeper().documents(at: end) == kept.documents(at: end))
    }
}
