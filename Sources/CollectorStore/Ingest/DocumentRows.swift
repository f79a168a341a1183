import Foundation
import Readiness
import Results
import Units

/// A document's rows, made before any transaction begins.
struct DocumentRows: Sendable {
    struct Key: Hashable, Sendable {
        var site: String
        var id: String
    }

    let key: Key
    let document: [SQLValue]
    var result: [SQLValue]?
    var figures: [[SQLValue]] = []
    var findings: [[SQLValue]] = []
    var assessment: [SQLValue]?
    let arrival: SiteArrival

    init(_ ingested: IngestedDocument) {
        let (site, id) = (SQLValue.text(ingested.site), SQLValue.text(ingested.id))
        let at = SQLValue.integer(ingested.at.microsecondsSinceUnixEpoch)
        let received = SQLValue.integer(ingested.receivedAt.microsecondsSinceUnixEpoch)
        key = Key(site: ingested.site, id: ingested.id)
        document = [
            site, id, .text(ingested.kind.rawValue), received, .integer(Int64(ingested.json.count)),
            .blob(Compression.compress(ingested.json)),
        ]
        switch ingested.facts {
        case .result(let facts):
            let decider = facts.decider.flatMap(DeciderColumn.text)
            arrival = SiteArrival(ingested, decider: decider)
            result = [site, at, id, received] + Self.columns(facts, decider: decider)
            figures = facts.figures.map { [site, at, id] + Self.columns($0) }
            findings = facts.findings.map { [site, at, id, .text($0.code), SQLValue($0.severity?.rawValue)] }
        case .assessment(let facts):
            arrival = SiteArrival(ingested, decider: nil)
            assessment = [site, at, id, received] + Self.columns(facts)
        }
    }

    private static func columns(_ facts: ResultFacts, decider: String?) -> [SQLValue] {
        let codes = Set(facts.findings.map(\.code)).sorted()
        return [
            .integer(facts.startedAt.microsecondsSinceUnixEpoch), .integer(facts.endedAt.microsecondsSinceUnixEpoch),
            .text(facts.agent), .text(facts.version), .text(facts.trigger.rawValue), SQLValue(facts.schedule),
            .text(facts.profile), .integer(facts.grade.column), SQLValue(decider),
            .text(codes.joined(separator: "\n")),
        ]
    }

    private static func columns(_ facts: FigureFacts) -> [SQLValue] {
        [
            .text(facts.endpoint), .text(facts.direction.rawValue), SQLValue(facts.offered), SQLValue(facts.lost),
            SQLValue(MarkColumn.text(facts.marks)),
        ] + FigureColumns.values(facts.figures)
    }

    private static func columns(_ facts: AssessmentFacts) -> [SQLValue] {
        [
            .text(facts.agent), .text(facts.version), .text(facts.name), .text(facts.verdict.rawValue),
            .integer(facts.isFinal ? 1 : 0), .integer(facts.from.microsecondsSinceUnixEpoch),
            .integer(facts.until.microsecondsSinceUnixEpoch),
        ]
    }
}

extension Grade {
    /// As columns have it: 0 for the best, 3 for the worst. Stored, so these numbers stay.
    var column: Int64 {
        switch self {
        case .ready: 0
        case .inconclusive: 1
        case .atRisk: 2
        case .notReady: 3
        }
    }

    init(column: Int64) throws {
        guard let grade = Grade.allCases.first(where: { $0.column == column }) else {
            throw StoreError.failed("\(column) is no grade")
        }
        self = grade
    }
}

/// What decides, as JSON.
enum DeciderColumn {
    static func text(_ decider: Decider) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(decider)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Nil also for what a later version wrote in another way.
    static func decider(_ text: String?) -> Decider? {
        text.flatMap { try? JSONDecoder().decode(Decider.self, from: Data($0.utf8)) }
    }
}
