/// A reading of `CLOCK_MONOTONIC`: nanoseconds since an arbitrary moment of this boot. Never steps; the kernel may
/// slew it together with the wall clock.
public struct MonotonicInstant: Hashable, Comparable, BitwiseCopyable, Sendable {
    public var nanoseconds: Int64

    @inlinable
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
    @inlinable
    public static func - (left: Self, right: Self) -> Nanoseconds {
        Nanoseconds(left.nanoseconds) - Nanoseconds(right.nanoseconds)
    }
    @inlinable
    public static func + (left: Self, right: Nanoseconds) -> Self {
        Self(nanoseconds: (Nanoseconds(left.nanoseconds) + right).count)
    }
    @inlinable
    public static func - (left: Self, right: Nanoseconds) -> Self {
        Self(nanoseconds: (Nanoseconds(left.nanoseconds) - right).count)
    }
}

/// A reading of a wall clock: nanoseconds since 1970-01-01 00:00:00 UTC, leap seconds not counted, by whichever
/// host's clock the value came from. May step; two hosts' readings differ by the offset between their clocks.
public struct WallInstant: Hashable, Comparable, BitwiseCopyable, Sendable {
    public var nanosecondsSinceUnixEpoch: Int64

    @inlinable
    public init(nanosecondsSinceUnixEpoch: Int64) { self.nanosecondsSinceUnixEpoch = nanosecondsSinceUnixEpoch }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool {
        left.nanosecondsSinceUnixEpoch < right.nanosecondsSinceUnixEpoch
    }
    @inlinable
    public static func - (left: Self, right: Self) -> Nanoseconds {
        Nanoseconds(left.nanosecondsSinceUnixEpoch) - Nanoseconds(right.nanosecondsSinceUnixEpoch)
    }
    @inlinable
    public static func + (left: Self, right: Nanoseconds) -> Self {
        Self(nanosecondsSinceUnixEpoch: (Nanoseconds(left.nanosecondsSinceUnixEpoch) + right).count)
    }
    @inlinable
    public static func - (left: Self, right: Nanoseconds) -> Self {
        Self(nanosecondsSinceUnixEpoch: (Nanoseconds(left.nanosecondsSinceUnixEpoch) - right).count)
    }
}

/// The two local clocks read together, so that a time on one can be told on the other.
public struct ClockReading: Hashable, BitwiseCopyable, Sendable {
    public var monotonic: MonotonicInstant
    public var wall: WallInstant

    @inlinable
    public init(monotonic: MonotonicInstant, wall: WallInstant) {
        self.monotonic = monotonic
        self.wall = wall
    }

    /// The monotonic time at which the wall clock showed `instant`, if it was not stepped between then and this
    /// reading.
    @inlinable
    public func monotonic(at instant: WallInstant) -> MonotonicInstant { monotonic - (wall - instant) }

    /// What the wall clock would show at `instant`, if it is not stepped between then and this reading. Applied to
    /// the reading at a run's start this gives the run's own clock: it shows wall time and never steps.
    @inlinable
    public func wall(at instant: MonotonicInstant) -> WallInstant { wall + (instant - monotonic) }
}

/// Reads this host's clocks. Everything that needs the time is handed it, or is handed one of these.
public protocol ClockSource: Sendable {
    func read() -> ClockReading
}
