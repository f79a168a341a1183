import Foundation
import Readiness
import SimulatedNetwork

/// Which scenarios run: the same forty each time, or as many as `SIMULATION_SEEDS` says from `SIMULATION_FIRST` on, or only `SIMULATION_SEED`.
enum Seeds {
    static let all: Range<UInt64> = first..<(first + count)

    static let only: UInt64? = number("SIMULATION_SEED")

    private static let first: UInt64 = number("SIMULATION_FIRST") ?? 1
    private static let count: UInt64 = number("SIMULATION_SEEDS") ?? 40

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }
}

/// What remains of a run once it has been held against the truth.
struct Judged: Sendable {
    var seed: UInt64
    var violations: [String]
    var checked: Int
    /// Whether the links lose at random, at 0.1 % or more in the long run, and the loss was called ready.
    var missedLoss: Bool?
    /// Whether a path of which nothing but good could be said was called ready.
    var gaveReady: Bool?

    init(seed: UInt64) throws {
        let run = try CheckedRun(Scenario(seed: seed))
        let found = run.violations()
        self.seed = seed
        violations = found.all
        checked = found.checked
        let truth = run.trueQuality
        let isRandom = run.scenario.links.allSatisfy { ($0.loss?.enterBad ?? 0) == 0 }
        if isRandom, truth.lossInTheLongRun >= 0.001 { missedLoss = run.criterion(.loss)?.grade == .ready }
        if run.isClearlyReady { gaveReady = run.verdict.grade == .ready }
    }

    /// Both processors at most.
    static func all(_ seeds: Range<UInt64>) async throws -> [Judged] {
        try await withThrowingTaskGroup(of: [Judged].self) { group in
            for worker in 0..<2 {
                group.addTask {
                    let own = stride(from: seeds.lowerBound + UInt64(worker), to: seeds.upperBound, by: 2)
                    return try own.map { try Judged(seed: $0) }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted { $0.seed < $1.seed }
        }
    }
}
