import Foundation
import Results
import Testing

extension EndToEnd.AgentRuns {
    /// Killed after the result was stored and before the agent noted that the check had ended: held at that point by a
    /// pipe that nobody reads in the place of the file that it writes its note to.
    @Test func aCheckWhoseResultIsStoredIsNotCalledMissed() async throws {
        let lab = try await Lab()
        let file = try lab.write(site: try lab.soon(in: 4...9))
        let agent = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
        try await agent.waitUntilItSays("check begins", within: 40)
        // The note that it begins is written by then.
        try await Task.sleep(for: .seconds(1))
        let note = lab.path("state/schedules.json.new")
        #expect(mkfifo(note, 0o600) == 0)
        try await agent.waitUntilItSays("check ends", within: 40)
        try await Task.sleep(for: .milliseconds(300))
        let memory = try String(contentsOfFile: lab.path("state/schedules.json"), encoding: .utf8)
        #expect(memory.contains("\"running\":"))
        agent.send(signal: SIGKILL)
        _ = try await agent.end(within: 5)
        try FileManager.default.removeItem(atPath: note)
        let again = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
        try await again.waitUntilItSays("runs")
        try await Task.sleep(for: .seconds(1))
        #expect(!again.standardError.contains("missed a check") && !again.standardError.contains("check begins"))
        #expect(try lab.status().standardOutput.contains("0 made, 0 missed"))
        _ = try await again.stop()
        #expect(try lab.results().count == 1)
    }
}
