import Foundation
import Readiness
import Units

/// A named time, before calls go live, whose checks together come to one verdict.
public struct AssessmentPlan: Hashable, Sendable {
    /// The least and the most that one can last.
    public static let lengths = Nanoseconds.seconds(3_600)...Nanoseconds.seconds(366 * 86_400)

    public var name: String
    /// Checks count whose slot is at or after `from` and before `until`.
    public var from: WallInstant
    public var until: WallInstant
    public var timeZone: TimeZone
    /// The names of the schedules whose checks count; nil is all.
    public var schedules: [String]?
    public var rules = AssessmentRules()
    /// The hours that must be covered; nil, together with `days`, is those in which the schedules ask for checks.
    public var hours: DayHours?
    public var days: Set<Weekday>?

    public init(name: String, from: WallInstant, until: WallInstant, timeZone: TimeZone = .current) {
        self.name = name
        self.from = from
        self.until = until
        self.timeZone = timeZone
    }

    public func takes(_ schedule: String) -> Bool { schedules?.contains(schedule) ?? true }
}
