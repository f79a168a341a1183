import Foundation

/// What a collector answers to a batch.
struct CollectorLots: Decodable {
    struct Lot: Decodable {
        var id: String
        var status: String
        var reason: String?
    }

    var results: [Lot]

    init(_ answer: CollectorLab.Answer) throws {
        guard answer.status == 200 else { throw LabFailure("HTTP \(answer.status): \(answer.body)") }
        self = try JSONDecoder().decode(Self.self, from: Data(answer.body.utf8))
    }
}
