import Readiness
import Results

extension ResultContent {
    var directions: HTML {
        Part.directions.section(
            "Forward is from this site to the far end, reverse is back. Every delay is right to within its ±. In ms."
        ) {
            for endpoint in document.endpoints { figures(endpoint) }
            if document.endpoints.isEmpty { tag(.p) { "Nothing was measured." } }
        }
    }

    @HTMLBuilder private func figures(_ endpoint: EndpointDocument) -> HTML {
        let streams = document.streams.filter { $0.endpoint == endpoint.endpoint }
        let answered = streams.filter { $0.reachability.state == .answered }
        tag(.h3) { wording.name(endpoint) }
        tag(.p, .classes("small")) {
            answered.isEmpty ? "Nothing answered." : wording.capitalized(wording.method(endpoint))
        }
        if !answered.isEmpty {
            HTML.table("Delay, jitter and loss of each port of \(endpoint.endpoint)") {
                head
                for stream in answered { rows(stream) }
            }
        }
        HTML.notes(wording.notes(endpoint, streams))
    }

    private var head: HTML {
        tag(.thead) {
            tag(.tr) {
                HTML.head("Port")
                HTML.head("Direction")
                for name in ["min", "p50", "p95", "p99", "max", "±"] { HTML.head(name, "n") }
                HTML.head("Jitter", "n")
                HTML.head("Loss", "n")
                HTML.head("Loss, interval", "n")
                HTML.head("Lost / sent", "n")
                HTML.head("Reordered", "n")
            }
        }
    }

    private func rows(_ stream: StreamDocument) -> HTML {
        // Half a round trip is no measurement of either direction.
        let isRoundTripOnly = stream.method == Basis.halfRoundTrip.rawValue
        let all: [(name: String, figures: DirectionDocument?)] = [
            ("forward", isRoundTripOnly ? nil : stream.forward),
            ("reverse", isRoundTripOnly ? nil : stream.reverse),
            ("round trip", stream.roundTrip),
        ]
        let shown = all.compactMap { row in row.figures.flatMap { $0.hasFigures ? (row.name, $0) : nil } }
        return tag(.tbody) {
            for (index, (name, figures)) in shown.enumerated() {
                tag(.tr, index > 0 ? .classes("follow") : nil) {
                    if index == 0 { tag(.th, .rowScope, .rows(shown.count)) { "\(stream.port)" } }
                    tag(.td, .classes("w")) { name }
                    cells(figures)
                }
            }
        }
    }

    @HTMLBuilder private func cells(_ direction: DirectionDocument) -> HTML {
        let delay = direction.delayMilliseconds
        let loss = direction.loss
        for value in [delay?.min, delay?.p50, delay?.p95, delay?.p99, delay?.max, delay?.uncertainty] {
            HTML.figure(value.map(FigureText.column))
        }
        HTML.figure(direction.jitterMilliseconds.map { FigureText.column($0.worst15s ?? $0.mean) })
        HTML.figure(loss.map { FigureText.percent($0.ratio) + " %" })
        HTML.figure(loss.map { "\(FigureText.percent($0.low)) – \(FigureText.percent($0.high)) %" })
        HTML.figure(loss.map { "\(NumberText.count($0.lost)) / \(NumberText.count($0.offered))" })
        HTML.figure(direction.reordered.map(NumberText.count))
    }
}

extension Wording {
    func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
