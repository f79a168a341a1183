import CollectorStore
import Ingest

/// What became of each document of a batch.
struct IngestAnswer: Encodable {
    struct Item: Encodable {
        /// As the document says it; empty where it says none.
        var id: String
        var status: String
        var reason: String?
    }

    /// In the order of the batch; under this name for both kinds.
    var results: [Item]
}

/// How a document fared, for counting.
enum IngestOutcome: Hashable, Sendable {
    case lot(DocumentLot)
    case refused(DeliveryRefusal.Cause)

    var label: String {
        switch self {
        case .lot(let lot): lot.rawValue
        case .refused(let cause): "refused_\(cause.rawValue)"
        }
    }

    static let all = DocumentLot.allCases.map(Self.lot) + DeliveryRefusal.Cause.allCases.map(Self.refused)
}
