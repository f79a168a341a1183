import Foundation
import Readiness
import Results
import Units

@testable import CollectorStore
@testable import SampleChecks

/// Results as agents send them, of which nothing but the id, the site and the time differs.
struct DriverDocuments: Sendable {
    private let facts: ResultFacts
    /// The document before and after its id.
    private let before: [UInt8]
    private let after: [UInt8]

    init() throws {
        let document = SampleDocuments.document(SampleDocuments.blockedPort)
        facts = ResultFacts(document)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(document)
        guard let id = json.range(of: Data(document.id.utf8)) else { throw StoreError.failed("no id in the sample") }
        before = [UInt8](json[..<id.lowerBound])
        after = [UInt8](json[id.upperBound...])
    }

    var octets: Int { before.count + after.count + 36 }

    func result(_ id: String, site: String, at: UTCTime, receivedAt: UTCTime) throws -> IngestedDocument {
        var facts = facts
        facts.startedAt = at
        facts.endedAt = at + .seconds(60)
        return try IngestedDocument(
            site: site,
            id: id,
            receivedAt: receivedAt,
            claimedAt: at,
            json: before + Array(id.utf8) + after,
            facts: .result(facts)
        )
    }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
