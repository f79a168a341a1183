import Foundation
import Results
import Testing
import Units

@testable import Agent
@testable import SampleChecks

/// Which slot's result was stored last, for an agent that ended before it noted that its check had.
@Suite struct FilledSlotTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()
    private let slot = RunningSlot(schedule: "office", slot: ManualClock.start.nanosecondsSinceUnixEpoch + 123_456_789)

    init() throws { folder = try TemporaryFolder() }

    private func open() -> Spool { Spool(SpoolSettings(directory: folder.path), clock: clock) }

    private func result(of slot: RunningSlot) throws -> SpooledDocument {
        var result = SampleDocuments.document(SampleDocuments.ready)
        result.schedule = ScheduledSlotDocument(
            name: slot.schedule,
            slotAt: UTCTime(WallInstant(nanosecondsSinceUnixEpoch: slot.slot))
        )
        return try SpooledDocument(result)
    }

    @Test func aSlotIsFilledInTheTransactionThatStoresItsResult() throws {
        let spool = open()
        #expect(!spool.isFilled(slot))
        spool.store(try result(of: slot))
        // Another process, as after a kill.
        let other = open()
        #expect(other.isFilled(slot))
        #expect(!other.isFilled(RunningSlot(schedule: "office", slot: slot.slot + 60_000_000_000)))
        #expect(!other.isFilled(RunningSlot(schedule: "night", slot: slot.slot)))
    }

    @Test func itStaysFilledWhenTheResultHasBeenDelivered() throws {
        let spool = open()
        let document = try result(of: slot)
        spool.store(document)
        spool.settle([document.id: .delivered], succeeded: true)
        #expect(spool.status.pending == 0)
        #expect(open().isFilled(slot))
    }

    /// An agent killed there calls the check neither missed nor makes it again.
    @Test func aCheckWhoseResultIsStoredIsNotMissed() throws {
        let schedule = Schedule(name: "office", rhythm: .every(.seconds(300)), timeZone: .gmt)
        func reading(_ seconds: Int64) -> ClockReading {
            ClockReading(
                monotonic: MonotonicInstant(nanoseconds: 0) + .seconds(seconds),
                wall: ManualClock.start + .seconds(seconds)
            )
        }
        let spool = open()
        var planner = SchedulePlanner([schedule], agent: "x", now: reading(0))
        var second: Int64 = 0
        var due: ScheduledCheck?
        while due == nil {
            second += 1
            due = planner.look(reading(second)).due
        }
        planner.begin(try #require(due))
        let running = try #require(planner.memory.running)
        let memory = planner.memory
        func restarted() -> SchedulePlanner.Plan {
            var planner = SchedulePlanner(
                [schedule],
                agent: "x",
                memory: memory,
                isFilled: spool.isFilled,
                now: reading(second + 70)
            )
            return planner.look(reading(second + 70))
        }
        #expect(restarted().missed.map(\.reason) == [.agentDied])
        spool.store(try result(of: running))
        #expect(restarted().missed == [] && restarted().due == nil)
    }
}
