import Synchronization
import Units

/// A clock that moves when it is told to.
final class ManualClock: ClockSource {
    private let elapsed = Mutex(Nanoseconds.zero)
    /// 2026-11-24 12:00:00 UTC.
    static let start = WallInstant(nanosecondsSinceUnixEpoch: 1_795_521_600_000_000_000)

    func read() -> ClockReading {
        let elapsed = elapsed.withLock { $0 }
        return ClockReading(monotonic: MonotonicInstant(nanoseconds: 5) + elapsed, wall: Self.start + elapsed)
    }

    func advance(_ duration: Nanoseconds) { elapsed.withLock { $0 += duration } }
}
