import Report
import Results
import Units

/// Who looks at a page, and through which collector.
public struct Viewer: Hashable, Sendable {
    /// Nil where nobody had to log in.
    public var name: String?
    /// Of the collector.
    public var version: String
    /// Whether the collector serves the list of all assessments, so that pages may point there.
    public var hasAssessmentList: Bool

    public init(name: String?, version: String, hasAssessmentList: Bool = false) {
        self.name = name
        self.version = version
        self.hasAssessmentList = hasAssessmentList
    }
}

/// What stands around the content of every page.
enum Frame {
    enum Place { case fleet, assessments, elsewhere }

    static func page(
        title: String,
        _ viewer: Viewer,
        at place: Place = .elsewhere,
        crumbs: [(name: String, link: Link)] = [],
        times: String = "All times are UTC.",
        @HTMLBuilder content: () -> HTML
    ) -> String {
        let content = content()
        return HTML.page(
            title: "\(title) · Linecheck",
            style: .linked(Assets.link(Assets.style)),
            icon: Assets.link(Assets.icon)
        ) {
            tag(.a, .classes("skip"), .href(Link(to: main))) { "Skip to the content" }
            bar(viewer, place)
            tag(.main, .id(main)) {
                trail(crumbs)
                content
            }
            tag(.footer, .classes("foot")) { "linecheck-collector \(viewer.version). \(times)" }
        }
    }

    private static let main = Identifier("content")

    private static func bar(_ viewer: Viewer, _ place: Place) -> HTML {
        tag(.header, .classes("bar")) {
            tag(.a, .classes("brand"), .href(Address.fleet)) {
                Brand.sign
                "Linecheck"
            }
            tag(.nav, .ariaLabel("Main")) {
                tag(.a, .href(Address.fleet), place == .fleet ? .ariaCurrent("page") : nil) { "Fleet" }
                if viewer.hasAssessmentList {
                    tag(.a, .href(Address.assessments), place == .assessments ? .ariaCurrent("page") : nil) {
                        "Assessments"
                    }
                }
            }
            if let name = viewer.name {
                tag(.form, .method("post"), .action(Address.logout)) {
                    tag(.bdi) { name }
                    tag(.button, .type("submit")) { "Log out" }
                }
            }
        }
    }

    @HTMLBuilder private static func trail(_ crumbs: [(name: String, link: Link)]) -> HTML {
        if !crumbs.isEmpty {
            tag(.nav, .classes("crumbs"), .ariaLabel("Where this is")) {
                tag(.ol) {
                    for crumb in crumbs { tag(.li) { tag(.a, .href(crumb.link)) { crumb.name } } }
                }
            }
        }
    }
}

/// Addresses of the collector's pages.
enum Address {
    static let fleet = Link([""])
    static let assessments = Link(["assessments"])
    static let login = Link(["login"])
    static let logout = Link(["logout"])

    static func site(_ site: String, query: [(name: StaticString, value: String)] = []) -> Link {
        Link(["sites", site], query: query)
    }
    static func result(_ site: String, _ id: String) -> Link { Link(["sites", site, "results", id]) }
    static func assessment(_ site: String, _ id: String) -> Link { Link(["sites", site, "assessments", id]) }
    /// The same as JSON.
    static func resultData(_ site: String, _ id: String) -> Link { Link(["v1", "sites", site, "results", id]) }
    static func assessmentData(_ site: String, _ id: String) -> Link { Link(["v1", "sites", site, "assessments", id]) }
}
