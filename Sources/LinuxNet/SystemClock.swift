import CLinux
import Glibc
import Units

/// This host's clocks.
public struct SystemClock: ClockSource {
    public init() {}

    @inline(__always)
    private static func time(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    @inline(__always)
    public func monotonic() -> MonotonicInstant { MonotonicInstant(nanoseconds: Self.time(CLOCK_MONOTONIC)) }

    @inline(__always)
    public func wall() -> WallInstant { WallInstant(nanosecondsSinceUnixEpoch: Self.time(CLOCK_REALTIME)) }

    /// Returns at `instant` or a wake-up's error after it; earlier when a signal interrupts.
    func sleep(until instant: MonotonicInstant) {
        let nanoseconds = max(0, instant.nanoseconds)
        var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil)
    }

    /// Both clocks at one moment: the wall clock is read between two readings of the monotonic one, again when the
    /// thread was interrupted in between; the best of four tries.
    public func read() -> ClockReading {
        var best = ClockReading(monotonic: monotonic(), wall: wall())
        var bestGap = Int64.max
        for _ in 0..<4 {
            let before = Self.time(CLOCK_MONOTONIC)
            let wall = Self.time(CLOCK_REALTIME)
            let gap = Self.time(CLOCK_MONOTONIC) &- before
            if gap < bestGap {
                bestGap = gap
                best = ClockReading(
                    monotonic: MonotonicInstant(nanoseconds: before &+ gap / 2),
                    wall: WallInstant(nanosecondsSinceUnixEpoch: wall)
                )
            }
            if gap < 1_000 { break }
        }
        return best
    }
}
