import CollectorRequests
import CollectorStore
import Readiness
import Results

// What the API answers. Names are written in snake case by the coding keys; absent means absent.

struct SitesDocument: Encodable {
    struct Counts: Encodable {
        var ready, inconclusive, silent: Int
        var atRisk, notReady: Int

        enum CodingKeys: String, CodingKey {
            case ready, inconclusive, silent
            case atRisk = "at_risk"
            case notReady = "not_ready"
        }
    }

    /// Of the whole fleet.
    var counts: Counts
    /// How many are what was asked for.
    var matching: Int
    var sites: [SiteDocument]
    var next: String?

    init(_ page: FleetPage) {
        counts = Counts(
            ready: page.counts.ready,
            inconclusive: page.counts.inconclusive,
            silent: page.counts.silent,
            atRisk: page.counts.atRisk,
            notReady: page.counts.notReady
        )
        matching = page.matching
        sites = page.rows.map(SiteDocument.init)
        next = page.next
    }
}

struct SiteDocument: Encodable {
    struct Latest: Encodable {
        var id: String
        var at: UTCTime
        var grade: Grade
        var decider: DeciderDocument?
        var agent: String
        var version: String
    }

    var site: String
    /// A grade, or `silent`.
    var status: String
    var lastHeardAt: UTCTime?
    var latest: Latest?
    /// The worst grade of each quarter of a day of the last week, the oldest first; null where there was no check.
    var trend: [Grade?]
    var revoked: Bool

    enum CodingKeys: String, CodingKey {
        case site, status, latest, trend, revoked
        case lastHeardAt = "last_heard_at"
    }

    init(_ row: FleetRow) {
        site = row.site
        status = row.status.label
        lastHeardAt = row.lastHeardAt
        latest = row.latest.map {
            Latest(
                id: $0.id,
                at: $0.at,
                grade: $0.grade,
                decider: $0.decider.map(DeciderDocument.init),
                agent: $0.agent,
                version: $0.version
            )
        }
        trend = row.trend.worst
        revoked = row.isRevoked
    }
}

/// What a grade is owed to: a criterion or a finding.
struct DeciderDocument: Encodable {
    /// `criterion` or `finding`.
    var kind: String
    var name: String?
    var endpoint: String?
    var port: UInt16?
    var direction: String?
    var value: Double?
    var unit: String?
    var target: Double?
    var limit: Double?
    var statistic: String?
    var code: String?
    var summary: String?

    init(_ decider: Decider) {
        switch decider {
        case .criterion(let criterion):
            kind = "criterion"
            name = criterion.name
            endpoint = criterion.endpoint
            port = criterion.port
            direction = criterion.direction
            value = criterion.value
            unit = criterion.unit
            target = criterion.target
            limit = criterion.limit
            statistic = criterion.statistic
        case .finding(let code, let summary):
            kind = "finding"
            self.code = code
            self.summary = summary
        }
    }
}

struct FindingsDocument: Encodable {
    struct Item: Encodable {
        var code: String
        var severity: String?
        var current: Bool
        var since: UTCTime
        var latestAt: UTCTime
        var latestID: String
        var results: Int
        var summary: String?
        var remedy: String?

        enum CodingKeys: String, CodingKey {
            case code, severity, current, since, results, summary, remedy
            case latestAt = "latest_at"
            case latestID = "latest_id"
        }
    }

    var findings: [Item]

    init(_ findings: [SiteFinding]) {
        self.findings = findings.map {
            Item(
                code: $0.code,
                severity: $0.severity?.rawValue,
                current: $0.isCurrent,
                since: $0.since,
                latestAt: $0.latestAt,
                latestID: $0.latestID,
                results: $0.results,
                summary: $0.summary,
                remedy: $0.remedy
            )
        }
    }
}

struct AssessmentsDocument: Encodable {
    struct Item: Encodable {
        var id: String
        var name: String
        var verdict: String
        var final: Bool
        var from: UTCTime
        var until: UTCTime
        var receivedAt: UTCTime
        var agent: String
        var version: String

        enum CodingKeys: String, CodingKey {
            case id, name, verdict, final, from, until, agent, version
            case receivedAt = "received_at"
        }
    }

    var assessments: [Item]

    init(_ rows: [AssessmentRow]) {
        assessments = rows.map {
            Item(
                id: $0.id,
                name: $0.facts.name,
                verdict: $0.facts.verdict.rawValue,
                final: $0.facts.isFinal,
                from: $0.facts.from,
                until: $0.facts.until,
                receivedAt: $0.receivedAt,
                agent: $0.facts.agent,
                version: $0.facts.version
            )
        }
    }
}
