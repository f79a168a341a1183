import Foundation
import Testing

extension EndToEnd.AgentRuns {
    /// A wall clock that is set while the real agent runs: for its process alone, by faketime.
    @Suite(.serialized, .enabled(if: ClockLab.library != nil, "SKIPPED: needs faketime (package faketime)"))
    struct SetClocks {
        @Test("A clock a month ahead for some seconds ends no assessment, misses no slot, and is told of")
        func ahead() async throws {
            let lab = try await EndToEnd.AgentRuns.Lab()
            let clock = try ClockLab(lab)
            // Due neither while the clock is wrong nor for a while after.
            let file = try clock.configuration(site: try lab.soon(in: 40...58))
            let agent = try clock.agent(file)
            try await agent.waitUntilItSays("runs")
            try await Task.sleep(for: .seconds(2))
            try clock.set(ahead: "+30d")
            try await agent.waitUntilItSays("the clock was set forward by 720 h: not followed", within: 15)
            try await Task.sleep(for: .seconds(6))
            let status = try Data(contentsOf: URL(fileURLWithPath: lab.path("state/status.json")))
            #expect(String(decoding: status, as: UTF8.self).contains("\"clock_trouble\":\"the clock was set forward"))
            try clock.set(ahead: "+0")
            try await agent.waitUntilItSays("the clock was put right again", within: 15)
            let ended = try await agent.stop()
            #expect(ended.status == 0)
            #expect(!ended.standardError.contains("missed a check") && !ended.standardError.contains("assessment ends"))
            #expect(!FileManager.default.fileExists(atPath: lab.path("state/assessments/window.json")))
            #expect(!FileManager.default.fileExists(atPath: lab.path("results.jsonl")))
        }

        @Test("Set while the agent was away, it is found by what was kept")
        func whileAway() async throws {
            let lab = try await EndToEnd.AgentRuns.Lab()
            let clock = try ClockLab(lab)
            let file = try clock.configuration(site: try lab.soon(in: 40...58))
            let first = try clock.agent(file)
            try await first.waitUntilItSays("runs")
            first.send(signal: SIGKILL)
            _ = try await first.end(within: 5)
            try clock.set(ahead: "+30d")
            let second = try clock.agent(file)
            try await second.waitUntilItSays("the clock was set forward by 720 h: not followed", within: 15)
            try await Task.sleep(for: .seconds(2))
            let ended = try await second.stop()
            #expect(!ended.standardError.contains("missed a check") && !ended.standardError.contains("assessment ends"))
        }
    }
}

/// A clock for one process, and an assessment that ends in a fortnight.
private struct ClockLab {
    static let library = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
        .map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }
        .first { FileManager.default.fileExists(atPath: $0) }

    private let lab: EndToEnd.AgentRuns.Lab

    init(_ lab: EndToEnd.AgentRuns.Lab) throws {
        self.lab = lab
        try set(ahead: "+0")
    }

    func set(ahead offset: String) throws {
        try (offset + "\n").write(toFile: lab.path("offset"), atomically: true, encoding: .utf8)
    }

    func configuration(site: String) throws -> String {
        let day = Date.ISO8601FormatStyle().year().month().day()
        let (from, until) = (Date(timeIntervalSinceNow: -86_400), Date(timeIntervalSinceNow: 14 * 86_400))
        return try lab.write(
            site: site,
            """
            assessments: [{name: window, from: \(from.formatted(day)), until: \(until.formatted(day)), timezone: UTC}]
            """
        )
    }

    func agent(_ file: String) throws -> Program {
        guard let env = Executables.tool("env"), let library = Self.library else { throw LabFailure("no faketime") }
        let settings = [
            "LD_PRELOAD=\(library)", "FAKETIME_TIMESTAMP_FILE=\(lab.path("offset"))", "FAKETIME_NO_CACHE=1",
            "DONT_FAKE_MONOTONIC=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
        ]
        // The first program under faketime finds its environment moved, and Swift its arguments no more: another `env`.
        return try Program([env] + settings + [env, lab.linecheck, "agent", "--config", file], name: "agent")
    }
}
