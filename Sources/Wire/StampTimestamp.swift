import Units

/// What the 64 bits of a timestamp mean; the Z bit of the error estimate beside it says which (RFC 8186 §2.1).
public enum TimestampFormat: Hashable, Sendable, CaseIterable {
    /// Seconds since 1900-01-01 00:00 UTC and a fraction in units of 2⁻³² s (RFC 5905 §6). Wraps in February 2036.
    case ntp
    /// Seconds since 1970-01-01 00:00 TAI and nanoseconds: the low 64 bits of an IEEE 1588 timestamp (RFC 8186).
    case ptp
}

/// A timestamp as its 64 bits stand on the wire. All zero means that none is available.
public struct StampTimestamp: Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    @inlinable
    init(seconds: Int64, lower: UInt32) {
        rawValue = UInt64(UInt32(truncatingIfNeeded: seconds)) << 32 | UInt64(lower)
    }

    /// The lower half of a PTP timestamp is below this.
    @usableFromInline static let nanosecondsPerSecond: Int64 = 1_000_000_000
    /// From 1900 to 1970, in seconds (RFC 5905).
    @usableFromInline static let ntpToUnixSeconds: Int64 = 2_208_988_800

    /// `instant` in the format asked for; an NTP fraction is rounded down.
    ///
    /// - Parameter taiOffset: TAI minus UTC, added to PTP time: 37 s since 2017 by IEEE 1588; zero for the many
    ///   implementations that count UTC seconds. NTP time has no use for it.
    ///
    /// The one instant of each era whose bits would all be zero, and so mean "not available", is told one unit late.
    @inlinable
    public init(_ instant: WallInstant, format: TimestampFormat, taiOffset: Nanoseconds = .zero) {
        switch format {
        case .ntp:
            let (seconds, nanoseconds) = Self.split(instant)
            let fraction = UInt32(truncatingIfNeeded: (nanoseconds << 32) / Self.nanosecondsPerSecond)
            self.init(seconds: seconds &+ Self.ntpToUnixSeconds, lower: fraction)
        case .ptp:
            let (seconds, nanoseconds) = Self.split(instant + taiOffset)
            self.init(seconds: seconds, lower: UInt32(truncatingIfNeeded: nanoseconds))
        }
        if rawValue == 0 { rawValue = 1 }
    }

    @inlinable
    public var isAvailable: Bool { rawValue != 0 }

    /// False where the lower half cannot be what the format says it is.
    @inlinable
    public func isWellFormed(_ format: TimestampFormat) -> Bool {
        format == .ntp || UInt32(truncatingIfNeeded: rawValue) < UInt32(truncatingIfNeeded: Self.nanosecondsPerSecond)
    }

    /// The time meant, to the nearest nanosecond, in the era that brings it nearest to `near`: the 32 bits of seconds
    /// come round every 136 years.
    ///
    /// - Parameter taiOffset: what was added to PTP time, as in ``init(_:format:taiOffset:)``.
    /// - Returns: Nil when no timestamp is available, or when it is not well formed.
    @inlinable
    public func wallInstant(
        format: TimestampFormat,
        near: WallInstant,
        taiOffset: Nanoseconds = .zero
    ) -> WallInstant? {
        guard isAvailable, isWellFormed(format) else { return nil }
        let upper = UInt32(truncatingIfNeeded: rawValue >> 32)
        let lower = Int64(rawValue & 0xffff_ffff)
        switch format {
        case .ntp:
            let nanoseconds = ((lower &* Self.nanosecondsPerSecond) &+ (1 << 31)) >> 32
            return Self.instant(upper, nanoseconds, epoch: Self.ntpToUnixSeconds, near: near)
        case .ptp:
            return Self.instant(upper, lower, epoch: 0, near: near + taiOffset) - taiOffset
        }
    }

    /// Floored, so that the nanoseconds are never negative.
    @inlinable
    static func split(_ instant: WallInstant) -> (seconds: Int64, nanoseconds: Int64) {
        var (seconds, nanoseconds) = instant.nanosecondsSinceUnixEpoch
            .quotientAndRemainder(dividingBy: nanosecondsPerSecond)
        if nanoseconds < 0 {
            seconds -= 1
            nanoseconds += nanosecondsPerSecond
        }
        return (seconds, nanoseconds)
    }

    @inlinable
    static func instant(_ seconds: UInt32, _ nanoseconds: Int64, epoch: Int64, near: WallInstant) -> WallInstant {
        let nearSeconds = split(near).seconds
        let ahead = Int32(bitPattern: seconds &- UInt32(truncatingIfNeeded: nearSeconds &+ epoch))
        let sinceUnixEpoch = Nanoseconds.seconds(nearSeconds &+ Int64(ahead)) + Nanoseconds(nanoseconds)
        return WallInstant(nanosecondsSinceUnixEpoch: sinceUnixEpoch.count)
    }
}
