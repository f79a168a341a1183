import Readiness
import Results
import Units

/// Which results.
public struct ResultQuery: Hashable, Sendable {
    public enum Order: Hashable, Sendable {
        /// By site, and of each the oldest first: for exports.
        case oldestFirst
        /// By site, and of each the latest first.
        case latestFirst
    }

    /// Nil for all.
    public var site: String?
    public var from: UTCTime?
    /// Not included.
    public var until: UTCTime?
    /// Empty for all.
    public var grades: Set<Grade>
    public var trigger: CheckDescription.Trigger?
    public var agent: String?
    /// Only results that have this finding.
    public var finding: String?
    public var order: Order
    public var after: String?
    /// At most; 1...``mostRows``.
    public var limit: Int

    public static let mostRows = 1_000

    public init(
        site: String? = nil,
        from: UTCTime? = nil,
        until: UTCTime? = nil,
        grades: Set<Grade> = [],
        trigger: CheckDescription.Trigger? = nil,
        agent: String? = nil,
        finding: String? = nil,
        order: Order = .latestFirst,
        after: String? = nil,
        limit: Int = 100
    ) {
        self.site = site
        self.from = from
        self.until = until
        self.grades = grades
        self.trigger = trigger
        self.agent = agent
        self.finding = finding
        self.order = order
        self.after = after
        self.limit = limit
    }
}

public struct ResultPage: Hashable, Sendable {
    public var rows: [ResultRow]
    /// What to ask for the next page with; nil on the last.
    public var next: String?

    public init(rows: [ResultRow], next: String? = nil) {
        self.rows = rows
        self.next = next
    }
}

/// A result as lists and exports show it.
public struct ResultRow: Hashable, Sendable {
    public var site: String
    public var id: String
    /// What it counts under in time; see ``IngestedDocument/at``.
    public var at: UTCTime
    public var receivedAt: UTCTime
    /// By the site's clock.
    public var startedAt: UTCTime
    public var endedAt: UTCTime
    public var agent: String
    public var version: String
    public var trigger: CheckDescription.Trigger
    public var schedule: String?
    public var profile: String
    public var grade: Grade
    public var decider: Decider?
    /// Codes of findings, in alphabetical order.
    public var findings: [String]
    /// By endpoint and direction.
    public var figures: [FigureFacts]

    public init(
        site: String,
        id: String,
        at: UTCTime,
        receivedAt: UTCTime,
        startedAt: UTCTime,
        endedAt: UTCTime,
        agent: String,
        version: String,
        trigger: CheckDescription.Trigger,
        schedule: String? = nil,
        profile: String,
        grade: Grade,
        decider: Decider? = nil,
        findings: [String],
        figures: [FigureFacts]
    ) {
        self.site = site
        self.id = id
        self.at = at
        self.receivedAt = receivedAt
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.agent = agent
        self.version = version
        self.trigger = trigger
        self.schedule = schedule
        self.profile = profile
        self.grade = grade
        self.decider = decider
        self.findings = findings
        self.figures = figures
    }
}

/// A document as it came.
public struct KeptDocument: Hashable, Sendable {
    public var site: String
    public var id: String
    public var kind: DocumentKind
    public var receivedAt: UTCTime
    /// As it came, octet for octet.
    public var json: [UInt8]

    public init(site: String, id: String, kind: DocumentKind, receivedAt: UTCTime, json: [UInt8]) {
        self.site = site
        self.id = id
        self.kind = kind
        self.receivedAt = receivedAt
        self.json = json
    }
}

/// An assessment as lists show it.
public struct AssessmentRow: Hashable, Sendable {
    public var site: String
    public var id: String
    public var receivedAt: UTCTime
    public var facts: AssessmentFacts

    public init(site: String, id: String, receivedAt: UTCTime, facts: AssessmentFacts) {
        self.site = site
        self.id = id
        self.receivedAt = receivedAt
        self.facts = facts
    }
}

extension ResultStore {
    /// Every result that is asked for, a page at a time: no more is in memory than one page, and a result that comes
    /// while this runs is in it or not.
    public func export(_ query: ResultQuery) -> AsyncThrowingStream<[ResultRow], any Error> {
        var query = query
        query.order = .oldestFirst
        query.limit = 500
        let first = query
        let position = ExportPosition(query: first)
        return AsyncThrowingStream { try await position.next(from: self) }
    }
}

/// How far an export has come.
private actor ExportPosition {
    private var query: ResultQuery?

    init(query: ResultQuery) { self.query = query }

    func next(from store: any ResultStore) async throws -> [ResultRow]? {
        guard var query else { return nil }
        let page = try await store.results(query)
        query.after = page.next
        self.query = page.next == nil ? nil : query
        return page.rows.isEmpty ? nil : page.rows
    }
}
