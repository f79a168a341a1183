import Results
import Units

/// What became of a document that was given to a store. It is durable in both cases.
public enum DocumentLot: String, Hashable, Sendable, CaseIterable {
    case stored
    /// Its site had sent a document with this id before.
    case duplicate
}

/// What a site can send.
public enum DocumentKind: String, Hashable, Sendable, CaseIterable {
    case result
    /// The final verdict of an assessment.
    case assessment
}

/// A document on its way into a store: as it came, with what the store needs to find in it.
public struct IngestedDocument: Hashable, Sendable {
    public enum Facts: Hashable, Sendable {
        case result(ResultFacts)
        case assessment(AssessmentFacts)
    }

    /// The site that was authorised to send it, whatever the document says.
    public let site: String
    public let id: String
    public let receivedAt: UTCTime
    /// What it counts under in time: when its check began or its assessment ended, unless the site's clock cannot have
    /// been right.
    public let at: UTCTime
    /// One JSON object in UTF-8, with whatever a later version has put into it.
    public let json: [UInt8]
    public let facts: Facts

    public var kind: DocumentKind {
        switch facts {
        case .result: .result
        case .assessment: .assessment
        }
    }

    /// - Parameters:
    ///   - json: what `document` was read from.
    ///   - site: whom the sender may write for.
    /// - Throws: ``DocumentRefusal``.
    public init(
        _ document: ResultDocument,
        json: [UInt8],
        site: String,
        receivedAt: UTCTime
    ) throws(DocumentRefusal) {
        try self.init(
            site: site,
            id: document.id,
            receivedAt: receivedAt,
            claimedAt: document.startedAt,
            json: json,
            facts: .result(ResultFacts(document))
        )
    }

    /// - Throws: ``DocumentRefusal``.
    public init(
        _ document: AssessmentDocument,
        json: [UInt8],
        site: String,
        receivedAt: UTCTime
    ) throws(DocumentRefusal) {
        try self.init(
            site: site,
            id: document.id,
            receivedAt: receivedAt,
            claimedAt: document.countedUntil,
            json: json,
            facts: .assessment(AssessmentFacts(document))
        )
    }

    init(
        site: String,
        id: String,
        receivedAt: UTCTime,
        claimedAt: UTCTime,
        json: [UInt8],
        facts: Facts
    ) throws(DocumentRefusal) {
        try NameRules.check(site: site)
        try NameRules.check(id: id)
        guard json.count <= Self.longest else { throw .tooLong(octets: json.count, limit: Self.longest) }
        self.site = site
        self.id = id
        self.receivedAt = receivedAt
        at = ClockSanity.plausible(claimedAt, receivedAt: receivedAt)
        self.json = json
        self.facts = facts
    }

    /// No document is longer.
    public static let longest = 8 << 20
}

/// Sites whose clocks are wrong still send results worth keeping, and one from the year 2200 must not be the latest for
/// ever after.
enum ClockSanity {
    /// How far ahead of the collector's a site's clock may be.
    static let tolerance = Nanoseconds.seconds(3_600)
    /// 2020-01-01: there were no agents before.
    static let earliest = UTCTime(microseconds: 1_577_836_800_000_000)

    /// `claimed`, or, where that cannot be, when the document came.
    static func plausible(_ claimed: UTCTime, receivedAt: UTCTime) -> UTCTime {
        claimed >= earliest && claimed <= receivedAt + tolerance ? claimed : receivedAt
    }
}
