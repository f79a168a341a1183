import Readiness
import Results

/// A row of the table of ports.
private struct PortRow {
    var name: String
    var outcome: HTML
    var count: String?
    var why: String
    var tried: String
}

extension ResultContent {
    package var ports: HTML {
        let endpoints = document.endpoints.map { ($0, rows($0)) }
        let all = endpoints.flatMap(\.1)
        return Part.ports.section("What the firewalls on the way let through.") {
            if all.isEmpty {
                tag(.p) { "No port was tried." }
            } else {
                table(endpoints, why: all.contains { !$0.why.isEmpty }, tried: all.contains { !$0.tried.isEmpty })
            }
        }
    }

    /// Columns in which nothing would stand are left out.
    private func table(_ endpoints: [(EndpointDocument, [PortRow])], why: Bool, tried: Bool) -> HTML {
        HTML.table("Each port, and whether packets came back") {
            tag(.thead) {
                tag(.tr) {
                    HTML.head("Port")
                    HTML.head("Outcome")
                    HTML.head("Answered / sent", "n")
                    if why { HTML.head("Why, and who says so") }
                    if tried { HTML.head("Other packets tried there") }
                }
            }
            for (endpoint, rows) in endpoints {
                tag(.tbody) {
                    tag(.tr, .classes("group")) {
                        tag(.th, .columns(3 + (why ? 1 : 0) + (tried ? 1 : 0)), .rowGroupScope) {
                            wording.name(endpoint)
                        }
                    }
                    for row in rows { html(row, why: why, tried: tried) }
                }
            }
        }
    }

    private func html(_ row: PortRow, why: Bool, tried: Bool) -> HTML {
        tag(.tr) {
            tag(.th, .rowScope) { row.name }
            tag(.td) { row.outcome }
            HTML.figure(row.count)
            if why { HTML.sentences(row.why) }
            if tried { HTML.sentences(row.tried) }
        }
    }

    // MARK: Rows

    private func rows(_ endpoint: EndpointDocument) -> [PortRow] {
        document.streams.filter { $0.endpoint == endpoint.endpoint }.map(row)
            + [endpoint.controlPort.map(row), endpoint.fallback.map(row)].compactMap(\.self)
    }

    private func row(_ stream: StreamDocument) -> PortRow {
        let reachability = stream.reachability
        let criterion = document.criteria.first {
            $0.name == Criterion.Name.reachability.rawValue && $0.endpoint == stream.endpoint && $0.port == stream.port
        }
        let standing: Standing =
            criterion.map { Standing($0.grade) } ?? (reachability.state == .answered ? .ready : .notReady)
        let tried = (reachability.tried ?? []).map {
            "DSCP \($0.dscp), \($0.payloadBytes) octets: \($0.answered) of \($0.sent)"
        }
        return PortRow(
            name: "UDP \(stream.port)",
            outcome: standing.badge(
                wording.outcome(reachability.state, refusedReplies: !stream.refusedReplies.isEmpty)
            ),
            count: "\(NumberText.count(stream.packets.received)) / \(NumberText.count(stream.packets.sent))",
            why: why(reachability),
            tried: tried.joined(separator: "; ")
        )
    }

    private func row(_ control: ControlPortDocument) -> PortRow {
        PortRow(
            name: "UDP \(control.port), none of Teams'",
            outcome: Standing.note.badge(wording.outcome(control.reachability.state, refusedReplies: false)),
            count: "\(NumberText.count(control.packets.received)) / \(NumberText.count(control.packets.sent))",
            why: why(control.reachability),
            tried: ""
        )
    }

    private func row(_ fallback: FallbackDocument) -> PortRow {
        let isOpen = fallback.tcp == .connected
        let outcome = isOpen ? "connected" : fallback.tcp == .timedOut ? "no answer" : fallback.tcp.rawValue
        return PortRow(
            name: "TCP \(fallback.port), fallback",
            outcome: (isOpen ? Standing.note : .atRisk).badge(outcome),
            count: nil,
            why: wording.fallback(fallback),
            tried: ""
        )
    }

    private func why(_ reachability: ReachabilityDocument) -> String {
        let source = reachability.icmpSource.map {
            reachability.byEndpoint == true ? "by the endpoint itself (\($0))" : "by \($0)"
        }
        return [reachability.reason, source].compactMap(\.self).joined(separator: ", ")
    }
}
