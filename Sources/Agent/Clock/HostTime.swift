import Units

/// What this host's clocks show at one moment.
public struct HostTime: Hashable, Sendable {
    public var monotonic: MonotonicInstant
    /// How long the host has slept since it started: `CLOCK_BOOTTIME` less `CLOCK_MONOTONIC`.
    public var slept: Nanoseconds
    public var wall: WallInstant

    public init(_ reading: ClockReading, slept: Nanoseconds) {
        monotonic = reading.monotonic
        wall = reading.wall
        self.slept = slept
    }

    /// `CLOCK_BOOTTIME`: goes on while the host sleeps, and nobody can set it.
    public var sinceBoot: Nanoseconds { Nanoseconds(monotonic.nanoseconds) + slept }
}
