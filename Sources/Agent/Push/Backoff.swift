import Units

/// How long to wait after failures in a row: full jitter, so that a fleet whose collector was away does not come back
/// in the same second.
///
/// After the n-th failure in a row the wait is uniform between ``least`` and the smaller of ``most`` and
/// ``base`` × 2ⁿ⁻¹.
public struct Backoff: Hashable, Sendable {
    public var least = Nanoseconds.milliseconds(100)
    public var base = Nanoseconds.seconds(1)
    public var most = Nanoseconds.seconds(300)
    /// The longest `Retry-After` that is heeded: no answer silences a site for longer.
    public var longestRetryAfter = Nanoseconds.seconds(3_600)

    public init() {}

    /// - Parameter failures: in a row, from 1.
    /// - Parameter retryAfter: what the collector asked for; the wait is no shorter, and up to ``base`` longer.
    func wait<Generator: RandomNumberGenerator>(
        failures: Int,
        retryAfter: Nanoseconds?,
        using generator: inout Generator
    ) -> Nanoseconds {
        let doubled = base * (1 << Int64(min(max(failures - 1, 0), 40)))
        let ceiling = max(min(most, doubled), least)
        let jittered = Nanoseconds(Int64.random(in: least.count...ceiling.count, using: &generator))
        guard let retryAfter else { return jittered }
        let asked = max(.zero, min(retryAfter, longestRetryAfter))
        return max(jittered, asked + Nanoseconds(Int64.random(in: 0...max(base.count, 0), using: &generator)))
    }
}

/// `Retry-After` (RFC 9110 §10.2.3).
enum RetryAfter {
    /// - Parameter text: whole seconds, or a date in the form that RFC 9110 §5.6.7 prefers.
    /// - Returns: nil where it is neither.
    static func wait(_ text: String, now: WallInstant) -> Nanoseconds? {
        let text = String(text.drop { $0 == " " })
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).map(Nanoseconds.seconds) ?? .maximum
        }
        return date(text).map { max(.zero, $0 - now) }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// As in `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> WallInstant? {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0].utf8.count == 4, fields[0].hasSuffix(","), fields[5] == "GMT",
            let day = number(fields[1], digits: 2, in: 1...31),
            let month = months.firstIndex(of: String(fields[2])).map({ Int64($0 + 1) }),
            let year = number(fields[3], digits: 4, in: 1970...9_999)
        else { return nil }
        let clock = fields[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], digits: 2, in: 0...23),
            let minute = number(clock[1], digits: 2, in: 0...59), let second = number(clock[2], digits: 2, in: 0...60)
        else { return nil }
        let seconds = days(year: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
        return WallInstant(nanosecondsSinceUnixEpoch: 0) + .seconds(seconds)
    }

    private static func number(_ text: Substring, digits: Int, in range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text).flatMap { range.contains($0) ? $0 : nil }
    }

    /// Days from 1970-01-01, in the Gregorian calendar.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (shifted / 400, shifted % 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
