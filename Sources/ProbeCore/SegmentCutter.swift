import Units

/// Cuts a log that grows for ever into segments, and lets go of what is too old, while the streams go on.
///
/// Every packet belongs to the one segment in which it was sent, whenever its answer comes. A segment is handed out
/// once its packets can no longer be answered, with some of the run before and after it: reordering, duplicates and the
/// reflector's numbering are followed over the cut. What is counted and is no packet of ours (refused datagrams, ICMP
/// errors and the like) belongs to the segment in which it came.
///
/// Whoever empties the ring asks after each time; nothing here happens on the probe thread.
public struct SegmentCutter: Sendable {
    public let plan: SegmentPlan
    private let replyTimeout: Nanoseconds
    private var number = 0
    private var start: WallInstant
    private var cut: WallInstant
    /// How often the log was divided, at `cut` and every length after it, for segments whose last answers are waited
    /// for.
    private var divisions: Int64 = 0

    /// - Parameters:
    ///   - start: when the run began, on its own clock.
    public init(_ plan: SegmentPlan, start: WallInstant, replyTimeout: Nanoseconds) {
        self.plan = plan
        self.replyTimeout = replyTimeout
        self.start = start
        cut = plan.firstCut(after: start)
    }

    /// When the segment that now grows ends.
    public var nextCut: WallInstant { cut + plan.length * divisions }

    /// The segment that is complete at `now`, if one is.
    public mutating func next(_ log: inout ObservationLog, now: WallInstant) -> LogSegment? {
        while now >= nextCut { divide(&log) }
        let settled = cut + plan.settling(replyTimeout: replyTimeout)
        guard now >= settled else { return nil }
        guard now >= cut + max(plan.patience, settled - cut) || log.showsFates(of: cut) else { return nil }
        return take(&log, until: cut)
    }

    /// What is left once the run has ended: segments that still waited, and the one that the end cut short, of those in
    /// which anything was measured.
    public mutating func last(_ log: inout ObservationLog, at end: WallInstant) -> [LogSegment] {
        rest(of: &log, at: end).filter { $0.measuredPackets > 0 }
    }

    /// The same with those in which nothing was measured: what else was counted belongs to them.
    public mutating func rest(of log: inout ObservationLog, at end: WallInstant) -> [LogSegment] {
        var segments: [LogSegment] = []
        while cut < end {
            if divisions == 0 { divide(&log) }
            segments.append(take(&log, until: cut))
        }
        if divisions == 0 { divide(&log) }
        segments.append(take(&log, until: nil, at: end))
        return segments
    }

    private mutating func divide(_ log: inout ObservationLog) {
        log.divide()
        divisions += 1
    }

    private mutating func take(
        _ log: inout ObservationLog,
        until cut: WallInstant?,
        at end: WallInstant? = nil
    ) -> LogSegment {
        let end = cut ?? end ?? self.cut
        let segment = LogSegment(
            number: number,
            start: start,
            end: end,
            log: log.takeDivided(from: start, until: cut, plan)
        )
        log.forget(before: end - plan.memory, plan)
        number += 1
        start = end
        self.cut = end + plan.length
        divisions -= 1
        return segment
    }
}
