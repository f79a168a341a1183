import Deflate
import Foundation
import GRDB
import Results
import Units

/// A document as the spool holds it: compressed.
struct StoredDocument {
    var id: String
    var kind: DocumentKind
    var completedAt: WallInstant
    /// The length of the JSON text.
    var octets: Int
    /// In zlib's format.
    var body: [UInt8]
    /// Of a result that is not in the file yet.
    var slot: RunningSlot?

    init(_ document: SpooledDocument) {
        id = document.id
        kind = document.kind
        completedAt = document.completedAt
        octets = document.json.count
        slot = document.slot
        body = Compression.zlib(document.json)
    }

    /// Nil where a row holds what no version of this program writes.
    init?(_ row: Row) {
        guard let kind = DocumentKind(rawValue: row["kind"]) else { return nil }
        id = row["id"]
        self.kind = kind
        completedAt = WallInstant(nanosecondsSinceUnixEpoch: row["completed_at"])
        octets = row["octets"]
        body = [UInt8](row["body"] as Data)
    }

    /// Nil when the body is damaged.
    var document: SpooledDocument? {
        Compression.inflate(body, count: octets).map {
            SpooledDocument(id: id, kind: kind, completedAt: completedAt, json: $0)
        }
    }

    /// A body of so few octets is not worth looking into for packets: a result without any takes about 3,000.
    static let hardlyHasPackets = 6_000

    /// The same result without the packets of its incidents; nil where it has none, or is none.
    var withoutPackets: StoredDocument? {
        guard let document, let result = try? ResultDocument.decode(Data(document.json)),
            let lighter = result.withoutPackets, let spooled = try? SpooledDocument(lighter)
        else { return nil }
        return StoredDocument(spooled)
    }

    /// Takes the place of what is there under its id.
    func replace(_ database: Database) throws {
        try database.execute(
            sql: "UPDATE document SET octets = ?, body = ? WHERE id = ?",
            arguments: [octets, Data(body), id]
        )
    }

    /// Does nothing where a document of this id is there, pending or set aside.
    func insert(_ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO document (id, kind, completed_at, octets, body) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """,
            arguments: [id, kind.rawValue, completedAt.nanosecondsSinceUnixEpoch, octets, Data(body)]
        )
        if let slot { try SpoolTables.fill(slot, database) }
    }
}
