import Results
import Units

/// What one transaction does with documents that came.
enum Ingest {
    /// - Returns: the lot of each.
    static func store(_ documents: [DocumentRows], _ session: any SQLSession) throws -> [DocumentLot] {
        // Locks are always taken in the same order, so that no two collectors wait for each other.
        let sorted = documents.sorted { ($0.key.site, $0.key.id) < ($1.key.site, $1.key.id) }
        var seen = Set<DocumentRows.Key>()
        let candidates = sorted.filter { seen.insert($0.key).inserted }
        let isNew = try session.insertNew(into: Tables.document, candidates.map(\.document))
        let fresh = zip(candidates, isNew).filter(\.1).map(\.0)
        let new = Set(fresh.map(\.key))
        try insertFacts(fresh, session)
        try SiteStates.apply(fresh, session)
        return lots(documents, new: new)
    }

    private static func insertFacts(_ fresh: [DocumentRows], _ session: any SQLSession) throws {
        try session.insert(into: Tables.result, fresh.compactMap(\.result))
        try session.insert(into: Tables.figure, fresh.flatMap(\.figures))
        try session.insert(into: Tables.finding, fresh.flatMap(\.findings))
        try session.insert(into: Tables.assessment, fresh.compactMap(\.assessment))
        let hours = Set(
            fresh.filter { $0.result != nil }
                .map { StaleHour(site: $0.key.site, hour: TimeGrid.index($0.arrival.at, of: TimeGrid.hour)) }
        ).sorted { ($0.site, $0.hour) < ($1.site, $1.hour) }
        // An update rather than nothing, so that whoever rolls that hour up waits for this transaction.
        try session.insert(into: Tables.staleHour, hours.map(\.columns), onConflict: .update(["hour"]))
    }

    /// Of two of one key in a batch the first is the one that was stored.
    private static func lots(_ documents: [DocumentRows], new: Set<DocumentRows.Key>) -> [DocumentLot] {
        var stored = Set<DocumentRows.Key>()
        return documents.map { document in
            new.contains(document.key) && stored.insert(document.key).inserted ? .stored : .duplicate
        }
    }
}

/// An hour of a site whose roll-ups miss something that has come.
struct StaleHour: Hashable, Sendable {
    var site: String
    /// Counted from 1970.
    var hour: Int64

    var columns: [SQLValue] { [.text(site), .integer(hour)] }
}

/// The rows of sites, brought up to date.
enum SiteStates {
    static let columns = """
        site, added_at, heard_at, latest_id, latest_at, latest_grade, latest_decider, latest_agent, latest_version, \
        trend_until, trend
        """

    static func apply(_ fresh: [DocumentRows], _ session: any SQLSession) throws {
        let bySite = Dictionary(grouping: fresh, by: \.key.site)
        let names = bySite.keys.sorted()
        guard !names.isEmpty else { return }
        var states = try locked(names, session)
        let missing = names.filter { states[$0] == nil }
        if !missing.isEmpty {
            // A site that nobody enrolled, and that somebody was let write for.
            let rows = missing.map { name -> [SQLValue] in
                let first = bySite[name]?.map(\.arrival.receivedAt).min()
                return [.text(name), .text(FoldedText.of(name)), SQLValue(first?.microsecondsSinceUnixEpoch ?? 0)]
            }
            try session.insert(into: Tables.site, rows)
            states.merge(try locked(missing, session)) { $1 }
        }
        let rows = names.compactMap { name -> [SQLValue]? in
            guard var state = states[name] else { return nil }
            for document in bySite[name] ?? [] { state.apply(document.arrival) }
            return state.columns(name)
        }
        let changing = Tables.siteState.columns.map(\.name).dropFirst(3)
        try session.insert(into: Tables.siteState, rows, onConflict: .update(Array(changing)))
    }

    private static func locked(_ names: [String], _ session: any SQLSession) throws -> [String: SiteState] {
        let sql = """
            SELECT \(columns) FROM site WHERE \(session.dialect.isOneOf("site", 1)) ORDER BY site \
            \(session.dialect.forUpdate)
            """
        var states: [String: SiteState] = [:]
        for row in try session.query(sql, [.texts(names)]) { states[try row.text(0)] = try SiteState(row) }
        return states
    }
}

extension SiteState {
    /// From ``SiteStates/columns``.
    init(_ row: SQLRow) throws {
        addedAt = UTCTime(microseconds: try row.integer(1))
        heardAt = try row.optionalInteger(2).map(UTCTime.init(microseconds:))
        trend = StoredTrend(until: try row.optionalInteger(9), text: try row.optionalText(10))
        guard let id = try row.optionalText(3), let at = try row.optionalInteger(4) else { return }
        latest = StoredLatest(
            id: id,
            at: UTCTime(microseconds: at),
            grade: try .init(column: row.integer(5)),
            decider: try row.optionalText(6),
            agent: try row.text(7),
            version: try row.text(8)
        )
    }

    /// Of ``Tables/siteState``.
    func columns(_ name: String) -> [SQLValue] {
        [
            .text(name), .text(FoldedText.of(name)), .integer(addedAt.microsecondsSinceUnixEpoch),
            SQLValue(heardAt?.microsecondsSinceUnixEpoch), SQLValue(latest?.id),
            SQLValue(latest?.at.microsecondsSinceUnixEpoch), SQLValue(latest?.grade.column),
            SQLValue(latest?.decider), SQLValue(latest?.agent), SQLValue(latest?.version),
            SQLValue(trend.until), .text(trend.text),
        ]
    }
}
