import Units

extension WallInstant {
    /// RFC 3339 in UTC with microseconds, nanoseconds cut off: `2026-03-01T12:34:56.000001Z`. The proleptic Gregorian
    /// calendar; leap seconds do not show, as in Unix time.
    public var rfc3339: String {
        let microseconds = Self.floorDivide(nanosecondsSinceUnixEpoch, 1_000)
        let seconds = Self.floorDivide(microseconds, 1_000_000)
        let days = Self.floorDivide(seconds, 86_400)
        let ofDay = seconds - days * 86_400
        let date = Self.civilDate(daysSinceUnixEpoch: days)
        let clock = [ofDay / 3_600, ofDay / 60 % 60, ofDay % 60].map { Self.padded($0, 2) }.joined(separator: ":")
        let day = [Self.padded(date.year, 4), Self.padded(date.month, 2), Self.padded(date.day, 2)]
        return day.joined(separator: "-") + "T\(clock).\(Self.padded(microseconds - seconds * 1_000_000, 6))Z"
    }

    /// Years counted from 1 March, so that the leap day is a year's last.
    private static func civilDate(daysSinceUnixEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
