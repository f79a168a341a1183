import HTTPTypes

/// Everything that has an address here.
enum Route: Hashable, Sendable {
    case fleetPage
    case sitePage(String)
    case resultPage(String, id: String)
    case certificatePage(String, id: String)
    case assessmentsPage
    case login
    case logout
    case asset(String)

    case ingestResults
    case ingestAssessments
    case sites
    case site(String)
    case results(String)
    case result(String, id: String)
    case history(String)
    case findings(String)
    case assessments(String)
    case assessment(String, id: String)
    case exportCSV
    case exportJSON

    case openAPI
    case metrics
    case live
    case ready

    init?(_ segments: [String]) {
        switch segments.first {
        case nil: self = .fleetPage
        case "v1": self.init(api: Array(segments.dropFirst()))
        case "sites": self.init(page: Array(segments.dropFirst()))
        case "assets" where segments.count == 2: self = .asset(segments[1])
        case "health" where segments == ["health", "live"]: self = .live
        case "health" where segments == ["health", "ready"]: self = .ready
        case "assessments" where segments.count == 1: self = .assessmentsPage
        case "login" where segments.count == 1: self = .login
        case "logout" where segments.count == 1: self = .logout
        case "metrics" where segments.count == 1: self = .metrics
        default: return nil
        }
    }

    private init?(page segments: [String]) {
        switch (segments.count, segments.dropFirst().first) {
        case (1, _): self = .sitePage(segments[0])
        case (3, "results"): self = .resultPage(segments[0], id: segments[2])
        case (3, "assessments"): self = .certificatePage(segments[0], id: segments[2])
        default: return nil
        }
    }

    private init?(api segments: [String]) {
        switch segments.first {
        case "results" where segments.count == 1: self = .ingestResults
        case "assessments" where segments.count == 1: self = .ingestAssessments
        case "openapi.json" where segments.count == 1: self = .openAPI
        case "export" where segments == ["export", "results.csv"]: self = .exportCSV
        case "export" where segments == ["export", "results.json"]: self = .exportJSON
        case "sites" where segments.count == 1: self = .sites
        case "sites": self.init(site: segments[1], Array(segments.dropFirst(2)))
        default: return nil
        }
    }

    private init?(site: String, _ segments: [String]) {
        switch (segments.count, segments.first) {
        case (0, _): self = .site(site)
        case (1, "results"): self = .results(site)
        case (2, "results"): self = .result(site, id: segments[1])
        case (1, "history"): self = .history(site)
        case (1, "findings"): self = .findings(site)
        case (1, "assessments"): self = .assessments(site)
        case (2, "assessments"): self = .assessment(site, id: segments[1])
        default: return nil
        }
    }

    var methods: [HTTPRequest.Method] {
        switch self {
        case .ingestResults, .ingestAssessments, .logout: [.post]
        case .login: [.get, .head, .post]
        default: [.get, .head]
        }
    }

    /// Who may ask.
    enum Audience: Hashable, Sendable {
        case anybody
        case sites
        case readers
    }

    var audience: Audience {
        switch self {
        case .login, .logout, .asset, .live, .ready, .openAPI: .anybody
        case .ingestResults, .ingestAssessments: .sites
        default: .readers
        }
    }

    /// Whether people look at it, who want a page and not a problem document.
    var isPage: Bool {
        switch self {
        case .fleetPage, .sitePage, .resultPage, .certificatePage, .assessmentsPage, .login, .logout: true
        default: false
        }
    }

    /// For metrics: the address without what differs from request to request.
    var name: String {
        switch self {
        case .fleetPage, .sitePage, .resultPage, .certificatePage, .assessmentsPage, .login, .logout: "page"
        case .asset: "asset"
        case .ingestResults, .ingestAssessments: "ingest"
        case .exportCSV, .exportJSON: "export"
        case .openAPI, .metrics, .live, .ready: "service"
        default: "read"
        }
    }
}
