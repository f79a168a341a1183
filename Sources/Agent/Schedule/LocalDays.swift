import Foundation
import Units

/// A day of the calendar, wherever it is.
struct CalendarDay: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    var number: Int

    var weekday: Weekday {
        // 1970-01-01 was a Thursday.
        Weekday.allCases[((number + 3) % 7 + 7) % 7]
    }

    static func < (left: Self, right: Self) -> Bool { left.number < right.number }
    static func + (day: Self, days: Int) -> Self { Self(number: day.number + days) }
}

/// The days and times of one time zone, and which moments they are.
///
/// A time that does not exist, since clocks were put forward over it, is the moment at which they were; a time that
/// there is twice is the first of the two.
struct LocalDays: Sendable {
    let timeZone: TimeZone

    private func secondsFromGMT(_ seconds: Int64) -> Int64 {
        Int64(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }

    /// The day on which `instant` falls here.
    func day(of instant: WallInstant) -> CalendarDay {
        CalendarDay(number: Int(Self.floor(localSeconds(of: instant), 86_400)))
    }

    /// What the clock on the wall shows at `instant`, counted in seconds from its own 1970-01-01 00:00.
    func localSeconds(of instant: WallInstant) -> Int64 {
        Self.floor(instant.nanosecondsSinceUnixEpoch, 1_000_000_000) + offset(at: instant)
    }

    /// Seconds by which the clock on the wall is ahead of UTC at `instant`.
    func offset(at instant: WallInstant) -> Int64 {
        secondsFromGMT(Self.floor(instant.nanosecondsSinceUnixEpoch, 1_000_000_000))
    }

    /// The moment of a time on a day, which may be past the day's end.
    func instant(_ day: CalendarDay, minutes: Int) -> WallInstant {
        let local = Int64(day.number) * 86_400 + Int64(minutes) * 60
        // The offsets in force around that time: at most one change lies between.
        let offsets = [secondsFromGMT(local - 86_400), secondsFromGMT(local + 86_400)]
        let readings = offsets.map { local - $0 }.filter { $0 + secondsFromGMT($0) == local }
        let seconds =
            readings.min()
            ?? change(
                between: local - max(offsets[0], offsets[1]),
                and: local - min(offsets[0], offsets[1])
            )
        return WallInstant(nanosecondsSinceUnixEpoch: seconds * 1_000_000_000)
    }

    /// The first second at which the later offset is in force.
    private func change(between early: Int64, and late: Int64) -> Int64 {
        var (low, high) = (early, late)
        let before = secondsFromGMT(low)
        while high - low > 1 {
            let middle = (low + high) / 2
            if secondsFromGMT(middle) == before { low = middle } else { high = middle }
        }
        return high
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }
}

extension TimeZone {
    /// As people write it: Foundation calls UTC GMT.
    public var name: String { identifier == "GMT" ? "UTC" : identifier }
}
