import CImpairmentLink
import Glibc
import Units

/// The system's clocks and the scheduling that lets a frame leave on time.
enum RealTime {
    /// The clock that the kernel stamps frames with.
    static func now() -> WallInstant { WallInstant(nanosecondsSinceUnixEpoch: read(CLOCK_REALTIME)) }

    /// How far the wall clock is ahead of the monotonic one: constant unless somebody sets the clock.
    static func wallMinusMonotonic() -> Nanoseconds {
        Nanoseconds(read(CLOCK_REALTIME)) - Nanoseconds(read(CLOCK_MONOTONIC))
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Asks for punctual wake-ups; returns whether the scheduler's part of it was granted.
    static func becomePunctual() -> Bool {
        _ = link_disable_timer_slack()
        var parameters = sched_param()
        parameters.sched_priority = 50
        return sched_setscheduler(0, SCHED_FIFO, &parameters) == 0
    }
}
