import Foundation
import Readiness
import Results
import Units

extension SQLStore {
    public func findings(of site: String, since: UTCTime) async throws -> [SiteFinding] {
        let found = try await database.read { session in
            try FindingSelect(site: site, session: session).findings(since: since)
        }
        return found.sorted { left, right in
            if left.isCurrent != right.isCurrent { return left.isCurrent }
            if left.latestAt != right.latestAt { return left.latestAt > right.latestAt }
            return left.code < right.code
        }
    }
}

/// The statements of a site's findings.
struct FindingSelect {
    let site: String
    let session: any SQLSession

    private struct Latest {
        var at: Int64
        var id: String
        var severity: String?
        var agent: String
    }

    func findings(since: UTCTime) throws -> [SiteFinding] {
        let rows = try session.query(
            "SELECT code, count(*), max(at) FROM finding WHERE site = $1 AND at >= $2 GROUP BY code ORDER BY code",
            [.text(site), .integer(since.microsecondsSinceUnixEpoch)]
        )
        var documents: [String: ResultDocument] = [:]
        return try rows.compactMap { row in
            let code = try row.text(0)
            guard let latest = try latest(code, at: row.integer(2)) else { return nil }
            if documents[latest.id] == nil { documents[latest.id] = try document(latest.id) }
            let words = documents[latest.id]?.findings.first { $0.code == code }
            return SiteFinding(
                code: code,
                severity: latest.severity.flatMap(Finding.Severity.init(rawValue:)),
                isCurrent: try isCurrent(latest),
                since: UTCTime(microseconds: try beginning(code, latest)),
                latestAt: UTCTime(microseconds: latest.at),
                latestID: latest.id,
                results: Int(try row.integer(1)),
                summary: words?.summary,
                remedy: words?.remedy
            )
        }
    }

    private func latest(_ code: String, at: Int64) throws -> Latest? {
        try session.query(
            """
            SELECT finding.id, finding.severity, result.agent FROM finding
            JOIN result ON result.site = finding.site AND result.at = finding.at AND result.id = finding.id
            WHERE finding.site = $1 AND finding.at = $2 AND finding.code = $3 ORDER BY finding.id DESC LIMIT 1
            """,
            [.text(site), .integer(at), .text(code)]
        ).first.map {
            Latest(at: at, id: try $0.text(0), severity: try $0.optionalText(1), agent: try $0.text(2))
        }
    }

    /// Whether its agent's latest result has it.
    private func isCurrent(_ latest: Latest) throws -> Bool {
        try session.query(
            "SELECT 1 FROM result WHERE site = $1 AND agent = $2 AND (at, id) > ($3, $4) LIMIT 1",
            [.text(site), .text(latest.agent), .integer(latest.at), .text(latest.id)]
        ).isEmpty
    }

    /// When the results of the same agent began that have it without a gap up to the latest.
    private func beginning(_ code: String, _ latest: Latest) throws -> Int64 {
        let gap = try session.query(
            """
            SELECT result.at, result.id FROM result
            WHERE result.site = $1 AND result.agent = $2 AND (result.at, result.id) < ($3, $4) AND NOT EXISTS (
                SELECT 1 FROM finding WHERE finding.site = result.site AND finding.at = result.at
                    AND finding.id = result.id AND finding.code = $5
            ) ORDER BY result.at DESC, result.id DESC LIMIT 1
            """,
            [.text(site), .text(latest.agent), .integer(latest.at), .text(latest.id), .text(code)]
        ).first
        let after: [SQLValue] =
            try gap.map { [.integer(try $0.integer(0)), .text(try $0.text(1))] }
            ?? [.integer(.min), .text("")]
        return try session.query(
            """
            SELECT at FROM result WHERE site = $1 AND agent = $2 AND (at, id) > ($3, $4) ORDER BY at, id LIMIT 1
            """,
            [.text(site), .text(latest.agent)] + after
        ).first?.integer(0) ?? latest.at
    }

    private func document(_ id: String) throws -> ResultDocument? {
        try SQLStore.document(site: site, id: id, session).flatMap { try? ResultDocument.decode(Data($0.json)) }
    }
}
