import Foundation
import Readiness
import SimulatedNetwork
import Statistics
import Testing

@Suite struct SimulationTests {
    /// Every number of every scenario, against what really happened.
    @Test(.enabled(if: Seeds.only == nil))
    func everyReportedNumberHoldsAgainstTheTruth() async throws {
        let judged = try await Judged.all(Seeds.all)
        for run in judged where !run.violations.isEmpty {
            let list = run.violations.joined(separator: "\n  ")
            Issue.record("seed \(run.seed): replay with `make simulate SEED=\(run.seed)`\n  \(list)")
        }
        let statements = judged.reduce(0) { $0 + $1.checked }
        #expect(statements > 40 * judged.count)
        print("\(judged.count) scenarios, \(statements) statements held against the truth")
        expectFewMissedLosses(judged.compactMap(\.missedLoss))
        expectReadiness(judged.compactMap(\.gaveReady))
    }

    /// Bounds of 95 % call a loss of the target or more met in at most one of twenty, and five standard errors of
    /// their number are granted to chance.
    private func expectFewMissedLosses(_ missed: [Bool]) {
        let count = Double(missed.count)
        let most = 0.05 * count + 5 * (0.05 * 0.95 * count).squareRoot()
        print("\(missed.count { $0 }) of \(missed.count) losses above the target called ready")
        #expect(Double(missed.count { $0 }) <= most)
    }

    private func expectReadiness(_ gaveReady: [Bool]) {
        let wrong = gaveReady.count { !$0 }
        print("\(wrong) of \(gaveReady.count) clearly ready paths not called ready")
        #expect(Double(wrong) <= 0.05 * Double(gaveReady.count))
    }

    /// One scenario in full, for whoever looks into a failure.
    @Test(.enabled(if: Seeds.only != nil))
    func replay() throws {
        let seed = try #require(Seeds.only)
        let run = try CheckedRun(Scenario(seed: seed))
        dump(run.scenario)
        dump(run.statistics)
        dump(run.verdict.criteria)
        let found = run.violations()
        print("seed \(seed): \(found.checked) statements held against the truth, \(found.all.count) violated")
        for violation in found.all { Issue.record("seed \(seed): \(violation)") }
    }

    /// The same seed gives the same check, to the last nanosecond.
    @Test func aSeedDeterminesEverything() throws {
        let first = try CheckedRun(Scenario(seed: 7))
        let second = try CheckedRun(Scenario(seed: 7))
        #expect(first.scenario == second.scenario)
        #expect(first.statistics == second.statistics)
        #expect(first.verdict == second.verdict)
    }
}
