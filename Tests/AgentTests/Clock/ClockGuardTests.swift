import Foundation
import Testing
import Units

@testable import Agent

/// Clocks that are set, and hosts that sleep, in virtual time.
@Suite struct ClockGuardTests {
    private static let month = Nanoseconds.seconds(30 * 86_400)

    /// A host whose wall clock can be set; the true time is what `CLOCK_BOOTTIME` counts.
    private struct Host {
        var clocks = HostTime(
            ClockReading(
                monotonic: MonotonicInstant(nanoseconds: 100_000_000_000),
                wall: WallInstant(nanosecondsSinceUnixEpoch: 1_795_521_600_000_000_000)
            ),
            slept: .zero
        )
        var isSynchronized = false

        mutating func pass(_ time: Nanoseconds) {
            clocks.monotonic = clocks.monotonic + time
            clocks.wall = clocks.wall + time
        }

        mutating func sleep(_ time: Nanoseconds) {
            clocks.slept += time
            clocks.wall = clocks.wall + time
        }

        mutating func set(by step: Nanoseconds) { clocks.wall = clocks.wall + step }

        mutating func boot(after off: Nanoseconds, clockKept: Bool = true) {
            clocks.monotonic = MonotonicInstant(nanoseconds: 3_000_000_000)
            clocks.slept = .zero
            if clockKept { clocks.wall = clocks.wall + off } else { clocks.wall = .init(nanosecondsSinceUnixEpoch: 0) }
        }
    }

    private func look(_ clock: inout ClockGuard, _ host: Host) -> [ClockGuard.Event] {
        clock.look(host.clocks) { host.isSynchronized }
    }

    /// Looks every 5 s.
    private func pass(_ time: Nanoseconds, _ clock: inout ClockGuard, _ host: inout Host) -> [ClockGuard.Event] {
        var events: [ClockGuard.Event] = []
        let end = host.clocks.sinceBoot + time
        while host.clocks.sinceBoot < end {
            host.pass(min(.seconds(5), end - host.clocks.sinceBoot))
            events += look(&clock, host)
        }
        return events
    }

    @Test func aClockThatJumpsAheadAndComesBackMovesNothing() {
        var host = Host()
        var clock = ClockGuard(boot: "a", now: host.clocks)
        #expect(pass(.seconds(60), &clock, &host) == [])
        let before = clock.time
        host.set(by: Self.month)
        #expect(pass(.seconds(590), &clock, &host) == [.held(Self.month)])
        #expect(clock.time == before + .seconds(590) && clock.heldStep == Self.month)
        host.set(by: -Self.month)
        #expect(pass(.seconds(60), &clock, &host) == [.cameBack])
        #expect(clock.time == host.clocks.wall && clock.time == before + .seconds(650))
        #expect(clock.doubt == .zero && clock.heldStep == nil)
    }

    @Test func aSynchronisedClockIsFollowedOnceItHasStood() throws {
        var host = Host()
        host.isSynchronized = true
        var clock = ClockGuard(boot: "a", now: host.clocks)
        host.set(by: Self.month)
        let events = pass(.seconds(25), &clock, &host)
        #expect(events.count == 2 && events[0] == .held(Self.month))
        guard case .followed(Self.month, let now, true) = try #require(events.last) else {
            Issue.record("\(events)")
            return
        }
        #expect(now == clock.time && clock.time == host.clocks.wall && clock.certainTime == clock.time)
    }

    @Test func whatNobodyVouchesForIsFollowedInTheEndAndDoubtedForADay() {
        var host = Host()
        var clock = ClockGuard(boot: "a", now: host.clocks)
        let start = clock.time
        host.set(by: Self.month)
        _ = pass(.seconds(604), &clock, &host)
        #expect(clock.time == start + .seconds(604))
        _ = pass(.seconds(6), &clock, &host)
        #expect(clock.time == host.clocks.wall)
        #expect(clock.certainTime == start + .seconds(610))
        _ = pass(.seconds(86_400 - 30), &clock, &host)
        #expect(clock.certainTime == clock.time - Self.month)
        #expect(pass(.seconds(60), &clock, &host) == [.settled])
        #expect(clock.certainTime == clock.time)
    }

    @Test func theKernelsWordEndsTheDoubt() {
        var host = Host()
        var clock = ClockGuard(boot: "a", now: host.clocks)
        host.set(by: Self.month)
        _ = pass(.seconds(700), &clock, &host)
        #expect(clock.doubt == Self.month)
        host.isSynchronized = true
        #expect(pass(.seconds(5), &clock, &host) == [.settled])
        #expect(clock.doubt == .zero)
    }

    @Test func anAdvanceThatIsTakenBackIsDoubtedNoMore() {
        var host = Host()
        var clock = ClockGuard(boot: "a", now: host.clocks)
        host.set(by: Self.month)
        _ = pass(.seconds(700), &clock, &host)
        host.set(by: -Self.month)
        _ = pass(.seconds(700), &clock, &host)
        #expect(clock.doubt == .zero && clock.time == host.clocks.wall)
    }

    @Test func sleepIsNoStep() {
        var host = Host()
        var clock = ClockGuard(boot: "a", now: host.clocks)
        let before = clock.time
        host.sleep(.seconds(7_200))
        #expect(look(&clock, host) == [.slept(before..<before + .seconds(7_200))])
        #expect(clock.time == host.clocks.wall && clock.doubt == .zero)
        // Set by its daemon as it wakes.
        host.sleep(.seconds(3_600))
        host.set(by: .seconds(40))
        #expect(look(&clock, host).count == 2)
        #expect(clock.heldStep == .seconds(40))
    }

    @Test func aSlewIsFollowed() {
        var host = Host()
        var clock = ClockGuard(boot: "a", now: host.clocks)
        for _ in 0..<10_000 {
            host.pass(.seconds(5))
            host.set(by: .microseconds(2_500))
            #expect(look(&clock, host) == [])
        }
        #expect(clock.time == host.clocks.wall)
    }

    @Test func aRestartForgetsNothing() throws {
        var host = Host()
        var clock = ClockGuard(boot: "a", now: host.clocks)
        let start = clock.time
        func reopened(_ boot: String) throws -> ClockGuard {
            let kept = try JSONDecoder().decode(ClockGuard.Memory.self, from: JSONEncoder().encode(clock.memory))
            return ClockGuard(boot: boot, memory: kept, now: host.clocks)
        }
        // Set while the agent was away.
        host.pass(.seconds(100))
        host.set(by: Self.month)
        clock = try reopened("a")
        #expect(look(&clock, host) == [.held(Self.month)])
        #expect(clock.time == start + .seconds(100))
        _ = pass(.seconds(700), &clock, &host)
        #expect(clock.doubt == Self.month)
        clock = try reopened("a")
        #expect(clock.doubt == Self.month && clock.time == host.clocks.wall)
        // Another boot: what passed meanwhile nobody saw.
        host.boot(after: .seconds(600))
        clock = try reopened("b")
        #expect(clock.doubt == Self.month + .seconds(600))
    }

    @Test func aHostWithoutABatteryForItsClockDoesNotGoBack() throws {
        var host = Host()
        var clock = ClockGuard(boot: "a", now: host.clocks)
        _ = pass(.seconds(60), &clock, &host)
        let before = clock.time
        let right = host.clocks.wall
        host.boot(after: .seconds(60), clockKept: false)
        clock = ClockGuard(boot: "b", memory: clock.memory, now: host.clocks)
        _ = pass(.seconds(30), &clock, &host)
        #expect(clock.time == before + .seconds(30))
        // Its daemon sets it.
        host.clocks.wall = right + .seconds(90)
        host.isSynchronized = true
        _ = pass(.seconds(30), &clock, &host)
        #expect(clock.time == host.clocks.wall && clock.doubt == .zero)
    }
}
