/// Puts batches that come at the same time into one transaction: one wait for the disk serves them all.
actor IngestQueue {
    /// So many documents end up in one transaction, unless one batch has more.
    static let most = 500

    struct Batch {
        var documents: [DocumentRows]
        var answer: CheckedContinuation<[DocumentLot], any Error>
    }

    private let database: any SQLDatabase
    private(set) var waiting: [Batch] = []
    private var lanes = 0

    init(_ database: any SQLDatabase) { self.database = database }

    func store(_ documents: [DocumentRows]) async throws -> [DocumentLot] {
        try await withCheckedThrowingContinuation { answer in
            waiting.append(Batch(documents: documents, answer: answer))
            guard lanes < database.writers else { return }
            lanes += 1
            Task { await self.work() }
        }
    }

    private func work() async {
        while !waiting.isEmpty { await write(take()) }
        lanes -= 1
    }

    private func take() -> [Batch] {
        var count = 0
        var documents = 0
        while count < waiting.count, count == 0 || documents + waiting[count].documents.count <= Self.most {
            documents += waiting[count].documents.count
            count += 1
        }
        let taken = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        return taken
    }

    private func write(_ batches: [Batch]) async {
        let all = batches.flatMap(\.documents)
        do {
            let lots = try await database.write { try Ingest.store(all, $0) }
            var rest = lots[...]
            for batch in batches {
                batch.answer.resume(returning: Array(rest.prefix(batch.documents.count)))
                rest = rest.dropFirst(batch.documents.count)
            }
        } catch StoreError.failed where batches.count > 1 {
            // Nobody's batch fails for another's fault.
            for batch in batches { await write([batch]) }
        } catch {
            for batch in batches { batch.answer.resume(throwing: error) }
        }
    }
}
