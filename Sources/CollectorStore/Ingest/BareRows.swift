/// A batch as the rows of its documents, made and compressed beforehand: for measuring a store beside what its database
/// can do.
package struct BareRows: Sendable {
    private let documents: [DocumentRows]

    package init(_ documents: [IngestedDocument]) { self.documents = documents.map(DocumentRows.init) }

    package var count: Int { documents.count }

    fileprivate func insert(_ session: any SQLSession) throws {
        try session.insert(into: Tables.document, documents.map(\.document))
        try session.insert(into: Tables.result, documents.compactMap(\.result))
        try session.insert(into: Tables.figure, documents.flatMap(\.figures))
        try session.insert(into: Tables.finding, documents.flatMap(\.findings))
        try session.insert(into: Tables.assessment, documents.compactMap(\.assessment))
    }
}

extension SQLStore {
    /// Inserts a batch with one transaction, as durable as any other, and does nothing else: no site's row, no mark for
    /// roll-ups, no answer for each document. What is inserted so is not part of the fleet.
    package func insertBare(_ rows: BareRows) async throws {
        try await database.write { try rows.insert($0) }
    }
}
