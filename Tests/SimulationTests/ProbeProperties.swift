import ProbeCore
import Readiness
import SimulatedNetwork

extension CheckedRun {
    /// What this host failed to send, and who refused what it sent, is told exactly, and none of it as loss.
    func checkProbe(_ violations: inout Violations) {
        let endpoint = evidence.endpoints[0]
        let notSent = endpoint.ports.reduce(0) { $0 + $1.linkFailures.values.reduce(0, +) }
        let refused = outcome.log.streams.reduce(0) { $0 + $1.unreachable.values.reduce(0, +) }
        violations.expect(
            evidence.probeQuality.missedSends == outcome.missed,
            "missed sends counted",
            "\(evidence.probeQuality.missedSends), truly \(outcome.missed)"
        )
        violations.expect(notSent == outcome.notSent, "refused sends counted", "\(notSent), truly \(outcome.notSent)")
        violations.expect(refused == outcome.refused, "ICMP errors counted", "\(refused), truly \(outcome.refused)")
        for (port, truth) in zip(endpoint.ports, outcome.truths) {
            let isAnswered = port.reachability == .answered
            violations.expect(isAnswered == !truth.replies.isEmpty, "reachability", "\(port.reachability)")
        }
        violations.expect(
            endpoint.authenticated == scenario.isAuthenticated,
            "authenticated",
            "\(endpoint.authenticated)"
        )
    }
}
