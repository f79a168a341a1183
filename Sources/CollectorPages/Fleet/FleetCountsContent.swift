import CollectorStore
import Readiness
import Report

/// How many sites stand how, each count leading to those sites, and the same as a bar.
enum FleetCountsContent {
    static func html(_ model: FleetView.Model) -> HTML {
        let counts = model.page.counts
        return HTML {
            tag(.nav, .ariaLabel("Sites by grade")) {
                tag(.ul, .classes("counts")) {
                    item("All sites", counts.total, nil, model)
                    for status in SiteStatus.byUrgency { item(status.name, counts[status], status, model) }
                }
            }
            bar(counts)
        }
    }

    private static func item(_ name: String, _ count: Int, _ status: SiteStatus?, _ model: FleetView.Model) -> HTML {
        var query = model.query
        query.status = status
        let isCurrent = model.query.status == status
        return tag(.li) {
            tag(
                .a,
                .href(FleetView.link(query)),
                .classes(status?.standing.className),
                isCurrent ? .ariaCurrent("true") : nil
            ) {
                tag(.span, .classes("figure")) { NumberText.count(count) }
                tag(.span, .classes("name")) {
                    status?.standing.icon
                    name
                }
            }
        }
    }

    private static func bar(_ counts: FleetCounts) -> HTML {
        let total = Double(max(1, counts.total))
        var start = 0.0
        var parts: [(SiteStatus, from: Double, width: Double)] = []
        for status in SiteStatus.byUrgency where counts[status] > 0 {
            let width = Double(counts[status]) / total * 100
            parts.append((status, start, width))
            start += width
        }
        let spoken = parts.map { "\($0.0.name) \(counts[$0.0])" }.joined(separator: ", ")
        return tag(.svg, .classes("proportions"), .role("img"), .ariaLabel(spoken)) {
            for part in parts {
                tag(
                    .rect,
                    .classes("fill", part.0.standing.className),
                    .x(.percent(part.from)),
                    .width(.percent(part.width)),
                    .height(8)
                )
            }
        }
    }
}
