import Units

/// What one stream lost in one direction, in a form that adds up from part to part of a run.
struct LossTally: Hashable, Sendable {
    private(set) var offered = 0
    private(set) var lost = 0
    private(set) var unattributed = 0
    /// Unattributed packets that are not among `offered`.
    private(set) var uncertainlyOffered = 0
    private(set) var periods = LossPeriods()

    init() {}

    init(_ sample: LossSample) {
        let outcomes = sample.judgedOutcomes
        lost = outcomes.count { $0 == .lost }
        offered = outcomes.count { $0 != .absent }
        unattributed = sample.unattributed
        uncertainlyOffered = sample.unattributedWereOffered ? 0 : sample.unattributed
        periods = LossPeriods(outcomes)
    }

    mutating func append(_ later: LossTally) {
        offered += later.offered
        lost += later.lost
        unattributed += later.unattributed
        uncertainlyOffered += later.uncertainlyOffered
        periods.append(later.periods)
    }
}

/// The greatest loss ratios within sliding windows; nil where there is no such window.
struct WorstLoss: Hashable, Sendable {
    private(set) var in15s: Double?
    private(set) var in200ms: Double?

    init() {}

    init(_ samples: [LossSample]) {
        in15s = LossWindows.worst(samples, within: .seconds(15))
        in200ms = LossWindows.worst(samples, within: .milliseconds(200))
    }

    mutating func append(_ later: WorstLoss) {
        in15s = [in15s, later.in15s].compactMap(\.self).max()
        in200ms = [in200ms, later.in200ms].compactMap(\.self).max()
    }
}
