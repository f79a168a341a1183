import Results
import Units

extension UTCTime {
    /// Microseconds since the Unix epoch, as columns have them.
    public init(microseconds: Int64) {
        let (nanoseconds, overflow) = microseconds.multipliedReportingOverflow(by: 1_000)
        self.init(
            WallInstant(nanosecondsSinceUnixEpoch: overflow ? (microseconds < 0 ? .min : .max) : nanoseconds)
        )
    }

    /// Saturates.
    public static func + (left: UTCTime, right: Nanoseconds) -> UTCTime { UTCTime(left.instant + right) }
    public static func - (left: UTCTime, right: Nanoseconds) -> UTCTime { UTCTime(left.instant - right) }
    public static func - (left: UTCTime, right: UTCTime) -> Nanoseconds { left.instant - right.instant }
}
