import CollectorRequests
import CollectorStore
import Hummingbird
import Readiness
import Results
import Units

/// The API for reading: JSON, a page at a time, by filters and cursors.
struct ReadHandler: Sendable {
    let store: any ResultStore
    let metrics: CollectorMetrics
    let clock: any ClockSource
    let silentAfter: Nanoseconds

    var now: UTCTime { UTCTime(clock.read().wall) }

    func answer(_ route: Route, _ target: RequestTarget) async throws -> Response {
        switch route {
        case .sites: return try await sites(target)
        case .site(let site): return try await self.site(site)
        case .results(let site): return try await results(site, target)
        case .result(let site, let id): return try await document(site, id, .result)
        case .history(let site): return try await history(site, target)
        case .findings(let site): return try await findings(site, target)
        case .assessments(let site): return try await assessments(site, target)
        case .assessment(let site, let id): return try await document(site, id, .assessment)
        case .exportCSV: return try await export(target, ResultCSV.self)
        case .exportJSON: return try await export(target, ResultJSONList.self)
        case .metrics: return try await metricsPage()
        default: throw Problem.notFound("nothing is read here")
        }
    }

    // MARK: - Sites

    static let fleetParameters = ["q", "grade", "sort", "after", "limit"]

    func fleetQuery(_ target: RequestTarget, isForm: Bool = false) throws(RequestRefusal) -> FleetQuery {
        let query = try QueryReader(target, known: Self.fleetParameters, isForm: isForm)
        return FleetQuery(
            now: now,
            silentAfter: silentAfter,
            text: try query.text("q") ?? "",
            status: try query.status(),
            order: try query.word("sort", FleetQuery.Order.self) ?? .status,
            after: try query.text("after"),
            limit: try query.count("limit", within: 1...FleetQuery.mostRows) ?? 100
        )
    }

    private func sites(_ target: RequestTarget) async throws -> Response {
        let query = try fleetQuery(target)
        let page = try await metrics.timing("fleet") { try await store.fleet(query) }
        return .json(SitesDocument(page))
    }

    /// - Throws: ``Problem``, 404, where there is none.
    func standing(_ site: String) async throws -> FleetRow {
        guard let row = try await store.standing(of: site, now: now, silentAfter: silentAfter) else {
            throw Problem.notFound("there is no site '\(site)'")
        }
        return row
    }

    private func site(_ name: String) async throws -> Response { .json(SiteDocument(try await standing(name))) }

    // MARK: - Results

    static let filters = ["from", "until", "grade", "trigger", "agent", "finding"]

    private func resultQuery(
        _ target: RequestTarget,
        site: String?,
        _ more: [String]
    ) throws(RequestRefusal) -> (ResultQuery, QueryReader) {
        let query = try QueryReader(target, known: Self.filters + more)
        let (from, until) = try query.period()
        let results = ResultQuery(
            site: site,
            from: from,
            until: until,
            grades: try query.grades(),
            trigger: try query.word("trigger", CheckDescription.Trigger.self),
            agent: try query.text("agent"),
            finding: try query.text("finding")
        )
        return (results, query)
    }

    private func results(_ site: String, _ target: RequestTarget) async throws -> Response {
        var (results, query) = try resultQuery(target, site: site, ["after", "limit"])
        results.after = try query.text("after")
        results.limit = try query.count("limit", within: 1...ResultQuery.mostRows) ?? 100
        try await requireSite(site)
        let asked = results
        let page = try await metrics.timing("results") { try await store.results(asked) }
        return .json(ResultsDocument(page))
    }

    func document(_ site: String, _ id: String, _ kind: DocumentKind) async throws -> Response {
        .octets(try await kept(site, id, kind).json, type: "application/json")
    }

    /// - Throws: ``Problem``, 404.
    func kept(_ site: String, _ id: String, _ kind: DocumentKind) async throws -> KeptDocument {
        guard let document = try await store.document(site: site, id: id), document.kind == kind else {
            throw Problem.notFound("'\(site)' has no \(kind.rawValue) '\(id)', or it is kept no longer")
        }
        return document
    }

    private func requireSite(_ site: String) async throws {
        guard try await store.site(site) != nil else { throw Problem.notFound("there is no site '\(site)'") }
    }

    // MARK: - Over time

    static let longestHistory = 10_000

    private func history(_ site: String, _ target: RequestTarget) async throws -> Response {
        let query = try QueryReader(target, known: ["from", "until", "resolution", "endpoint", "limit"])
        let (from, until) = try query.period()
        let end = until ?? now
        let asked = HistoryQuery(
            site: site,
            from: from ?? end - .seconds(7 * 86_400),
            until: end,
            resolution: try query.word("resolution", HistoryQuery.Resolution.self) ?? .hour,
            endpoint: try query.text("endpoint"),
            limit: try query.count("limit", within: 1...Self.longestHistory) ?? Self.longestHistory
        )
        try await requireSite(site)
        let (series, grades) = try await metrics.timing("history") {
            (try await store.history(asked), try await store.gradeHistory(asked))
        }
        return .json(HistoryDocument(asked, series, grades))
    }

    private func findings(_ site: String, _ target: RequestTarget) async throws -> Response {
        let query = try QueryReader(target, known: ["since"])
        let since = try query.time("since") ?? now - .seconds(30 * 86_400)
        try await requireSite(site)
        return .json(FindingsDocument(try await store.findings(of: site, since: since)))
    }

    private func assessments(_ site: String, _ target: RequestTarget) async throws -> Response {
        let query = try QueryReader(target, known: ["limit"])
        let limit = try query.count("limit", within: 1...1_000) ?? 100
        try await requireSite(site)
        return .json(AssessmentsDocument(try await store.assessments(of: site, limit: limit)))
    }

    // MARK: - All of it

    private func export(_ target: RequestTarget, _ form: (some ExportForm).Type) async throws -> Response {
        let (filters, query) = try resultQuery(target, site: nil, ["site"])
        var results = filters
        results.site = try query.text("site")
        // What fails once the answer has begun can only be cut off.
        try await store.check()
        return Export(store: store, query: results).response(form)
    }

    private func metricsPage() async throws -> Response {
        let counts = try await store.fleetCounts(now: now, silentAfter: silentAfter)
        return .octets(Array(metrics.render(fleet: counts).utf8), type: MetricsPage.contentType)
    }
}
