import ProbeCore
import SimulatedNetwork
import Statistics
import Testing
import Units

/// A run that is cut into segments, wherever the cuts fall, comes to the same as one that is not.
@Suite struct SegmentTests {
    /// The cuts of a scenario: every so many milliseconds, which no scenario's interval divides.
    private func plan(_ seed: UInt64, memory: Nanoseconds = .seconds(300)) -> SegmentPlan {
        var random = SeededRandom(seed: seed ^ 0x5e67)
        let length = Nanoseconds.milliseconds(3_001) + random.duration(upTo: .seconds(12))
        return SegmentPlan(length: length, memory: memory, patience: .seconds(3_600))
    }

    @Test(.enabled(if: Seeds.only == nil))
    func cutsChangeNothing() async throws {
        let found = try await withThrowingTaskGroup(of: (UInt64, Violations, Int).self) { group in
            for worker in 0..<2 {
                for seed in Seeds.all where Int(seed % 2) == worker {
                    group.addTask {
                        let run = try CutRun(Scenario(seed: seed), plan(seed))
                        return (seed, run.violations(), run.segments.count)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (seed, violations, count) in found.sorted(by: { $0.0 < $1.0 }) where !violations.all.isEmpty {
            let list = violations.all.joined(separator: "\n  ")
            Issue.record("seed \(seed), \(count) segments:\n  \(list)")
        }
        print(
            "\(found.count) runs in \(found.reduce(0) { $0 + $1.2 }) segments, "
                + "\(found.reduce(0) { $0 + $1.1.checked }) sums held against the whole"
        )
    }

    /// What a long check makes of its parts holds against the truth like what a short one makes of its packets, and
    /// comes to the same but for what it says that it leaves open.
    @Test(.enabled(if: Seeds.only == nil))
    func partsPutTogetherHoldAgainstTheTruth() async throws {
        let found = try await withThrowingTaskGroup(of: (UInt64, Violations).self) { group in
            for worker in 0..<2 {
                for seed in Seeds.all where Int(seed % 2) == worker {
                    group.addTask { (seed, try CutRun(Scenario(seed: seed), plan(seed)).digestViolations()) }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (seed, violations) in found.sorted(by: { $0.0 < $1.0 }) where !violations.all.isEmpty {
            Issue.record("seed \(seed):\n  \(violations.all.joined(separator: "\n  "))")
        }
        print("\(found.count) runs put together, \(found.reduce(0) { $0 + $1.1.checked }) statements held")
    }
}
