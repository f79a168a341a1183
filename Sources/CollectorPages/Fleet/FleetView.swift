import CollectorStore
import Readiness
import Report
import Results

/// The fleet: every site with its grade, what decides it, its week, and when it was last heard of.
public enum FleetView {
    public struct Model: Sendable {
        public var viewer: Viewer
        /// What was asked for.
        public var query: FleetQuery
        public var page: FleetPage

        public init(viewer: Viewer, query: FleetQuery, page: FleetPage) {
            self.viewer = viewer
            self.query = query
            self.page = page
        }
    }

    public static func render(_ model: Model) -> String {
        Frame.page(title: "Fleet", model.viewer, at: .fleet) {
            tag(.div, .classes("page-head")) {
                tag(.h1) { "Fleet" }
                tag(.p, .classes("muted")) { lead(model.page.counts) }
            }
            if model.page.counts.total == 0 {
                FirstSite.html
            } else {
                FleetCountsContent.html(model)
                tag(.section, .ariaLabel("Sites")) {
                    FleetFilter.html(model)
                    FleetTable.html(model)
                    pager(model)
                }
            }
        }
    }

    private static func lead(_ counts: FleetCounts) -> String {
        guard counts.total > 0 else { return "No site has been enrolled yet." }
        let sites = counts.total == 1 ? "1 site" : "\(NumberText.count(counts.total)) sites"
        guard counts.ready < counts.total else { return "\(sites), all ready for voice." }
        return "\(sites); \(NumberText.count(counts.ready)) \(counts.ready == 1 ? "is" : "are") ready for voice."
    }

    @HTMLBuilder private static func pager(_ model: Model) -> HTML {
        let query = model.query
        if query.after != nil || model.page.next != nil {
            tag(.nav, .classes("pager"), .ariaLabel("Pages")) {
                if query.after != nil {
                    tag(.a, .href(link(query, after: nil))) { "First page" }
                } else {
                    tag(.span) {}
                }
                if let next = model.page.next {
                    tag(.a, .href(link(query, after: next))) { "Next \(query.limit) sites" }
                }
            }
        }
    }

    /// The same fleet with another page, order or grade.
    static func link(_ query: FleetQuery, after: String? = nil) -> Link {
        var parts: [(name: StaticString, value: String)] = []
        if !query.text.isEmpty { parts.append(("q", query.text)) }
        if let status = query.status { parts.append(("grade", status.key)) }
        if query.order != .status { parts.append(("sort", query.order.rawValue)) }
        if let after { parts.append(("after", after)) }
        return Link([""], query: parts)
    }
}

extension SiteStatus {
    /// As addresses have it.
    public var key: String {
        switch self {
        case .graded(let grade): grade.rawValue
        case .silent: "silent"
        }
    }

    public init?(key: String) {
        guard let status = Self.allCases.first(where: { $0.key == key }) else { return nil }
        self = status
    }

    var standing: Standing {
        switch self {
        case .graded(let grade): Standing(grade)
        case .silent: .silent
        }
    }

    /// As counts and choices name it.
    var name: String { standing.word.prefix(1) + standing.word.dropFirst().lowercased() }

    /// In the order in which somebody has to look at them.
    static let byUrgency: [SiteStatus] = [
        .graded(.notReady), .silent, .graded(.atRisk), .graded(.inconclusive), .graded(.ready),
    ]
}
