import Statistics
import Units

/// What one trial with a number of calls came to.
public struct CapacityTrial: Hashable, Sendable {
    public var calls: Int
    /// IP-level rate of each direction as offered, kbit/s.
    public var kilobitsPerSecond: Double
    /// p95 of the worse direction's one-way delay, of the round trip, and what the latter has over its minimum; nil
    /// when nothing was answered.
    public var delayP95: Nanoseconds?
    public var queueing: Nanoseconds?
    public var jitter: Nanoseconds?
    /// Of the worse direction.
    public var lossRatio: Double?
    /// The criteria whose value did not meet its target; empty when the site carried the calls.
    public var broken: [Criterion.Name]

    public init(
        calls: Int,
        kilobitsPerSecond: Double,
        delayP95: Nanoseconds?,
        queueing: Nanoseconds?,
        jitter: Nanoseconds?,
        lossRatio: Double?,
        broken: [Criterion.Name]
    ) {
        self.calls = calls
        self.kilobitsPerSecond = kilobitsPerSecond
        self.delayP95 = delayP95
        self.queueing = queueing
        self.jitter = jitter
        self.lossRatio = lossRatio
        self.broken = broken
    }

    public var isCarried: Bool { broken.isEmpty }
}

/// Finds how many calls a site carries: doubles the number until a bound breaks, then halves the gap between the
/// most that were carried and the fewest that were not.
public struct CapacitySearch: Hashable, Sendable {
    public let fewest: Int
    public let upTo: Int
    public private(set) var trials: [CapacityTrial] = []

    /// - Parameters:
    ///   - fewest: what the search begins with: one call on each port.
    ///   - upTo: the most calls that may be put on the line.
    public init(fewest: Int, upTo: Int) {
        precondition(fewest > 0 && upTo >= fewest)
        self.fewest = fewest
        self.upTo = upTo
    }

    /// The most calls that were carried; nil when not even the fewest were.
    public var carried: Int? { trials.filter { $0.isCarried && $0.calls < (broken ?? .max) }.map(\.calls).max() }

    /// The fewest calls that were not.
    public var broken: Int? { trials.filter { !$0.isCarried }.map(\.calls).min() }

    /// How many calls to try next; nil when the answer is found.
    public var next: Int? {
        guard let broken else {
            guard let carried else { return fewest }
            return carried == upTo ? nil : min(upTo, carried * 2)
        }
        guard let carried else { return nil }
        return broken - carried <= 1 ? nil : carried + (broken - carried) / 2
    }

    public mutating func record(_ trial: CapacityTrial) { trials.append(trial) }

    /// Queueing counts as begun where the round trip's p95 lies this far above its minimum, beyond what the first
    /// trial showed.
    public static let queueingThreshold = Nanoseconds.milliseconds(5)

    /// Between which rates queueing begins, kbit/s each way; nil where no trial showed any.
    public var queueingBegins: ClosedRange<Double>? {
        guard let base = trials.first?.queueing else { return nil }
        func queues(_ trial: CapacityTrial) -> Bool {
            trial.queueing.map { $0 - base > Self.queueingThreshold } ?? true
        }
        guard let first = trials.filter(queues).map(\.kilobitsPerSecond).min() else { return nil }
        let last = trials.filter { !queues($0) && $0.kilobitsPerSecond < first }.map(\.kilobitsPerSecond).max()
        return (last ?? 0)...first
    }

    /// What broke at the fewest calls that were not carried.
    public var limitedBy: [Criterion.Name] {
        trials.filter { !$0.isCarried }.min { $0.calls < $1.calls }?.broken ?? []
    }
}

extension CapacityTrial {
    /// Reads a trial off its evidence and verdict: it is the values that count, since a trial is too short for
    /// intervals to be narrow.
    public init(calls: Int, kilobitsPerSecond: Double, evidence: EndpointEvidence, verdict: Verdict) {
        let criteria = verdict.criteria.filter { $0.endpoint == evidence.name }
        let broken = criteria.filter { criterion in
            switch criterion.name {
            case .reachability: criterion.grade != .ready
            case .dscp: false
            default: criterion.target.map { (criterion.value ?? .infinity) >= $0 } ?? false
            }
        }
        func value(_ name: Criterion.Name) -> Double? { criteria.first { $0.name == name }?.value }
        let roundTrips = evidence.ports.compactMap(\.statistics.roundTrip.delay)
        self.init(
            calls: calls,
            kilobitsPerSecond: kilobitsPerSecond,
            delayP95: evidence.statistics.worseDirectionDelay?.value,
            queueing: roundTrips.map { $0.p95 - $0.minimum }.max(),
            jitter: value(.jitter).map { .milliseconds(rounding: $0) },
            lossRatio: value(.loss),
            broken: broken.map(\.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        )
    }
}
