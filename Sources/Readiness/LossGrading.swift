import Glibc
import Statistics
import Units

/// One direction's loss, with what its interval rests on.
private struct LossSample {
    var measure: Measure
    var offered: Int
    var burstRatio: Double
}

extension EndpointGrading {
    func loss(_ rule: Rule) -> GradedCriterion {
        switch rule.statistic {
        case .worst15s, .worst200ms: windowedLoss(rule)
        default: wholeLoss(rule)
        }
    }

    // MARK: The whole check

    /// Loss of all answered ports pooled, the worse direction.
    ///
    /// Where direction cannot be told, the worse one lost at most what the round trip lost, and at least 1 − √(1 − p)
    /// of it, which is what both lost if they were alike: about half.
    private func wholeLoss(_ rule: Rule) -> GradedCriterion {
        let samples = lossSamples(allowingForDrops: true)
        guard let measure = worseDirection(samples, allowingForDrops: true) else {
            return unmeasured(rule, basis: .perDirection, settle: "packets whose fate is known")
        }
        let graded = IntervalGrade(measure.interval, bounds: rule.bounds)
        if isLimited, graded.grade > .inconclusive {
            return GradedCriterion(criterion: criterion(rule, measure, .unmeasured, settle: Self.unlimitedSettle))
        }
        let unexcused = worseDirection(lossSamples(allowingForDrops: false), allowingForDrops: false) ?? measure
        if IntervalGrade(unexcused.interval, bounds: rule.bounds) != graded {
            return GradedCriterion(
                criterion: criterion(rule, measure, graded, settle: dropsSettle),
                obstacles: [.socketDrops]
            )
        }
        guard let open = graded.open else {
            return GradedCriterion(criterion: criterion(rule, measure, graded, settle: nil))
        }
        let settle = lossSettle(samples, measure, bound: rule.bounds[open])
        return GradedCriterion(criterion: criterion(rule, measure, graded, settle: settle))
    }

    /// Losses of which nobody can say the direction were in one of the two all the same: the worse one lost no less
    /// than what the round trip proves.
    private func worseDirection(_ samples: [LossSample], allowingForDrops: Bool) -> Measure? {
        guard var worse = Measure.worst(of: samples.map(\.measure)) else { return nil }
        let directions = [endpoint.statistics.forwardLoss, endpoint.statistics.reverseLoss].compactMap { $0 }
        guard let whole = endpoint.statistics.roundTripLoss, directions.contains(where: { $0.unattributed > 0 }) else {
            return worse
        }
        let drops = allowingForDrops ? probe.quality.socketDrops : 0
        let least = sample(whole, nil, drops: drops).measure.interval.lowerBound
        guard least > worse.interval.lowerBound else { return worse }
        worse.interval = least...max(least, worse.interval.upperBound)
        worse.value = max(worse.value, least)
        worse.direction = nil
        worse.basis = .roundTrip
        return worse
    }

    private func lossSamples(allowingForDrops: Bool) -> [LossSample] {
        let drops = allowingForDrops ? probe.quality.socketDrops : 0
        let statistics = endpoint.statistics
        if let forward = statistics.forwardLoss, let reverse = statistics.reverseLoss, forward.offered > 0 {
            return [sample(forward, .forward, drops: 0), sample(reverse, .reverse, drops: drops)]
                .filter { $0.offered > 0 }
        }
        guard let whole = statistics.roundTripLoss, whole.offered > 0 else { return [] }
        return [sample(whole, nil, drops: drops)]
    }

    private func sample(_ loss: LossStatistics, _ direction: Direction?, drops: Int) -> LossSample {
        let low = drops > 0 ? lowerBound(of: loss, without: drops) : loss.low
        return LossSample(
            measure: Measure(
                loss.ratio,
                from: direction == nil ? 1 - sqrt(max(0, 1 - low)) : low,
                to: loss.high,
                direction: direction,
                basis: direction == nil ? .roundTrip : .perDirection
            ),
            offered: loss.offered,
            burstRatio: loss.burstRatio
        )
    }

    /// What is still proven lost when as many as this host dropped are taken away.
    private func lowerBound(of loss: LossStatistics, without drops: Int) -> Double {
        let burst = max(loss.burstRatio, 1)
        let lost = Double(max(0, loss.lost - drops)) / burst
        return min(loss.low, BinomialBounds.lower(events: lost, trials: Double(loss.offered) / burst))
    }

    /// A server that answers as often as it likes shows its own limit and not the network's losses.
    private static let unlimitedSettle =
        "a server that answers every request at this rate, or a longer --relay-interval"

    private var dropsSettle: String {
        let drops = probe.quality.socketDrops
        let replies = drops == 1 ? "reply" : "replies"
        return "a check that loses none of its own replies (this machine dropped \(NumberText.count(drops)) \(replies))"
    }

    private func lossSettle(_ samples: [LossSample], _ measure: Measure, bound: Double) -> String {
        guard let worst = samples.max(by: { $0.measure.interval.upperBound < $1.measure.interval.upperBound }) else {
            return windowSettle
        }
        if measure.basis == .roundTrip, measure.value >= bound {
            return "an endpoint that counts what arrives there, as a stateful STAMP reflector does"
        }
        return packetsSettle(
            "loss",
            ratio: worst.measure.value,
            bound: bound,
            offered: worst.offered,
            burstRatio: worst.burstRatio
        )
    }

    /// "3,000 packets, 1,240 more …": how many would settle it if they went on as they did.
    func packetsSettle(_ what: String, ratio: Double, bound: Double, offered: Int, burstRatio: Double) -> String {
        guard let least = BinomialBounds.packetsToSettle(ratio: ratio, bound: bound, burstRatio: burstRatio) else {
            return "nothing but a change: the \(what) lies too near the bound for a longer check to tell them apart"
        }
        let needed = NumberText.roundedUp(least)
        guard needed > offered else {
            return "packets whose direction of \(what) is known; \(NumberText.count(needed)) of them would do"
        }
        let seconds = check.duration.seconds * Double(needed) / Double(max(offered, 1))
        let length = Nanoseconds.seconds(rounding: Double(NumberText.roundedUp(max(1, seconds))))
        return "\(NumberText.count(needed)) packets, \(NumberText.count(needed - offered)) more, "
            + "at the \(what) seen here (\(NumberText.percent(ratio))): a check of \(length.text)"
    }

    // MARK: Windows

    /// Loss in the worst window of one stream, since a call rides on one stream. A window is a count and not a
    /// sample of anything larger, so its interval is the value alone, save for what direction cannot be told.
    private func windowedLoss(_ rule: Rule) -> GradedCriterion {
        let windows = answered.flatMap { windowedLosses(of: $0, rule.statistic) }
        guard let measure = Measure.worst(of: windows) else {
            return unmeasured(rule, basis: .perDirection, settle: windowSettle)
        }
        let graded = IntervalGrade(measure.interval, bounds: rule.bounds)
        if graded.grade != .ready, probe.quality.socketDrops > 0 { return excused(rule, measure, windows) }
        let settle = graded.open.map { _ in
            "an endpoint that counts what arrives there, as a stateful STAMP reflector does"
        }
        return GradedCriterion(criterion: criterion(rule, measure, graded, settle: settle))
    }

    /// This host dropped replies and nobody knows in which window: only the way there still counts against the
    /// network.
    private func excused(_ rule: Rule, _ measure: Measure, _ windows: [Measure]) -> GradedCriterion {
        if let forward = Measure.worst(of: windows.filter { $0.direction == .forward }) {
            let graded = IntervalGrade(forward.interval, bounds: rule.bounds)
            if graded.grade > .inconclusive {
                return GradedCriterion(criterion: criterion(rule, forward, graded, settle: nil))
            }
        }
        return GradedCriterion(
            criterion: criterion(rule, measure, .unmeasured, settle: dropsSettle),
            obstacles: [.socketDrops]
        )
    }

    private func windowedLosses(of port: PortEvidence, _ statistic: Statistic) -> [Measure] {
        func window(_ loss: LossStatistics?) -> Double? {
            statistic == .worst15s ? loss?.worst15s : loss?.worst200ms
        }
        let whole = window(port.statistics.roundTrip.loss)
        let directions: [(Direction, LossStatistics?)] = [
            (.forward, port.statistics.forward.loss), (.reverse, port.statistics.reverse.loss),
        ]
        let known = directions.compactMap { direction, loss -> Measure? in
            guard let loss, let value = window(loss) else { return nil }
            let high = loss.unattributed > 0 ? max(value, whole ?? 1) : value
            return Measure(value, from: value, to: high, port: port.port, direction: direction, basis: .perDirection)
        }
        if !known.isEmpty { return known }
        return whole.map { [Measure($0, from: $0 / 2, to: $0, port: port.port, basis: .roundTrip)] } ?? []
    }
}
