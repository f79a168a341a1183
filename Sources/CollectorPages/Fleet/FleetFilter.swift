import CollectorStore
import Report

/// Search, grade and order, as a plain form.
enum FleetFilter {
    static func html(_ model: FleetView.Model) -> HTML {
        let query = model.query
        return tag(.form, .classes("filter"), .method("get"), .action(Address.fleet), .role("search")) {
            tag(.div, .classes("grow")) {
                tag(.label, .forControl(Identifier("q"))) { "Name has" }
                tag(
                    .input,
                    .id(Identifier("q")),
                    .name("q"),
                    .type("search"),
                    .value(query.text),
                    .longest(200),
                    .autocomplete("off")
                )
            }
            tag(.div) {
                tag(.label, .forControl(Identifier("grade"))) { "Grade" }
                tag(.select, .id(Identifier("grade")), .name("grade")) {
                    tag(.option, .value("")) { "Any" }
                    for status in SiteStatus.byUrgency {
                        tag(.option, .value(status.key), .selected(query.status == status)) { status.name }
                    }
                }
            }
            tag(.div) {
                tag(.label, .forControl(Identifier("sort"))) { "Order" }
                tag(.select, .id(Identifier("sort")), .name("sort")) {
                    for order in FleetQuery.Order.allCases {
                        tag(.option, .value(order.rawValue), .selected(query.order == order)) { order.words }
                    }
                }
            }
            tag(.button, .type("submit")) { "Show" }
        }
    }
}

extension FleetQuery.Order {
    fileprivate var words: String {
        switch self {
        case .status: "Worst first"
        case .name: "By name"
        case .lastHeard: "Longest unheard first"
        }
    }
}
