import Readiness
import Results
import Units

/// A trace as text: what it comes to, a table of hops, where each port ends, what to do.
public enum TraceReport {
    public static func render(_ document: TraceDocument, style: TextStyle) -> String {
        var page = Page(style: style)
        page.add(headlineOf: document)
        page.add(hopsOf: document)
        page.add(endsOf: document)
        page.add(findings: document.findings)
        page.add(notesOn: document)
        return page.text
    }
}

extension Page {
    fileprivate mutating func add(headlineOf document: TraceDocument) {
        var line = Line(document.grade.word, document.grade.emphasis)
        var rest = Paragraph.lines(sentence(document), width: style.width, indent: line.width + 2)
        if !rest.isEmpty { line.append(String(rest.removeFirst().dropFirst(line.width)), .heading) }
        add(line)
        for text in rest { add(Line(text, .heading)) }
        add(blank: 1)
        let length = (document.endedAt.instant - document.startedAt.instant).text
        let address = document.endpoint.contains(document.address) ? "" : " (\(document.address))"
        add(
            paragraph: "Traced \(document.startedAt.secondText) for \(length) from \(document.agent) to "
                + "\(document.endpoint)\(address): \(document.probeProtocol.uppercased()) probes of "
                + "\(document.payloadBytes) octets with DSCP \(document.dscp), \(document.settings.queries) for each port "
                + "at each hop.\(document.interrupted ? " It was interrupted." : "")",
            indent: 2
        )
    }

    private func sentence(_ document: TraceDocument) -> String {
        let reached = document.ports.filter { [.answered, .portUnreachable].contains($0.end.state) }
        let isWhole = reached.count == document.ports.count
        switch document.grade {
        case .ready: return "Every port gets to \(document.address), and DSCP \(document.dscp) with it."
        case .atRisk: return "DSCP \(document.dscp) does not keep on the way to \(document.address)."
        case .notReady where reached.isEmpty: return "No port gets to \(document.address)."
        case .notReady where isWhole: return "The way to \(document.address) is not fit for calls."
        case .notReady: return "Not every port gets to \(document.address)."
        case .inconclusive where isWhole: return "Every port gets to \(document.address); more cannot be said."
        case .inconclusive: return "This trace cannot say whether packets get to \(document.address)."
        }
    }

    // MARK: Ends

    fileprivate mutating func add(endsOf document: TraceDocument) {
        add(heading: "PORTS")
        var groups: [(text: String, state: TraceEndDocument.State, ports: [UInt16])] = []
        for port in document.ports {
            let text = endText(port)
            if let index = groups.firstIndex(where: { $0.text == text }) {
                groups[index].ports.append(port.port)
            } else {
                groups.append((text, port.end.state, [port.port]))
            }
        }
        for group in groups {
            var line = Line("  ")
            line.cell(NumberText.ports(group.ports), width: 20)
            let isReached = group.state == .answered || group.state == .portUnreachable
            let lines = Paragraph.lines(group.text, width: style.width - line.width)
            for (index, text) in lines.enumerated() {
                if index > 0 { line = Line(String(repeating: " ", count: 23)) }
                line.append(text, isReached ? .good : group.state == .silent ? .warning : .bad)
                add(line)
            }
        }
    }

    private func endText(_ port: TracePortDocument) -> String {
        let end = port.end
        let known = port.hops.first { $0.hop == end.hop }?.addresses.first?.address
        let place = "hop \(end.hop)" + (end.address ?? known).map { " (\($0))" }.orEmpty
        switch end.state {
        case .answered: return "answered by the destination, hop \(end.hop)"
        case .portUnreachable: return "gets to the destination, hop \(end.hop), where nothing listens"
        case .refused: return "refused by \(place): \(end.meaning ?? "no reason given")"
        case .silent: return end.hop == 0 ? "nothing answered at all" : "nothing beyond \(place)"
        }
    }

    // MARK: Notes

    fileprivate mutating func add(notesOn document: TraceDocument) {
        let ignored = document.ignored.filter { $0.value > 0 && $0.key != "foreign" }.sorted { $0.key < $1.key }
        if !ignored.isEmpty {
            add(blank: 1)
            let reasons = ignored.map { "\($0.key) \(NumberText.count($0.value))" }.joined(separator: ", ")
            add(paragraph: "Messages that were not taken for answers: \(reasons).", indent: 2, .faint)
        }
        add(blank: 1)
        add(paragraph: "linecheck \(document.version) · trace \(document.id)", .faint)
    }
}

extension String? {
    fileprivate var orEmpty: String { self ?? "" }
}
