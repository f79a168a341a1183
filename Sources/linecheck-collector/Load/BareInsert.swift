import CollectorStore
import Foundation
import LinuxNet
import Results
import Units

/// What a database does without a collector before it: rows that were made before the clock starts, by one connection, a
/// transaction for each batch.
struct BareInsert {
    var store: SQLStore
    var documents: LoadDocuments
    var results: Int
    var batch: Int
    /// So that no two of them insert the same.
    var name: String

    private static let batchesAtOnce = 40

    /// - Returns: results a second. Batches are made a few at a time, between which the clock stands.
    func rate() async throws -> Double {
        var took = Nanoseconds.zero
        let firsts = Array(stride(from: 0, to: results, by: batch))
        for group in stride(from: 0, to: firsts.count, by: Self.batchesAtOnce) {
            let batches = try firsts[group..<min(group + Self.batchesAtOnce, firsts.count)].map(rows)
            let start = SystemClock().monotonic()
            for batch in batches { try await store.insertBare(batch) }
            took = took + (SystemClock().monotonic() - start)
        }
        return Double(results) / max(took.seconds, 1e-9)
    }

    private func rows(from first: Int) throws -> BareRows {
        let count = min(batch, results - first)
        let site = "\(name) \((first / batch) % 100)"
        return BareRows(try (first..<(first + count)).map { try documents.ingested($0, site: site) })
    }
}

/// The rates of bare inserts around a collector's run.
struct BareRates {
    var before: Double
    var after: Double
    /// With transactions as long as the collector joins at most.
    var joined: Double

    /// The better of both: none is to look slow by chance.
    var best: Double { max(before, after) }
}
