import ProbeCore
import Readiness
import Units

/// How a server answered at each rate at which it was asked.
struct RateShares {
    private var byDivisor: [Int: ServerEvidence.RateShare] = [:]

    /// The ports fare alike only if all that they have in common is the server: each rate's figures are their sums.
    mutating func add(_ logs: [StreamLog], interval: Nanoseconds) {
        for log in logs {
            let steps =
                [(first: 0, divisor: 1)] + log.relay.rateSteps.map { (first: $0.firstSequence, divisor: $0.divisor) }
            for (index, step) in steps.enumerated() {
                let end = index + 1 < steps.count ? steps[index + 1].first : log.measuredNumbers.upperBound
                // A rate that had ended before this part of the run began is none of its.
                guard index + 1 == steps.count || end > log.measuredNumbers.lowerBound else { continue }
                let range = min(step.first, end)..<end
                let fates = log.fates(in: range)
                let first = max(range.lowerBound, log.measuredNumbers.lowerBound)
                // A row of losses that crosses a cut between parts of the run is one.
                let before = first > step.first ? log.wasAnswered(before: first) ?? true : true
                var share =
                    byDivisor[step.divisor]
                    ?? .init(interval: interval * Int64(step.divisor), sent: 0, answered: 0, lossPeriods: 0)
                share.sent += fates.count
                share.answered += fates.count { $0 }
                share.lossPeriods += zip([before] + fates, fates).count { $0 && !$1 }
                byDivisor[step.divisor] = share
            }
        }
    }

    var all: [ServerEvidence.RateShare] { byDivisor.sorted { $0.key < $1.key }.map(\.value) }
}
