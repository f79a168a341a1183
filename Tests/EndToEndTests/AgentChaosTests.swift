import Foundation
import Testing

extension EndToEnd.Chaos {
    /// The agent itself, which makes real checks one after the other against a real reflector, killed at random moments
    /// while it checks, spools and delivers: every check that ended arrives exactly once, and every one that began has
    /// arrived or is told as missed, never both.
    ///
    /// That a check ended is known from outside: by the agent's lines and by the file that it writes results to.
    @Test func everyCheckThatEndedArrivesExactlyOnce() async throws {
        let rounds = Self.number("CHAOS_AGENT_ROUNDS", Self.number("CHAOS_ROUNDS", 8))
        let seed = Self.number("CHAOS_SEED", 1)
        let lab = try await AgentChaosLab(seed: seed)
        var generator = SeededGenerator(seed: UInt64(seed))
        let started = Date()
        var told = Told()
        for _ in 0..<rounds {
            let agent = try lab.agent()
            try await Task.sleep(for: .milliseconds(Int.random(in: 20...6_000, using: &generator)))
            agent.send(signal: SIGKILL)
            agent.waitBlocking()
            told.read(agent.standardError)
        }
        try await lab.drain(&told)
        try lab.judge(told, rounds: rounds)
        print("\(rounds) kills in \(Int(-started.timeIntervalSinceNow)) s: \(told)")
    }
}

/// What the agents said, line by line.
private struct Told: CustomStringConvertible {
    var begun = 0
    var ended: Set<String> = []
    /// Schedule and slot of checks that were cut.
    var cut: Set<String> = []
    var failures: [String] = []

    mutating func read(_ text: String) {
        for line in text.split(separator: "\n") {
            if line.contains("check begins") { begun += 1 }
            if line.contains("check ends"), let id = Self.field("id", line) { ended.insert(id) }
            if line.contains("the agent ended while this check ran"), let schedule = Self.field("schedule", line),
                let slot = Self.field("slot", line)
            {
                cut.insert("\(schedule) \(slot)")
            }
            if line.contains("check failed") || line.contains("cannot be") { failures.append(String(line)) }
        }
    }

    private static func field(_ name: String, _ line: Substring) -> String? {
        guard let start = line.range(of: " \(name)=")?.upperBound else { return nil }
        let value = line[start...].prefix { !$0.isWhitespace }
        return value.trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
    }

    var description: String {
        "\(begun) checks began, \(ended.count) ended, \(cut.count) were cut and told as missed"
    }
}

/// An agent with a schedule for every two seconds of a minute, a reflector and a collector that fails.
private final class AgentChaosLab {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-chaos-\(UUID())")
    private let linecheck: String
    private let reflector: Program
    private let collector: FailingCollector

    init(seed: Int) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        linecheck = try Executables.built("linecheck")
        collector = try await FailingCollector(seed: seed, faults: 0.4)
        let port = Int.random(in: 20_000..<30_000)
        reflector = try Program(
            [linecheck, "reflect", "--listen", "127.0.0.1", "--ports", "\(port)", "--clock-error", "10us"],
            name: "reflector"
        )
        try await reflector.waitUntilItSays("listening on")
        let often = (0..<30).map { "{name: c\($0), every: 60s, duration: 1s, timezone: UTC}" }
        try write("often", often.joined(separator: ", "), port)
        try write("never", "{name: never, at: [\"00:00\"], days: \(Self.farDay), timezone: UTC}", port)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A weekday that is neither today nor tomorrow.
    private static var farDay: String {
        let today = Int(Date().timeIntervalSince1970 / 86_400) % 7
        return ["thu", "fri", "sat", "sun", "mon", "tue", "wed"][(today + 3) % 7]
    }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func write(_ name: String, _ schedules: String, _ port: Int) throws {
        let yaml = """
            site: chaos
            endpoints: ["127.0.0.1:\(port)"]
            probe: {clock_error: 10us}
            spool: {directory: \(path("state"))}
            sinks: [{file: \(path("results.jsonl"))}]
            collector: {url: "\(collector.url)", batch: 7, timeout: 2s}
            schedules: [\(schedules)]
            """
        try yaml.write(toFile: path("\(name).yaml"), atomically: true, encoding: .utf8)
    }

    func agent(_ name: String = "often") throws -> Program {
        try Program([linecheck, "agent", "--config", path("\(name).yaml")], name: "agent")
    }

    /// Delivers what is left to a collector that is well again.
    func drain(_ told: inout Told) async throws {
        try collector.fail(share: 0)
        // The word of the last one that was killed.
        try? FileManager.default.removeItem(atPath: path("state/status.json"))
        let agent = try agent("never")
        defer { agent.send(signal: SIGKILL) }
        try await agent.waitUntilItSays("] runs")
        for _ in 0..<900 {
            if try pending() == 0 { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        let ended = try await agent.stop()
        told.read(ended.standardError)
        #expect(ended.status == 0 && !ended.standardError.contains("set aside"), "\(ended)")
    }

    private func pending() throws -> Int? {
        struct Status: Decodable {
            struct Delivery: Decodable { var pending: Int }
            var delivery: Delivery?
        }
        guard let data = FileManager.default.contents(atPath: path("state/status.json")) else { return nil }
        return try JSONDecoder().decode(Status.self, from: data).delivery?.pending
    }

    func judge(_ told: Told, rounds: Int) throws {
        let arrived = try collector.documents()
        #expect(told.ended.isSubset(of: arrived.ids), "lost: \(told.ended.subtracting(arrived.ids))")
        let written = try written()
        #expect(Set(written).count == written.count)
        #expect(Set(written).isSubset(of: arrived.ids), "lost: \(Set(written).subtracting(arrived.ids))")
        #expect(arrived.stored.values.allSatisfy { $0.values.allSatisfy { $0 == 1 } })
        // Killed between the spool and the file, or the line: at most one a round.
        #expect(arrived.ids.count - written.count <= rounds && arrived.ids.count - told.ended.count <= rounds)
        let slots = Array(arrived.slots.values)
        #expect(slots.count == arrived.ids.count && Set(slots).count == slots.count, "a slot was checked twice")
        let both = told.cut.intersection(slots)
        #expect(both.isEmpty, "arrived, and told as missed: \(both)")
        #expect(told.failures.isEmpty, "\(told.failures.prefix(3))")
        // Killed between the note that it begins and the line that says so: at most one a round.
        let known = slots.count + told.cut.count
        #expect((told.begun...told.begun + rounds).contains(known), "\(told.begun) began, \(known) are known")
        let faults = arrived.injected.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        print("\(arrived.ids.count) results arrived, in \(arrived.arrivals) arrivals; faults: \(faults)")
    }

    /// The identifiers of the whole lines of the file.
    private func written() throws -> [String] {
        struct Named: Decodable { var id: String }
        let text = (try? String(contentsOfFile: path("results.jsonl"), encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").compactMap { line in
            line.hasSuffix("}") ? try JSONDecoder().decode(Named.self, from: Data(line.utf8)).id : nil
        }
    }
}
