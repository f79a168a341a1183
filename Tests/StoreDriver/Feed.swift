import ArgumentParser
import Foundation
import Results
import Units

@testable import CollectorStore

/// Stores from several tasks at once, maintains meanwhile, and notes every document that was acknowledged.
struct Feed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Store until killed.")

    @Option var address: String
    @Option(help: "Where the site and id of every acknowledged document are written, after it was.")
    var ledger: String
    @Option var seed: UInt64 = 1
    @Option var tasks = 4
    @Option(help: "End after so long.")
    var seconds: Double = 60

    func run() async throws {
        let file = open(ledger, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        guard file >= 0 else { throw ValidationError("\(ledger): \(String(cString: strerror(errno)))") }
        let documents = try DriverDocuments()
        let store = try await opened()
        let end = Date(timeIntervalSinceNow: seconds)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask { try await feed(store, documents, task: task, file: file, until: end) }
            }
            group.addTask { await maintain(store, until: end) }
            try await group.waitForAll()
        }
        await store.close()
    }

    /// A server that was killed takes a while to come back.
    private func opened() async throws -> SQLStore {
        while true {
            do {
                return try await SQLStore.open(address)
            } catch StoreError.unavailable {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func feed(
        _ store: SQLStore,
        _ documents: DriverDocuments,
        task: Int,
        file: Int32,
        until end: Date
    ) async throws {
        var generator = SeededGenerator(seed: seed &* 1_000 &+ UInt64(task))
        var number = 0
        var earlier: [IngestedDocument] = []
        while Date() < end {
            var batch: [IngestedDocument] = []
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                number += 1
                let at = Self.start + .seconds(Int64.random(in: 0...864_000, using: &generator))
                let site = "s\(Int.random(in: 0..<20, using: &generator))"
                batch.append(
                    try documents.result("\(seed)-\(task)-\(number)", site: site, at: at, receivedAt: at + .seconds(61))
                )
            }
            // An answer that was lost has the batch sent again.
            let again = earlier.filter { _ in Int.random(in: 0..<8, using: &generator) == 0 }
            await acknowledged(batch + again, store)
            let lines = batch.map { "\($0.site) \($0.id)\n" }.joined()
            _ = lines.withCString { write(file, $0, strlen($0)) }
            earlier = batch
        }
    }

    static let start = UTCTime(microseconds: 1_772_323_200_000_000)

    private func acknowledged(_ batch: [IngestedDocument], _ store: SQLStore) async {
        while true {
            do {
                _ = try await store.store(batch)
                return
            } catch StoreError.unavailable {
                try? await Task.sleep(for: .milliseconds(20))
            } catch {
                // Told by the ledger that stays empty, too.
                FileHandle.standardError.write(Data("\(error)\n".utf8))
                Foundation.exit(1)
            }
        }
    }

    private func maintain(_ store: SQLStore, until end: Date) async {
        let policy = KeepingPolicy(raw: .seconds(20_000 * 86_400), hoursPerCall: 100)
        while Date() < end {
            _ = try? await store.maintain(now: Self.start + .seconds(900_000), policy: policy)
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
