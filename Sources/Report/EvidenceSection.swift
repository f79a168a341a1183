import Readiness
import Results

extension Page {
    mutating func add(evidenceOf document: ResultDocument) {
        add(heading: "EVIDENCE")
        for endpoint in document.endpoints {
            let streams = document.streams.filter { $0.endpoint == endpoint.endpoint }
            add(paragraph: "\(endpoint.endpoint), \(methodText(endpoint))", indent: 2)
            addStreams(streams)
            if let quality = voiceQuality(streams) { add(paragraph: quality, indent: 2) }
            add(blank: 1)
        }
        add(paragraph: clockText(document.clock), indent: 2)
        add(paragraph: probeText(document.probeQuality), indent: 2)
    }

    private func methodText(_ endpoint: EndpointDocument) -> String {
        guard let clock = endpoint.clockOffset else { return "times of this host alone: round trips only." }
        let method =
            clock.method == Basis.synchronized.rawValue
            ? "one-way delay by the clocks' claims" : "one-way delay bounded by the round trip"
        let ahead = clock.offsetMilliseconds < 0 ? "behind" : "ahead"
        let skew = clock.skewPPM.map { ", drifting \(NumberText.decimal($0, places: 1)) ppm" } ?? ""
        return "\(method): its clock \(FigureText.milliseconds(clock.offsetMilliseconds.magnitude)) "
            + "± \(FigureText.milliseconds(clock.uncertaintyMilliseconds)) ms \(ahead)\(skew)."
    }

    // MARK: Streams

    private static let columns = ["min", "p50", "p95", "max"]

    private mutating func addStreams(_ streams: [StreamDocument]) {
        let answered = streams.filter { $0.reachability.state == .answered }
        guard !answered.isEmpty else { return }
        addStreamHead()
        for stream in answered {
            var port = "\(stream.port)"
            let rows = [("forward", stream.forward), ("reverse", stream.reverse), ("round trip", stream.roundTrip)]
            for (name, direction) in rows {
                guard let direction, direction.hasFigures else { continue }
                add(row(port, name, direction))
                port = ""
            }
        }
    }

    private mutating func addStreamHead() {
        var line = Line("  ")
        line.cell("port", width: 5, .faint)
        line.cell("ms", width: 10, .faint)
        for name in Self.columns { line.cell(name, width: 6, right: true, .faint) }
        line.cell("±", width: 6, right: true, .faint)
        line.cell("jitter", width: 6, right: true, .faint)
        line.cell("loss", width: 7, right: true, .faint)
        line.append("lost/sent", .faint)
        add(line)
    }

    private func row(_ port: String, _ name: String, _ direction: DirectionDocument) -> Line {
        var line = Line("  ")
        line.cell(port, width: 5)
        line.cell(name, width: 10)
        let delay = direction.delayMilliseconds
        for value in [delay?.min, delay?.p50, delay?.p95, delay?.max, delay?.uncertainty] {
            line.cell(value.map(FigureText.column) ?? "–", width: 6, right: true)
        }
        let jitter = direction.jitterMilliseconds.map { $0.worst15s ?? $0.mean }
        line.cell(jitter.map(FigureText.column) ?? "–", width: 6, right: true)
        line.cell(direction.loss.map { FigureText.percent($0.ratio) + " %" } ?? "–", width: 7, right: true)
        line.append((direction.loss.map { "\($0.lost)/\($0.offered)" } ?? "–").cut(to: 14))
        return line
    }

    /// MOS is a model's estimate, and said to be one.
    private func voiceQuality(_ streams: [StreamDocument]) -> String? {
        let scores = streams.compactMap { stream in stream.mos.map { (port: stream.port, mos: $0) } }
        guard let worst = scores.min(by: { $0.mos < $1.mos }), let best = scores.map(\.mos).max() else { return nil }
        let least = NumberText.decimal(worst.mos, places: 1)
        let text = NumberText.decimal(best, places: 1)
        let range = least == text ? "MOS \(least)" : "MOS \(least) (port \(worst.port)) to \(text)"
        return "Voice quality estimated from these (G.107): \(range). Jitter is that of the worst 15 s, or the mean of "
            + "a shorter run."
    }

    // MARK: The host

    private func clockText(_ clock: ClockDocument) -> String {
        let error = clock.maxErrorMilliseconds.map { " to within ± \(FigureText.milliseconds($0)) ms" } ?? ""
        return clock.synchronized
            ? "This host's clock is synchronised\(error), says \(clock.source)."
            : "This host's clock is not synchronised, says \(clock.source)."
    }

    private func probeText(_ quality: ProbeQualityDocument) -> String {
        let error = quality.sendErrorMicroseconds
        return "This host sent \(FigureText.milliseconds(error.p50 / 1_000)) ms late in the middle, "
            + "\(FigureText.milliseconds(error.p99 / 1_000)) ms at p99, \(FigureText.milliseconds(error.max / 1_000)) ms "
            + "at most; missed \(NumberText.count(quality.missedSends)) sends; took "
            + "\(FigureText.percent(quality.kernelTimestampsRatio)) % of times from the kernel; dropped "
            + "\(NumberText.count(quality.socketDrops)) replies."
    }
}

extension DirectionDocument {
    fileprivate var hasFigures: Bool { delayMilliseconds != nil || jitterMilliseconds != nil || loss != nil }
}

// MARK: What is missing

extension Page {
    mutating func add(unmeasuredOf document: ResultDocument) {
        add(heading: "NOT MEASURED")
        for item in unmeasured(document) { add(paragraph: "– " + item, indent: 2, hanging: 4) }
    }

    private func unmeasured(_ document: ResultDocument) -> [String] {
        let answered = document.streams.filter { $0.reachability.state == .answered }
        var items: [String] = []
        if answered.isEmpty { items.append("Delay, jitter and loss: nothing answered.") }
        if answered.contains(where: {
            $0.forward?.delayMilliseconds == nil || $0.method == Basis.halfRoundTrip.rawValue
        }) {
            items.append("One-way delay: the endpoint's replies carry no times.")
        }
        if answered.contains(where: { $0.forward?.loss == nil }) {
            items.append("Which direction lost packets: the endpoint does not count what arrives.")
        }
        if document.dscp.egress == nil {
            items.append("The mark on packets as they left this host: nothing was captured on the wire.")
        }
        if !answered.isEmpty, document.dscp.farEnd == nil {
            items.append("The mark on packets as they arrived at the far end: it does not report it.")
        }
        items.append("The line with many calls at once: a check carries one call's packets on each port.")
        return items
    }
}
