import Results
import Units

/// Stretches of equal length, counted from 1970.
enum TimeGrid {
    static let hour = Nanoseconds.seconds(3_600)
    static let day = Nanoseconds.seconds(86_400)

    /// The stretch that `time` lies in.
    static func index(_ time: UTCTime, of length: Nanoseconds) -> Int64 {
        let microseconds = length.count / 1_000
        let quotient = time.microsecondsSinceUnixEpoch / microseconds
        return time.microsecondsSinceUnixEpoch % microseconds < 0 ? quotient - 1 : quotient
    }

    /// When a stretch begins.
    static func start(_ index: Int64, of length: Nanoseconds) -> UTCTime {
        UTCTime(microseconds: index.multipliedReportingOverflow(by: length.count / 1_000).partialValue)
    }
}
