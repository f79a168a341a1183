import ProbeCore
import SimulatedNetwork
import Statistics
import Units

extension CheckedRun {
    /// The true time at which the run's own clock showed `instant`.
    private func trueTime(_ instant: WallInstant) -> Nanoseconds {
        instant - SimulatedClock.epoch - scenario.localClock.offset
    }

    /// The last packet left at about this time.
    private var end: Nanoseconds { outcome.truths.compactMap(\.departures.last).max() ?? .zero }

    func checkClockSteps(_ violations: inout Violations) {
        let local = outcome.log.localClockSteps
        violations.expect(
            local.count == scenario.localClock.steps.count,
            "local clock steps found",
            "\(local.count), truly \(scenario.localClock.steps.count)"
        )
        for (found, step) in zip(local, scenario.localClock.steps) {
            violations.expect(
                (trueTime(found.at) - step.at).magnitude <= .seconds(1)
                    && (found.by - step.by).magnitude <= .microseconds(50),
                "local clock step placed",
                "at \(trueTime(found.at).text) by \(found.by.text), truly at \(step.at.text) by \(step.by.text)"
            )
        }
        guard let clock = statistics.clock else { return }
        let steps = scenario.farClock.steps
        let text = clock.steps.map { "\($0.by.text) at \(trueTime($0.at).text)" }
        violations.expect(
            clock.steps.count == steps.count,
            steps.isEmpty ? "no clock step where none was" : "clock steps counted",
            "\(text), truly \(steps.map { "\($0.by.text) at \($0.at.text)" })"
        )
        guard clock.steps.count == steps.count else { return }
        for (found, step) in zip(clock.steps, steps) {
            violations.expect(
                (trueTime(found.at) - step.at).magnitude <= .seconds(1),
                "clock step placed within a second",
                "\(trueTime(found.at).text), truly \(step.at.text)"
            )
            let slack = max(Double(step.by.magnitude.count) * 0.3, 1e6)
            violations.expect(
                Double((found.by - step.by).magnitude.count) <= slack,
                "clock step's size",
                "\(found.by.text), truly \(step.by.text)"
            )
        }
    }

    /// Within 1 ppm over a minute of a calm path; elsewhere within its own half-width, where the clock runs evenly.
    func checkSkew(_ violations: inout Violations) {
        guard let clock = statistics.clock, scenario.farClock.slew == nil else { return }
        let truth = scenario.farClock.skewPPM
        let detail = "\(clock.skewPPM ?? .nan) ± \(clock.skewUncertaintyPPM ?? .nan) ppm, truly \(truth) ppm"
        let permits =
            scenario.duration >= .seconds(60) && scenario.isCalm && scenario.farClock.steps.isEmpty
            && timestampError <= .microseconds(40)
        if permits {
            violations.expect(clock.skewPPM.map { abs($0 - truth) <= 1 } ?? false, "skew within 1 ppm", detail)
        }
        guard let skew = clock.skewPPM, let uncertainty = clock.skewUncertaintyPPM else { return }
        // A rate is told per second of the far clock: 100 ppm of itself is below any half-width.
        violations.expect(abs(skew - truth) <= uncertainty + 0.05, "skew within its half-width", detail)
    }

    private var greatestOffset: Nanoseconds {
        (0...200).map { scenario.offset(at: end / 200 * Int64($0)).magnitude }.max() ?? .zero
    }

    /// Known limitation: claims that are false but that physics does not exclude are believed, and what rests on
    /// them is as wrong as they are.
    var believesFalseClaims: Bool {
        guard let clock = statistics.clock, let bound = claims.offsetBound else { return false }
        return !clock.claimsContradicted && greatestOffset > bound
    }

    /// Claims that hold are never called contradicted; claims that no delay above zero is compatible with are.
    func checkClaims(_ violations: inout Violations) {
        guard let clock = statistics.clock, let bound = claims.offsetBound else { return }
        let worst = greatestOffset
        let detail = "claims ± \(bound.text), offset up to \(worst.text)"
        if worst <= bound {
            violations.expect(!clock.claimsContradicted, "true claims are believed", detail)
        }
        if physicsExcludes(bound) {
            violations.expect(clock.claimsContradicted, "impossible claims are called so", detail)
        }
    }

    /// Whether some packet would have arrived before it left if the offset lay within the claims.
    private func physicsExcludes(_ bound: Nanoseconds) -> Bool {
        let margin = timestampError * 2 + .microseconds(50) + smallestBend
        for truth in outcome.truths {
            for reply in truth.firstReplies {
                let request = truth.requests[reply.request]
                let nearStep = scenario.farClock.steps.contains {
                    ($0.at - truth.departures[reply.sequence]).magnitude < .seconds(2)
                }
                if nearStep { continue }
                let offset = scenario.offset(at: request.arrivedAt)
                if offset - reply.delay - margin > bound || offset + request.delay + margin < .zero - bound {
                    return true
                }
            }
        }
        return false
    }
}
