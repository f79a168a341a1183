import Foundation
import Testing

extension EndToEnd {
    /// Killed at random moments while it spools and delivers to a collector that fails at random, directly and through
    /// nginx. `CHAOS_ROUNDS` says how often (`make chaos ROUNDS=1000`), `CHAOS_SEED` with which luck.
    @Suite(.enabled(if: DeliveryLab.missing.isEmpty, "SKIPPED: needs \(DeliveryLab.missing)"))
    struct Chaos {
        static func number(_ name: String, _ standard: Int) -> Int {
            ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? standard
        }

        @Test func everyResultThatWasSpooledArrivesExactlyOnce() async throws {
            let (rounds, seed) = (Self.number("CHAOS_ROUNDS", 30), Self.number("CHAOS_SEED", 1))
            let lab = try DeliveryLab()
            let collector = try await FailingCollector(seed: seed, faults: 0.4)
            let server = try await lab.nginx(before: collector.port, clientCertificates: false)
            let urls = [collector.url, server.url]
            let (spool, ledger) = (lab.path("spool"), lab.path("ledger"))
            let common = ["--directory", spool, "--ca-file", lab.path("ca.pem")]
            var generator = SeededGenerator(seed: UInt64(seed))
            for round in 0..<rounds {
                let arguments = ["--url", urls[round % 2], "--count", "1000", "--ledger", ledger, "--seed", "\(round)"]
                let driver = try DeliveryLab.driver(common + arguments)
                try await Task.sleep(for: .milliseconds(Int.random(in: 5...400, using: &generator)))
                driver.send(signal: SIGKILL)
                driver.waitBlocking()
            }
            try collector.fail(share: 0)
            let last = try DeliveryLab.driver(common + ["--url", collector.url, "--drain"])
            let end = try await last.end(within: 90)
            #expect(end.status == 0, "\(end.standardError)")
            #expect(!end.standardError.contains("set aside"))
            try report(collector, ledger: ledger, rounds: rounds)
        }

        private func report(_ collector: FailingCollector, ledger: String, rounds: Int) throws {
            let spooled = try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n").map(String.init)
            let documents = try collector.documents()
            #expect(Set(spooled).count == spooled.count)
            // Killed between the commit and the line in the ledger: at most one document a round.
            #expect(Set(spooled).isSubset(of: documents.ids), "lost: \(Set(spooled).subtracting(documents.ids))")
            #expect(documents.ids.count - spooled.count <= rounds)
            #expect(documents.stored.values.allSatisfy { $0.values.allSatisfy { $0 == 1 } })
            #expect(spooled.count > rounds)
            let repeated = documents.arrivals - documents.ids.count
            print(
                "\(rounds) kills: \(spooled.count) spooled, each arrived once; \(repeated) arrivals were repetitions;"
            )
            print("faults: \(documents.injected.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })")
        }
    }
}
