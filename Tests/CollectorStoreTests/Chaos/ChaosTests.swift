import Foundation
import Glibc
import Results
import Testing
import Units

@testable import CollectorStore

/// Killed at random moments while it stores: `STORE_CHAOS_ROUNDS` says how often, `STORE_CHAOS_SEED` with which luck.
@Suite(.serialized) struct ChaosTests {
    private static func number(_ name: String, _ standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? standard
    }

    private let rounds = Self.number("STORE_CHAOS_ROUNDS", 30)
    private let seed = UInt64(Self.number("STORE_CHAOS_SEED", 1))

    @Test func aKilledCollectorLosesNothingThatSQLiteAcknowledged() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (address, ledger) = ("\(folder.path)/collector.sqlite", "\(folder.path)/ledger")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<rounds {
            let driver = try StoreDriverProcess(address: address, ledger: ledger, seed: UInt64(round))
            // Some while they open the database, most while they store.
            if round % 4 > 0 { try await grown(ledger) }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...200, using: &generator)))
            driver.kill()
        }
        try await expectEverythingOnce(address, ledger)
    }

    @Test func aKilledCollectorOrServerLosesNothingThatPostgreSQLAcknowledged() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let server = try PostgresServer.start(["fsync = on"])
        defer { server.stop() }
        let (address, ledger) = (try server.freshDatabase(), "\(folder.path)/ledger")
        var generator = SeededGenerator(seed: seed)
        // Two collectors share the database, and one of them goes on when the other is killed.
        var drivers = try (0..<2).map { try StoreDriverProcess(address: address, ledger: ledger, seed: UInt64($0)) }
        for round in 0..<rounds {
            // Some while they connect, most while they store.
            if round % 4 > 0 { try await grown(ledger) }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...300, using: &generator)))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                kill(try #require(server.postmaster), SIGKILL)
                try server.startAgain()
            case 1:
                // The server ends every connection and recovers, as it must not trust what the killed one shared.
                if let backend = try? aBackend(address) { kill(backend, SIGKILL) }
            default:
                drivers.removeFirst().kill()
                drivers.append(try StoreDriverProcess(address: address, ledger: ledger, seed: UInt64(round + 2)))
            }
        }
        try await Task.sleep(for: .milliseconds(300))
        for driver in drivers { driver.kill() }
        try server.waitUntilReady()
        try await expectEverythingOnce(address, ledger)
    }

    /// Waits until something is added to the ledger.
    private func grown(_ ledger: String) async throws {
        func size() -> Int? { try? FileManager.default.attributesOfItem(atPath: ledger)[.size] as? Int }
        let before = size()
        for _ in 0..<3_000 where size() == before { try await Task.sleep(for: .milliseconds(10)) }
    }

    private func aBackend(_ address: String) throws -> pid_t? {
        let answer = try PostgresConnection(url: address).execute(
            """
            SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            ORDER BY random() LIMIT 1
            """,
            []
        )
        guard let octets = answer.rows.first?.first, case .integer(let pid) = try PostgresBinary.value(octets, type: 23)
        else { return nil }
        return pid_t(pid)
    }

    /// What was acknowledged is there, once, and everything that is worked out from results counts each once.
    private func expectEverythingOnce(_ address: String, _ ledger: String) async throws {
        let acknowledged = try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(acknowledged.count > rounds)
        #expect(Set(acknowledged).count == acknowledged.count)
        let store = try await SQLStore.open(address)
        var rows: [ResultRow] = []
        for try await page in store.export(ResultQuery()) { rows += page }
        let stored = rows.map { "\($0.site) \($0.id)" }
        let there = Set(stored)
        #expect(there.count == stored.count)
        let lost = Set(acknowledged).subtracting(there)
        #expect(lost.isEmpty)
        #expect(rows.allSatisfy { !$0.figures.isEmpty })
        try await expectDerived(store, rows)
        await store.close()
        print("\(rounds) kills: \(acknowledged.count) acknowledged, all of them among \(rows.count) stored once")
    }

    private func expectDerived(_ store: SQLStore, _ rows: [ResultRow]) async throws {
        let documents = try await store.database.read {
            try $0.query("SELECT count(*) FROM document").first?.integer(0)
        }
        #expect(documents == Int64(rows.count))
        let now = MadeUp.start + .seconds(2_000_000)
        let policy = KeepingPolicy(raw: .seconds(20_000 * 86_400))
        for isMaintained in [false, true] {
            if isMaintained { while try await store.maintain(now: now, policy: policy).hasMore {} }
            for (site, results) in Dictionary(grouping: rows, by: \.site) {
                let query = HistoryQuery(site: site, from: MadeUp.start, until: now, resolution: .day)
                let checks = try await store.gradeHistory(query).reduce(0) { $0 + $1.checks }
                #expect(checks == results.count)
                let latest = results.max { ($0.at, $0.id) < ($1.at, $1.id) }
                let row = try await store.standing(of: site, now: now, silentAfter: .seconds(1))
                #expect(row?.latest?.id == latest?.id)
            }
        }
    }
}

/// The program that is killed.
struct StoreDriverProcess {
    private let process = Process()

    init(address: String, ledger: String, seed: UInt64) throws {
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let places = [beside, folder].map { $0.appendingPathComponent("store-driver") }
        let built: URL = try #require(places.first { FileManager.default.isExecutableFile(atPath: $0.path) })
        process.executableURL = built
        // Long enough for a busy machine: it has to be killed, not to end.
        process.arguments = ["feed", "--address", address, "--ledger", ledger, "--seed", "\(seed)", "--seconds", "900"]
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        // Killed, and not ended by itself for some mistake.
        #expect(process.terminationReason == .uncaughtSignal)
    }
}
