import Units

/// Times in which no check could be made, each with why; the latest few.
public struct LostTimes: Sendable {
    private static let kept = 64

    private var times: [(time: Range<WallInstant>, reason: MissedCheck.Reason)] = []

    public init() {}

    public mutating func note(_ time: Range<WallInstant>, _ reason: MissedCheck.Reason) {
        times.append((time, reason))
        if times.count > Self.kept { times.removeFirst() }
    }

    /// Of the time that a moment lies in; nil where it lies in none.
    public func reason(at moment: WallInstant) -> MissedCheck.Reason? {
        times.last { $0.time.contains(moment) }?.reason
    }

    /// Of the time that takes most of a piece; nil where none takes any of it.
    public func reason(within piece: Range<WallInstant>) -> MissedCheck.Reason? {
        let parts = times.map { lost in
            (min(lost.time.upperBound, piece.upperBound) - max(lost.time.lowerBound, piece.lowerBound), lost.reason)
        }
        return parts.filter { $0.0 > .zero }.max { $0.0 < $1.0 }?.1
    }

    /// The clock was set back to here: what was noted of later times is of others.
    public mutating func forget(from moment: WallInstant) {
        times = times.compactMap { lost in
            lost.time.lowerBound >= moment
                ? nil : (lost.time.lowerBound..<min(lost.time.upperBound, moment), lost.reason)
        }
    }
}
