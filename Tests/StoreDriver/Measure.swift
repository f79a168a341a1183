import ArgumentParser
import Foundation
import Results
import Units

@testable import CollectorStore

/// Prints how fast a store takes results and tells the fleet, each beside the bare work of the same database in the same
/// run.
struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Measure a store beside its bare database.")

    @Argument(help: "Addresses of empty databases: for each round two, and one for the fleet.")
    var addresses: [String]
    @Option(help: "Results stored in a round.")
    var results = 10_000
    @Option(help: "Sites that they come from.")
    var sites = 1_000
    @Option(help: "Results in a batch.")
    var batch = 250
    @Option(help: "Tasks that store at once.")
    var tasks = 4
    @Option(help: "Sites of the fleet.")
    var fleet = 10_000

    private static let start = UTCTime(microseconds: 1_772_323_200_000_000)

    func run() async throws {
        let documents = try DriverDocuments()
        print("\(results) results of \(documents.octets) octets, \(sites) sites, batches of \(batch), \(tasks) at once")
        var ratios: [Double] = []
        for round in 0..<(addresses.count - 1) / 2 {
            let batches = try batches(documents, round: round)
            let bare = try await timed { try await insert(batches, into: addresses[2 * round]) }
            let stored = try await timed { try await store(batches, in: addresses[2 * round + 1]) }
            ratios.append(bare / stored)
            print(
                "bare insert \(rate(bare))/s, store \(rate(stored))/s, ratio \(rounded(bare / stored))"
            )
        }
        print("ratio of store to bare insert, median: \(rounded(ratios.sorted()[ratios.count / 2]))")
        try await measureFleet(documents, addresses[addresses.count - 1])
    }

    private func rate(_ seconds: Double) -> Int { Int(Double(results) / seconds) }
    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    private func timed(_ work: () async throws -> Duration) async throws -> Double {
        let duration = try await work()
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private func batches(_ documents: DriverDocuments, round: Int) throws -> [[IngestedDocument]] {
        try stride(from: 0, to: results, by: batch).map { first in
            try (first..<min(first + batch, results)).map { number in
                let at = Self.start + .seconds(Int64(number / sites) * 900 + Int64(number % sites) % 900)
                return try documents.result(
                    UUID().uuidString.lowercased(),
                    site: "site-\(number % sites)",
                    at: at,
                    receivedAt: at + .seconds(61)
                )
            }
        }
    }

    /// The same rows, made beforehand, a batch a transaction, and nothing else.
    private func insert(_ batches: [[IngestedDocument]], into address: String) async throws -> Duration {
        let store = try await SQLStore.open(address)
        let rows = batches.map { $0.map(DocumentRows.init) }
        let duration = try await ContinuousClock().measure {
            for rows in rows {
                try await store.database.write { session in
                    try session.insert(into: Tables.document, rows.map(\.document))
                    try session.insert(into: Tables.result, rows.compactMap(\.result))
                    try session.insert(into: Tables.figure, rows.flatMap(\.figures))
                    try session.insert(into: Tables.finding, rows.flatMap(\.findings))
                }
            }
        }
        await store.close()
        return duration
    }

    private func store(_ batches: [[IngestedDocument]], in address: String) async throws -> Duration {
        let store = try await SQLStore.open(address)
        let duration = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<tasks {
                    group.addTask {
                        for index in stride(from: task, to: batches.count, by: tasks) {
                            _ = try await store.store(batches[index])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        await store.close()
        return duration
    }

    private func measureFleet(_ documents: DriverDocuments, _ address: String) async throws {
        let store = try await SQLStore.open(address)
        for first in stride(from: 0, to: fleet, by: 500) {
            _ = try await store.store(
                (first..<min(first + 500, fleet)).map { number in
                    try documents.result(
                        "seed-\(number)",
                        site: "site-\(number)",
                        at: Self.start + .seconds(Int64(number % 900)),
                        receivedAt: Self.start + .seconds(1_000)
                    )
                }
            )
        }
        let bare = try await milliseconds(50) {
            _ = try await store.database.read {
                try $0.query("SELECT \(SiteStates.columns) FROM site WHERE revoked_at IS NULL").count
            }
        }
        let query = FleetQuery(now: Self.start + .seconds(1_100), silentAfter: .seconds(3_600))
        let idle = try await milliseconds(50) { _ = try await store.fleet(query) }
        print(
            "fleet of \(fleet): \(told(idle)); all rows read bare: \(told(bare)); ratio \(rounded(idle[25] / bare[25]))"
        )
        let load = Task { try await keepStoring(store, documents) }
        let busy = try await milliseconds(50, apart: .milliseconds(20)) { _ = try await store.fleet(query) }
        load.cancel()
        let stored = try await load.value
        print("the same while storing 1,000 results/s (\(stored) stored): \(told(busy))")
        await store.close()
    }

    /// Ten batches of 100 a second.
    private func keepStoring(_ store: SQLStore, _ documents: DriverDocuments) async throws -> Int {
        var stored = 0
        let clock = ContinuousClock()
        var next = clock.now
        while !Task.isCancelled {
            let batch = try (0..<100).map { number in
                try documents.result(
                    UUID().uuidString.lowercased(),
                    site: "site-\((stored + number) % fleet)",
                    at: Self.start + .seconds(1_000),
                    receivedAt: Self.start + .seconds(1_050)
                )
            }
            stored += try await store.store(batch).count
            next += .milliseconds(100)
            try? await clock.sleep(until: next)
        }
        return stored
    }

    /// How long each of so many took, sorted.
    private func milliseconds(
        _ count: Int,
        apart pause: Duration = .zero,
        _ work: () async throws -> Void
    ) async throws -> [Double] {
        var times: [Double] = []
        for _ in 0..<count {
            times.append(try await timed { try await ContinuousClock().measure { try await work() } } * 1_000)
            try await Task.sleep(for: pause)
        }
        return times.sorted()
    }

    private func told(_ sorted: [Double]) -> String {
        "median \(rounded(sorted[sorted.count / 2])) ms, p95 \(rounded(sorted[sorted.count * 95 / 100])) ms"
    }
}
