import Readiness
import Results
import Units

/// The last week of a site in quarters of days: of each the worst grade.
public struct Trend: Hashable, Sendable {
    public static let quarters = 28
    public static let quarter = Nanoseconds.seconds(6 * 3_600)

    /// ``quarters`` of them, the oldest first, the last being the one that has `now` in it; nil where there was no
    /// check. They begin at 0, 6, 12 and 18 o'clock UTC.
    public var worst: [Grade?]

    public init(worst: [Grade?]) { self.worst = worst }

    public static let empty = Trend(worst: Array(repeating: nil, count: quarters))
}
