import Readiness
import Results
import Units

@testable import CollectorStore
@testable import SampleChecks

/// Documents that cost little to make: facts of a sample, changed, and a few octets of JSON.
enum MadeUp {
    /// 2026-03-01 00:00 UTC.
    static let start = UTCTime(microseconds: 1_772_323_200_000_000)
    static let facts = ResultFacts(SampleDocuments.document(SampleDocuments.everythingWrong))

    static func hours(_ count: Double) -> Nanoseconds { Nanoseconds(Int64(count * 3_600 * 1e9)) }

    static func result(
        _ id: String,
        site: String = "dublin",
        at: UTCTime = start,
        receivedAt: UTCTime? = nil,
        json: [UInt8]? = nil,
        _ change: (inout ResultFacts) -> Void = { _ in }
    ) throws -> IngestedDocument {
        var facts = facts
        facts.startedAt = at
        facts.endedAt = at + .seconds(60)
        change(&facts)
        return try IngestedDocument(
            site: site,
            id: id,
            receivedAt: receivedAt ?? at + .seconds(61),
            claimedAt: at,
            json: json ?? Array("{\"id\":\"\(id)\"}".utf8),
            facts: .result(facts)
        )
    }

    static func assessment(
        _ id: String,
        site: String = "dublin",
        at: UTCTime = start,
        verdict: AssessmentVerdict = .go
    ) throws -> IngestedDocument {
        let facts = AssessmentFacts(
            agent: "box-17",
            version: "0.1.0",
            name: "go-live",
            verdict: verdict,
            isFinal: true,
            from: at - hours(24),
            until: at
        )
        return try IngestedDocument(
            site: site,
            id: id,
            receivedAt: at + .seconds(1),
            claimedAt: at,
            json: Array("{\"id\":\"\(id)\"}".utf8),
            facts: .assessment(facts)
        )
    }

    static func finding(_ code: String, _ severity: String = "at_risk") -> FindingFacts {
        FindingFacts(code: code, severity: Finding.Severity(rawValue: severity), summary: "", remedy: "")
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
