import Foundation
import Results
import Testing
import Units

extension EndToEnd.AgentRuns {
    /// Checks without an end under an agent that is told of changes, and whose processes stall and die.
    @Suite(.serialized) struct Endless {
        @Test("A reload leaves an unchanged check alone, and lets one that changed begin after the old one has ended")
        func reload() async throws {
            let lab = try await EndlessLab()
            let agent = try lab.agent()
            try await lab.wait { $0.count >= 2 }
            let child = try #require(try lab.children(of: agent).first)
            agent.send(signal: SIGHUP)
            try await agent.waitUntilItSays("nothing changed")
            let before = try lab.results().count
            try await lab.wait { $0.count > before }
            #expect(try lab.children(of: agent) == [child])

            try lab.write(probe: "payload: 120")
            agent.send(signal: SIGHUP)
            try await agent.waitUntilItSays("configuration read anew: ")
            var most = 0
            for _ in 0..<2_000 {
                most = max(most, try lab.children(of: agent).count)
                if try Set(lab.results().map(\.continuous?.run)).count == 2 { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(most == 1, "the old one and the new one measured at once")
            try await lab.wait { $0.last?.streams.first?.payloadBytes == 120 }
            let results = try lab.results()
            let runs = Dictionary(grouping: results, by: \.continuous?.run)
            #expect(runs.count == 2)
            let old = try #require(results.last { $0.streams.first?.payloadBytes != 120 })
            let new = try #require(results.first { $0.streams.first?.payloadBytes == 120 })
            let gap = new.startedAt.instant - old.endedAt.instant
            #expect(gap > .zero && gap < .seconds(15))
            print("between the last packet of the old check and the first of the new one: \(gap.text)")
            let ended = try await agent.stop(within: 10)
            #expect(ended.status == 0 && !ended.standardError.contains("missed"))
        }

        @Test("Minutes that a stalled or a dead process cost are told as missed, each once and with its reason")
        func stalled() async throws {
            let lab = try await EndlessLab()
            let agent = try lab.agent()
            try await lab.wait { $0.count >= 2 }
            // Dead for longer than a piece lasts: it is begun again later each time.
            for _ in 0..<3 {
                let child = try await lab.child(of: agent)
                kill(child, SIGKILL)
                while try lab.children(of: agent).contains(child) { try await Task.sleep(for: .milliseconds(20)) }
            }
            let run = try #require(try lab.results().last?.continuous?.run)
            try await lab.wait { ($0.last?.continuous?.run).map { $0 != run } ?? false }
            let second = try #require(try lab.results().last?.continuous?.run)
            let stopped = try await lab.child(of: agent)
            kill(stopped, SIGSTOP)
            try await agent.waitUntilItSays("it gave no result for 70 s, was killed, and begins anew", within: 90)
            try await lab.wait { ($0.last?.continuous?.run).map { $0 != second } ?? false }
            // Until those that the last death cost are due.
            try await Task.sleep(for: .seconds(12))
            let ended = try await agent.stop(within: 10)
            #expect(ended.status == 0)
            try lab.judge(missed: Missed.all(ended.standardError), said: ended.standardError)
        }
    }
}

/// What an agent told as missed.
private struct Missed: Hashable {
    var slot: UTCTime
    var reason: String

    static func all(_ text: String) throws -> [Missed] {
        try text.split(separator: "\n").compactMap { line -> Missed? in
            guard let words = line.range(of: "missed a check: "), let field = line.range(of: "slot=")
            else { return nil }
            let reason = line[words.upperBound...].prefix { $0 != "[" && $0 != "=" }
            let time = line[field.upperBound...].prefix { !$0.isWhitespace && $0 != "]" }
            guard let slot = UTCTime(time.trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))) else {
                throw LabFailure("no time: \(line)")
            }
            return Missed(slot: slot, reason: String(reason))
        }
    }
}

private final class EndlessLab {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-end-\(UUID())")
    private let linecheck: String
    private let reflector: Program
    private let port = Int.random(in: 20_000..<30_000)
    private static let piece = Nanoseconds.seconds(5)

    init() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        linecheck = try Executables.built("linecheck")
        reflector = try Program([linecheck, "reflect", "--listen", "127.0.0.1", "--ports", "\(port)"], name: "r")
        try await reflector.waitUntilItSays("listening on")
        try write(probe: "clock_error: 10us")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func write(probe: String) throws {
        let yaml = """
            site: on
            endpoints: ["127.0.0.1:\(port)"]
            probe: {\(probe)}
            spool: {directory: \(path("state"))}
            sinks: [{file: \(path("results.jsonl"))}]
            schedules: [{name: always, continuous: true, duration: 5s}]
            """
        try yaml.write(toFile: path("linecheck.yaml"), atomically: true, encoding: .utf8)
    }

    func agent() throws -> Program {
        try Program([linecheck, "agent", "--config", path("linecheck.yaml")], name: "agent")
    }

    func results() throws -> [ResultDocument] {
        let text = (try? String(contentsOfFile: path("results.jsonl"), encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").map { try ResultDocument.decode(Data($0.utf8)) }
    }

    func wait(_ holds: ([ResultDocument]) -> Bool) async throws {
        for _ in 0..<900 {
            if holds(try results()) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw LabFailure("the results did not come: \(try results().count)")
    }

    func children(of program: Program) throws -> [pid_t] {
        let path = "/proc/\(program.processIdentifier)/task/\(program.processIdentifier)/children"
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: " ").compactMap { pid_t($0) }
    }

    func child(of program: Program) async throws -> pid_t {
        for _ in 0..<1_500 {
            if let child = try children(of: program).first { return child }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw LabFailure("no check runs")
    }

    /// Of each piece between the first result and the last, half or more was measured, or it was told as missed: none
    /// goes without a word.
    func judge(missed: [Missed], said: String) throws {
        let results = try results()
        let slots = missed.map(\.slot.instant)
        #expect(Set(slots).count == slots.count)
        let first = try #require(results.first).startedAt.instant
        let last = try #require(missed.last).slot.instant
        let length = Self.piece.count
        var slot = WallInstant(
            nanosecondsSinceUnixEpoch: (first.nanosecondsSinceUnixEpoch / length + 1) * length
        )
        while slot <= last {
            let end = slot + Self.piece
            let measured = results.reduce(Nanoseconds.zero) { sum, result in
                sum + max(.zero, min(result.endedAt.instant, end) - max(result.startedAt.instant, slot))
            }
            let isMeasured = measured * 2 >= Self.piece
            #expect(isMeasured || slots.contains(slot), "\(slot): \(measured.text) were measured; \(said)")
            slot = slot + Self.piece
        }
        let died = missed.filter { $0.reason.hasPrefix("the check that never ends had ended") }
        let silent = missed.filter { $0.reason.hasPrefix("the check that never ends gave no result") }
        #expect(died.count >= 1 && silent.count >= 12 && died.count + silent.count == missed.count, "\(missed)")
        // The dead came before the stalled.
        #expect(try #require(died.map(\.slot).max()) < #require(silent.map(\.slot).min()))
    }
}
