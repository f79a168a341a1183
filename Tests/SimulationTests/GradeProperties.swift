import Readiness
import SimulatedNetwork
import Statistics
import Units

/// What the path deserves by the profile `teams`, in its own units.
struct TrueQuality {
    /// 95th percentile of the one-way delay in the worse direction, of the round trip, worst stream, ms.
    var latency = 0.0
    var roundTrip = 0.0
    /// The greatest mean J in any 15 s of any stream and direction, ms.
    var jitter = 0.0
    /// Of all packets of the worse direction, as they fell.
    var loss = 0.0
    /// The same in the long run, as the links are made.
    var lossInTheLongRun = 0.0
}

extension CheckedRun {
    private static let latency = (target: 50.0, limit: 100.0)
    private static let loss = (target: 0.001, limit: 0.01)

    func criterion(_ name: Criterion.Name) -> Criterion? { verdict.criteria.first { $0.name == name } }

    /// Half of the round trip where the round trip was all that could decide, as the criterion then says.
    func checkGrades(_ violations: inout Violations) {
        let truth = trueQuality
        if let latency = criterion(.latencyOneWay), latency.basis == .roundTrip || !believesFalseClaims {
            let value = latency.basis == .roundTrip ? truth.roundTrip / 2 : truth.latency
            check(latency, value, slack: 0, &violations)
        }
        if let jitter = criterion(.jitter), scenario.farClock.steps.isEmpty {
            check(jitter, truth.jitter, slack: jitter.basis == .roundTrip ? 0.15 * truth.jitter : 0.001, &violations)
        }
        if let loss = criterion(.loss) {
            // Hidden packets may move a loss from one direction to the other.
            let offered = Double(outcome.truths.indices.reduce(0) { $0 + measured($1).count })
            let hidden = Double(outcome.truths.indices.reduce(0) { $0 + outcome.truths[$1].hidden(measured($1)) })
            check(loss, truth.loss, slack: hidden / max(1, offered), &violations)
        }
        violations.expect(
            verdict.grade == verdict.criteria.map(\.grade).max(),
            "the verdict is the worst criterion",
            verdict.grade.rawValue
        )
    }

    /// A grade, unless it says that it is open, is no better than the truth's.
    private func check(_ criterion: Criterion, _ truth: Double, slack: Double, _ violations: inout Violations) {
        guard let target = criterion.target, let limit = criterion.limit else { return }
        let detail =
            "\(criterion.name.rawValue) \(criterion.value ?? .nan) in \(criterion.interval.map { "\($0)" } ?? "-")"
            + " is \(criterion.grade.rawValue) on \(criterion.basis.rawValue), truly \(truth)"
        switch criterion.grade {
        case .ready: violations.expect(truth - slack < target, "ready is deserved", detail)
        case .atRisk:
            if criterion.settle == nil { violations.expect(truth - slack < limit, "at risk is not worse", detail) }
            violations.expect(truth + slack >= target * Self.pastSampling(criterion), "at risk is proven", detail)
        case .notReady:
            violations.expect(truth + slack >= limit * Self.pastSampling(criterion), "not ready is proven", detail)
        case .inconclusive: break
        }
    }

    /// What is proven over the sample is proven over the truth as it fell; where both directions share the losses
    /// that nobody can attribute, the worse one has at least half.
    private static func pastSampling(_ criterion: Criterion) -> Double { criterion.basis == .roundTrip ? 0.5 : 1 }

    /// As the packets fell.
    var trueQuality: TrueQuality {
        var quality = TrueQuality()
        var lost = (forward: 0, reverse: 0)
        var offered = (forward: 0, reverse: 0)
        for (index, truth) in outcome.truths.enumerated() {
            let range = measured(index)
            let delays = TrueDelays(truth, range, withStay: false)
            for way in [delays.forward, delays.reverse] {
                quality.latency = max(quality.latency, Self.p95(way))
            }
            quality.roundTrip = max(quality.roundTrip, Self.p95(delays.roundTrip))
            quality.jitter = max(quality.jitter, trueWorstJitter(index))
            let forward = truth.lostForward(range).count
            lost = (lost.forward + forward, lost.reverse + truth.lostReverse(range).count)
            offered = (offered.forward + range.count, offered.reverse + range.count - forward)
        }
        quality.loss = max(
            Double(lost.forward) / Double(max(1, offered.forward)),
            Double(lost.reverse) / Double(max(1, offered.reverse))
        )
        quality.lossInTheLongRun = scenario.links.compactMap { $0.loss?.ratio }.max() ?? 0
        return quality
    }

    private static func p95(_ sorted: [Nanoseconds]) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[(95 * sorted.count + 99) / 100 - 1].milliseconds
    }

    /// Nothing but good could be said of the path, and the clocks are tight enough to say it.
    var isClearlyReady: Bool {
        let truth = trueQuality
        let clock = statistics.clock.map { $0.uncertainty <= .milliseconds(8) } ?? false
        return scenario.duration >= .seconds(60) && scenario.reflector.isModern && scenario.reflector.restart == nil
            && scenario.farClock.steps.isEmpty && clock && truth.latency < 40 && truth.jitter < 7 && truth.loss == 0
    }
}

extension CheckedRun {
    /// Of both directions.
    fileprivate func trueWorstJitter(_ stream: Int) -> Double {
        let truth = outcome.truths[stream]
        let home = truth.firstReplies.filter { measured(stream).contains($0.sequence) }
        let start = truth.departures[measured(stream).lowerBound].count
        func worst(_ order: [PathTruth.Reply], _ transit: (PathTruth.Reply) -> Nanoseconds) -> Double {
            let packets = order.map { (sentAt: truth.departures[$0.sequence].count, transit: transit($0).count) }
            let jitter = PlainJitter(packets, runStart: start, interval: scenario.interval.count)
            return (jitter?.worst15s ?? 0) / 1e6
        }
        let forward = worst(home.sorted { $0.request < $1.request }) {
            truth.requests[$0.request].arrivedAt - truth.departures[$0.sequence]
        }
        return max(forward, worst(home, \.delay))
    }
}
