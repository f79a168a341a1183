import CollectorStore
import Readiness
import Report
import Results

enum FleetTable {
    @HTMLBuilder static func html(_ model: FleetView.Model) -> HTML {
        if model.page.rows.isEmpty {
            tag(.p, .classes("empty")) {
                "No site is like that. "
                tag(.a, .href(Address.fleet)) { "Show all sites" }
            }
        } else {
            tag(.p, .classes("status")) { matching(model) }
            tag(.table, .classes("fleet")) {
                tag(.caption) { "Sites, with how each stands" }
                head(model.query)
                tag(.tbody) {
                    for row in model.page.rows { html(row, model) }
                }
            }
        }
    }

    private static func matching(_ model: FleetView.Model) -> String {
        let count = model.page.matching
        let shown = model.page.rows.count
        let sites = "\(NumberText.count(count)) site\(count == 1 ? "" : "s")"
        return shown < count ? "\(NumberText.count(shown)) of \(sites)" : sites
    }

    private static func head(_ query: FleetQuery) -> HTML {
        tag(.thead) {
            tag(.tr) {
                column("Site", .name, "ascending", query)
                column("Grade, and what decides it", .status, "descending", query)
                tag(.th, .columnScope, .classes("trend-cell")) { "Last 7 days" }
                column("Last seen", .lastHeard, "ascending", query)
            }
        }
    }

    private static func column(
        _ name: String,
        _ order: FleetQuery.Order,
        _ direction: StaticString,
        _ query: FleetQuery
    ) -> HTML {
        var sorted = query
        sorted.order = order
        return tag(.th, .columnScope, query.order == order ? .ariaSort(direction) : nil) {
            tag(.a, .href(FleetView.link(sorted))) { name }
        }
    }

    private static func html(_ row: FleetRow, _ model: FleetView.Model) -> HTML {
        let isSilent = row.status == .silent
        return tag(.tr, isSilent ? .classes("silent") : nil) {
            tag(.th, .rowScope) {
                tag(.a, .href(Address.site(row.site))) { tag(.bdi) { row.site } }
            }
            tag(.td) {
                tag(.div, .classes("stand")) {
                    row.status.standing.badge
                    tag(.span, .classes("small", "muted")) { why(row) }
                }
            }
            tag(.td, .classes("trend-cell")) { TrendContent.html(row.trend) }
            tag(.td, .classes("w")) { lastHeard(row, model.query.now) }
        }
    }

    static func why(_ row: FleetRow) -> String {
        guard row.status == .silent else { return row.latest?.decider.map(DeciderText.text) ?? "" }
        guard let latest = row.latest else { return "It has never sent a result." }
        let decider = latest.decider.map { ": " + DeciderText.text($0) } ?? ""
        return "Before it fell silent: \(Standing(latest.grade).word.lowercased())\(decider)"
    }

    static func lastHeard(_ row: FleetRow, _ now: UTCTime) -> HTML {
        row.lastHeardAt.map { TimeText.html($0, now: now) } ?? .text("never")
    }
}

/// What a grade is owed to, in one line.
enum DeciderText {
    static func text(_ decider: Decider) -> String {
        switch decider {
        case .finding(_, let summary): summary
        case .criterion(let criterion): text(criterion)
        }
    }

    private static func text(_ criterion: DecidingCriterion) -> String {
        let unit: Criterion.Unit = criterion.unit == Criterion.Unit.ratio.rawValue ? .ratio : .milliseconds
        let place = [criterion.direction.map { $0.replacing("_", with: " ") }, criterion.port.map { "port \($0)" }]
            .compactMap(\.self).joined(separator: ", ")
        let name = Criterion.Name(rawValue: criterion.name)
        if name == .reachability {
            return "UDP \(criterion.port.map { "port \($0) " } ?? "")does not answer as it should"
        }
        let value = criterion.value.map { " " + NumberText.value($0, unit) } ?? ", not measured"
        let bound = bound(criterion).map { ", \($0.name) \(NumberText.value($0.value, unit))" } ?? ""
        return label(name, criterion.name) + value + (place.isEmpty ? "" : " \(place)")
            + (criterion.value == nil ? "" : bound)
    }

    /// The one that is missed: the limit, or else the target.
    private static func bound(_ criterion: DecidingCriterion) -> (name: String, value: Double)? {
        if let limit = criterion.limit, let value = criterion.value, value >= limit { return ("limit", limit) }
        return criterion.target.map { ("target", $0) } ?? criterion.limit.map { ("limit", $0) }
    }

    static func label(_ name: Criterion.Name?, _ text: String) -> String {
        switch name {
        case .latencyOneWay: "One-way delay"
        case .roundTrip: "Round trip"
        case .dscp: "DSCP kept on"
        case .jitter: "Jitter"
        case .loss: "Loss"
        case .reordering: "Reordering"
        case .reachability: "UDP reachable"
        case nil: text
        }
    }
}
