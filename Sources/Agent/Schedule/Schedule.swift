import Foundation
import Units

/// When checks are made, and of what.
public struct Schedule: Hashable, Sendable {
    /// How the moments of a day follow from each other.
    public enum Rhythm: Hashable, Sendable {
        /// Evenly through the day's hours, which the first moment opens.
        case every(Nanoseconds)
        /// At these times of day.
        case at([TimeOfDay])
        /// One check without end through the day's hours, judged in pieces of this length.
        case continuous(Nanoseconds)
    }

    /// How long a piece of a check without end may be.
    public static let pieces = Nanoseconds.seconds(5)...Nanoseconds.seconds(3_600)

    public static let periods = Nanoseconds.seconds(60)...Nanoseconds.seconds(86_400)

    public var name: String
    public var rhythm: Rhythm
    /// The hours of the day; nil is all of it. They may reach past midnight, and then belong to the day they begin on.
    public var hours: DayHours?
    public var days: Set<Weekday>
    public var timeZone: TimeZone
    /// What to measure against; nil is every endpoint of the configuration.
    public var endpoints: [Endpoint]?
    /// How to probe, where it differs from the rest of the configuration.
    public var probe = ProbeSettings()

    public init(
        name: String,
        rhythm: Rhythm,
        hours: DayHours? = nil,
        days: Set<Weekday> = Set(Weekday.allCases),
        timeZone: TimeZone = .current,
        endpoints: [Endpoint]? = nil
    ) {
        self.name = name
        self.rhythm = rhythm
        self.hours = hours
        self.days = days
        self.timeZone = timeZone
        self.endpoints = endpoints
    }

    /// Whether its check never ends.
    public var isContinuous: Bool {
        if case .continuous = rhythm { true } else { false }
    }

    /// The time between two checks at the least.
    public var shortestGap: Nanoseconds {
        switch rhythm {
        case .every(let period), .continuous(let period): return period
        case .at(let times):
            let minutes = times.map(\.minutes).sorted()
            guard let first = minutes.first, minutes.count > 1 else { return .seconds(86_400) }
            let gaps = zip(minutes, minutes.dropFirst() + [first + 1_440]).map { $1 - $0 }
            return .seconds(Int64(gaps.min() ?? 1_440) * 60)
        }
    }
}

/// A time of day on the clock on the wall, to the minute.
public struct TimeOfDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Since midnight, 0 to 1,440: the last is the midnight that ends the day.
    public var minutes: Int

    public init(minutes: Int) { self.minutes = minutes }

    /// Reads `8:30`, `08:30`, `24:00`.
    public init(_ text: String) throws(TextRefusal) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let isDigits = text.utf8.allSatisfy { (48...58).contains($0) }
        guard isDigits, parts.count == 2, parts[1].utf8.count == 2, (1...2).contains(parts[0].utf8.count),
            let hour = UInt(parts[0]), let minute = UInt(parts[1]), minute < 60,
            hour < 24 || (hour == 24 && minute == 0)
        else { throw TextRefusal("'\(text)' is not a time of day; write it as 08:30") }
        minutes = Int(hour) * 60 + Int(minute)
    }

    public static func < (left: Self, right: Self) -> Bool { left.minutes < right.minutes }

    public var description: String {
        let (hour, minute) = (minutes / 60, minutes % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}

/// Hours of a day, from one time up to another; past midnight where the second is not the later one.
public struct DayHours: Hashable, Sendable, CustomStringConvertible {
    public var from: TimeOfDay
    public var until: TimeOfDay

    public init(from: TimeOfDay, until: TimeOfDay) {
        self.from = from
        self.until = until
    }

    /// Reads `07:00-19:00`.
    public init(_ text: String) throws(TextRefusal) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw TextRefusal("'\(text)' are not hours of a day; write them as 07:00-19:00") }
        let times = try parts.map { (part) throws(TextRefusal) in
            try TimeOfDay(part.trimmingCharacters(in: .whitespaces))
        }
        guard times[0] != times[1], times[0].minutes < 1_440 else {
            throw TextRefusal("'\(text)' holds no time; leave out the hours where all day is meant")
        }
        self.init(from: times[0], until: times[1])
    }

    public var description: String { "\(from)-\(until)" }

    /// On a day on which the clocks are not changed.
    public var length: Nanoseconds {
        let minutes = until.minutes - from.minutes
        return .seconds(Int64(minutes > 0 ? minutes : minutes + 1_440) * 60)
    }
}

public enum Weekday: Int, CaseIterable, Hashable, Comparable, Sendable {
    /// Numbered as ISO 8601 has them.
    case monday = 1
    case tuesday, wednesday, thursday, friday, saturday, sunday

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    public var abbreviation: String { ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][rawValue - 1] }

    private static func one(_ text: String) throws(TextRefusal) -> Weekday {
        let name = text.trimmingCharacters(in: .whitespaces).lowercased()
        guard let day = allCases.first(where: { name == $0.abbreviation || name == "\($0)" }) else {
            throw TextRefusal("'\(text)' is not a day; write mon, tue, wed, thu, fri, sat or sun, or as mon-fri")
        }
        return day
    }

    /// Reads `mon`, `mon-fri`, `sat-sun`, `fri-mon`, `mon, wed`.
    public static func days(_ text: String) throws(TextRefusal) -> Set<Weekday> {
        var days: Set<Weekday> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = ends.first, let last = ends.last else {
                throw TextRefusal("'\(text)' are not days; write mon-fri, or mon, wed")
            }
            let (from, until) = (try one(String(first)), try one(String(last)))
            let length = (until.rawValue - from.rawValue + 7) % 7
            for step in 0...length { days.insert(allCases[(from.rawValue - 1 + step) % 7]) }
        }
        return days
    }
}
