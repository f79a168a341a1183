import CollectorPages
import CollectorRequests
import CollectorStore
import Foundation
import HTTPTypes
import Hummingbird
import Results
import Units

/// The pages, drawn from what the store says.
struct PageHandler: Sendable {
    let reading: ReadHandler
    let readers: ReaderAccess
    let version: String

    private var store: any ResultStore { reading.store }

    func answer(_ route: Route, _ target: RequestTarget, as identity: ReaderAccess.Identity) async throws -> Response {
        let viewer = viewer(identity)
        switch route {
        case .fleetPage: return try await fleet(target, viewer)
        case .assessmentsPage:
            _ = try QueryReader(target, known: [])
            return .html(AssessmentsView.render(try await store.assessments(of: nil, limit: 200), viewer: viewer))
        case .sitePage(let site): return try await self.site(site, target, viewer)
        case .resultPage(let site, let id):
            let document = try ResultDocument.decode(Data(try await reading.kept(site, id, .result).json))
            return .html(ResultView.render(document, site: site, viewer: viewer))
        case .certificatePage(let site, let id):
            let document = try AssessmentDocument.decode(Data(try await reading.kept(site, id, .assessment).json))
            return .html(CertificateView.render(document, site: site, viewer: viewer))
        default: throw Problem.notFound("nothing is here")
        }
    }

    private func viewer(_ identity: ReaderAccess.Identity?) -> Viewer {
        guard case .reader(let name) = identity else {
            return Viewer(name: nil, version: version, hasAssessmentList: true)
        }
        return Viewer(name: name, version: version, hasAssessmentList: true)
    }

    private func fleet(_ target: RequestTarget, _ viewer: Viewer) async throws -> Response {
        let query = try reading.fleetQuery(target, isForm: true)
        let page = try await reading.metrics.timing("fleet") { try await store.fleet(query) }
        return .html(FleetView.render(FleetView.Model(viewer: viewer, query: query, page: page)))
    }

    private static let findingsFrom = Nanoseconds.seconds(30 * 86_400)

    private func site(_ site: String, _ target: RequestTarget, _ viewer: Viewer) async throws -> Response {
        let query = try QueryReader(target, known: ["range", "endpoint", "after"], isForm: true)
        let range = try query.word("range", SiteRange.self) ?? .week
        let after = try query.text("after")
        let endpoint = try query.text("endpoint")
        let now = reading.now
        let standing = try await reading.standing(site)
        let history = range.history(of: site, now: now)
        var model = try await reading.metrics.timing("site") {
            SiteView.Model(
                viewer: viewer,
                now: now,
                standing: standing,
                range: range,
                endpoint: endpoint,
                history: try await store.history(history),
                grades: try await store.gradeHistory(history),
                findings: try await store.findings(of: site, since: now - max(range.length, Self.findingsFrom)),
                assessments: try await store.assessments(of: site, limit: 20),
                results: try await store.results(ResultQuery(site: site, after: after, limit: 25)),
                after: after,
                latest: try await latest(standing)
            )
        }
        model.agents = try await agents(site, now)
        return .html(SiteView.render(model))
    }

    /// The latest check of each that was heard of late, as far as the last few hundred checks show it.
    private func agents(_ site: String, _ now: UTCTime) async throws -> [ResultRow] {
        let recent = try await store.results(ResultQuery(site: site, from: now - reading.silentAfter, limit: 200))
        var seen: Set<String> = []
        return recent.rows.filter { seen.insert($0.agent).inserted }
    }

    /// Nil where it is kept no longer, or cannot be read by this version.
    private func latest(_ standing: FleetRow) async throws -> ResultDocument? {
        guard let latest = standing.latest,
            let kept = try await store.document(site: standing.site, id: latest.id)
        else { return nil }
        return try? ResultDocument.decode(Data(kept.json))
    }

    // MARK: - What went wrong

    /// A page for people; who only has to log in is sent there.
    func failure(_ problem: Problem, _ target: RequestTarget?, _ path: String) -> Response {
        if problem.status == .unauthorized {
            let next = path == "/" ? "" : "?next=\(RequestTarget.encoded(path))"
            return .redirect(to: "/login\(next)")
        }
        let model = ErrorView.Model(
            viewer: viewer(nil),
            status: problem.status.code,
            title: problem.status.reasonPhrase,
            detail: problem.detail
        )
        var response = Response.html(ErrorView.render(model), status: problem.status)
        response.headers.append(contentsOf: problem.headers)
        return response
    }
}
