import Foundation
import Testing

/// Agents that deliver without a pause to collectors that are killed, with or without the database behind them.
///
/// Half of the load is `linecheck-collector load`, which notes what was acknowledged; the other half agents' own spool
/// and push, which note what they spooled and do not end before all of it is delivered.
final class CollectorChaos {
    let labs: [CollectorLab]
    let postgres: PostgresLab?
    private var generator: SeededGenerator
    private let options: [String]
    private let ports: [Int]
    private var load: [Succession] = []
    private var agents: [Succession] = []
    private(set) var kills: [Victim: Int] = [:]
    /// How long it took from the database's return until a collector that had run on was ready, at most.
    private(set) var slowestReturn = 0.0

    enum Victim: String, CaseIterable {
        case collector
        /// All of PostgreSQL.
        case server
        /// One of PostgreSQL's processes.
        case backend
        /// PostgreSQL, and a collector while it is away.
        case both
    }

    static func number(_ name: String, _ standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? standard
    }

    init(collectors: Int, postgres: PostgresLab?, seed: Int) async throws {
        self.postgres = postgres
        generator = SeededGenerator(seed: UInt64(seed))
        labs = try (0..<collectors).map { _ in try CollectorLab(database: postgres?.url) }
        ports = try (0..<collectors).map { _ in try DeliveryLab.freePort() }
        options = ["--config", try labs[0].write("limits: {rate: 10000000}", to: "c.yaml")]
        let tokens = try (0..<8).map { "Site \($0)\t\(try labs[0].require("site", "add", "Site \($0)"))\n" }
        let file = try labs[0].write(tokens.joined(), to: "tokens")
        for (lab, port) in zip(labs, ports) { try await lab.start(options, port: port) }
        let urls = labs.map(\.url)
        let ledger = acknowledged
        load = try urls.map { url in try Succession { _ in try Self.load(url, file, ledger) } }
        agents = try urls.enumerated().map { try agent($0.offset, $0.element) }
    }

    // MARK: - Load

    private var acknowledged: String { labs[0].path("acknowledged") }
    private var spooled: String { labs[0].path("spooled") }

    private static func load(_ url: String, _ tokens: String, _ ledger: String) throws -> Program {
        try Program(
            [
                try Executables.built("linecheck-collector"), "load", "--url", url, "--tokens", tokens, "--rate", "150",
                "--results", "450", "--batch", "10", "--connections", "4", "--acknowledged", ledger,
                "--within", "180s",
            ],
            name: "load"
        )
    }

    private func agent(_ number: Int, _ url: String) throws -> Succession {
        let name = "Agent \(number)"
        let token = try labs[0].write(try labs[0].require("site", "add", name), to: "token-\(number)")
        var fields = try CollectorDocuments.result(site: name)
        fields["id"] = "@id@"
        let json = try JSONSerialization.data(withJSONObject: fields)
        let template = try labs[0].write(String(decoding: json, as: UTF8.self), to: "template-\(number)")
        let spool = labs[0].path("spool-\(number)")
        let ledger = spooled
        return try Succession { generation in
            try DeliveryLab.driver([
                "--directory", spool, "--url", url, "--token-file", token, "--document", template, "--ledger", ledger,
                "--count", "70", "--pause-milliseconds", "60", "--assessment-every", "1000000", "--drain",
                "--seconds", "180", "--seed", "\(number * 1_000 + generation)",
            ])
        }
    }

    // MARK: - Kills

    /// Kills at random moments, most of them with something under way.
    func run(rounds: Int) async throws {
        for round in 0..<rounds {
            if round % 4 > 0 { try await grown() }
            try await pause(upTo: 300)
            let victims: [Victim] = postgres == nil ? [.collector] : [.collector, .collector, .server, .backend, .both]
            let victim = victims.randomElement(using: &generator) ?? .collector
            try await strike(victim)
            kills[victim, default: 0] += 1
            for one in load + agents { try one.tend() }
        }
        for one in load + agents { try await one.finish(within: 180) }
    }

    private func strike(_ victim: Victim) async throws {
        let index = Int.random(in: 0..<labs.count, using: &generator)
        switch victim {
        case .collector: labs[index].kill()
        case .backend: _ = postgres?.killBackend(using: &generator)
        case .server, .both:
            postgres?.kill()
            if victim == .both { labs[index].kill() }
            let other = victim == .both ? labs[(index + 1) % labs.count] : labs[index]
            try await expectAway(other)
            try await pause(upTo: 500)
            try await postgres?.start()
            try await expectBack(other)
        }
        if labs[index].collector == nil { try await revive(index) }
    }

    /// As systemd does: a collector ends where it finds no database as it starts, and is started again.
    private func revive(_ index: Int) async throws {
        let deadline = Date(timeIntervalSinceNow: 60)
        while true {
            do {
                return try await labs[index].start(options, port: ports[index])
            } catch {
                guard Date() < deadline, labs[index].collector?.isRunning != true else { throw error }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func pause(upTo milliseconds: Int) async throws {
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...milliseconds, using: &generator)))
    }

    /// Waits until something more was acknowledged.
    private func grown() async throws {
        let before = size
        for _ in 0..<6_000 where size == before { try await Task.sleep(for: .milliseconds(5)) }
        #expect(size != before, "nothing was acknowledged for 30 s")
    }

    private var size: Int? {
        try? FileManager.default.attributesOfItem(atPath: acknowledged)[.size] as? Int
    }

    /// A collector without its database says so, and when to come again.
    private func expectAway(_ lab: CollectorLab) async throws {
        for _ in 0..<500 {
            let health = try lab.request("/health/ready")
            guard health.status != 200 else { continue }
            #expect(health.status == 503 && health.headers.lowercased().contains("retry-after:"))
            return
        }
        throw LabFailure("a collector did not notice that its database is away")
    }

    /// It goes on by itself once the database is back.
    private func expectBack(_ lab: CollectorLab) async throws {
        let since = Date()
        while try lab.request("/health/ready").status != 200 {
            guard Date().timeIntervalSince(since) < 30 else {
                throw LabFailure("a collector did not notice that its database is back")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        slowestReturn = max(slowestReturn, Date().timeIntervalSince(since))
    }

    // MARK: - What came of it

    /// Every result that was acknowledged or spooled is stored, and nothing is stored twice.
    func expectAllOnce() throws {
        let acknowledged = try Self.lines(self.acknowledged)
        let spooled = try Self.lines(self.spooled)
        let stored = try labs[0].storedIDs()
        let there = Set(stored)
        #expect(there.count == stored.count, "stored twice: \(stored.count - there.count)")
        #expect(acknowledged.isSubset(of: there), "acknowledged and lost: \(acknowledged.subtracting(there).count)")
        #expect(spooled.isSubset(of: there), "spooled and lost: \(spooled.subtracting(there).count)")
        for lab in labs.dropFirst() {
            #expect(try lab.request("/v1/sites").body == (try labs[0].request("/v1/sites").body))
        }
        let counts = Victim.allCases.compactMap { victim in kills[victim].map { "\(victim.rawValue) \($0)" } }
        print("\(kills.values.reduce(0, +)) kills (\(counts.joined(separator: ", "))):")
        print("  \(acknowledged.count) results acknowledged and \(spooled.count) spooled by agents,")
        print("  all of them among \(stored.count) stored once")
        if postgres != nil { print("  ready again within \(String(format: "%.2f", slowestReturn)) s of the database") }
    }

    private static func lines(_ path: String) throws -> Set<String> {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(!lines.isEmpty)
        return Set(lines)
    }
}

/// A program that is started again whenever it has done its work.
private final class Succession {
    private let start: (Int) throws -> Program
    private var program: Program
    private var generation = 0

    init(_ start: @escaping (Int) throws -> Program) throws {
        self.start = start
        program = try start(0)
    }

    func tend() throws {
        guard !program.isRunning else { return }
        expectSuccess(try program.finished())
        generation += 1
        program = try start(generation)
    }

    func finish(within seconds: Double) async throws { expectSuccess(try await program.end(within: seconds)) }

    private func expectSuccess(_ ended: Finished) {
        #expect(ended.status == 0, "\(ended.standardError)\(ended.standardOutput)")
        #expect(!ended.standardError.contains("set aside"), "\(ended.standardError)")
    }
}
