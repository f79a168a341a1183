import Readiness
import Results

extension Page {
    mutating func add(evidenceOf document: ResultDocument) {
        let wording = Wording()
        add(heading: "EVIDENCE")
        for endpoint in document.endpoints {
            let streams = document.streams.filter { $0.endpoint == endpoint.endpoint }
            let answered = streams.filter { $0.reachability.state == .answered }
            let method = answered.isEmpty ? "nothing answered." : wording.method(endpoint)
            add(paragraph: "\(endpoint.endpoint), \(method)", indent: 2)
            addStreams(answered)
            for note in wording.notes(endpoint, streams) {
                add(paragraph: note, indent: 2)
            }
            add(blank: 1)
        }
        add(paragraph: wording.clock(document.clock), indent: 2)
        add(paragraph: wording.probe(document.probeQuality), indent: 2)
        if let marks = wording.marks(document) { add(paragraph: marks, indent: 2) }
        if let load = document.load { add(paragraph: wording.load(load), indent: 2) }
    }
}

extension Wording {
    func load(_ load: LoadDocument) -> String {
        let calls = load.callsPerEndpoint.map { "\(NumberText.count($0)) calls to each endpoint, " } ?? ""
        return "Load: \(calls)\(rate(load.forwardKilobitsPerSecond)) sent, "
            + "\(rate(load.reverseKilobitsPerSecond)) received (IP)."
    }

    func method(_ endpoint: EndpointDocument) -> String {
        guard let clock = endpoint.clockOffset else { return "times of this host alone: round trips only." }
        let method =
            clock.method == Basis.synchronized.rawValue
            ? "one-way delay by the clocks' claims" : "one-way delay bounded by the round trip"
        let ahead = clock.offsetMilliseconds < 0 ? "behind" : "ahead"
        let skew = clock.skewPPM.map { ", drifting \(NumberText.decimal($0, places: 1)) ppm" } ?? ""
        return "\(method): its clock \(FigureText.milliseconds(clock.offsetMilliseconds.magnitude)) "
            + "± \(FigureText.milliseconds(clock.uncertaintyMilliseconds)) ms \(ahead)\(skew)."
    }

}

// MARK: Streams

extension Page {
    private static let columns = ["min", "p50", "p95", "max"]

    private mutating func addStreams(_ streams: [StreamDocument]) {
        guard !streams.isEmpty else { return }
        addStreamHead()
        for stream in streams {
            var port = "\(stream.port)"
            // Half a round trip is no measurement of either direction.
            let isRoundTripOnly = stream.method == Basis.halfRoundTrip.rawValue
            let rows = [
                ("forward", isRoundTripOnly ? nil : stream.forward),
                ("reverse", isRoundTripOnly ? nil : stream.reverse),
                ("round trip", stream.roundTrip),
            ]
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
        line.append((direction.loss.map { "\($0.lost)/\($0.offered)" } ?? "–").cut(to: 11))
        return line
    }

}

// MARK: Beside the table

extension Wording {
    func notes(_ endpoint: EndpointDocument, _ streams: [StreamDocument]) -> [String] {
        streamNotes(streams) + farEndNotes(endpoint) + accessNotes(endpoint, streams)
    }

    private func streamNotes(_ streams: [StreamDocument]) -> [String] {
        var notes: [String] = []
        let jitters = streams.flatMap { [$0.forward, $0.reverse, $0.roundTrip] }.compactMap { $0?.jitterMilliseconds }
        if !jitters.isEmpty {
            notes.append(
                jitters.contains { $0.worst15s == nil }
                    ? "Jitter: the mean of a run shorter than 15 s." : "Jitter: the worst 15 s."
            )
        }
        if let quality = voiceQuality(streams) { notes.append(quality) }
        let late = streams.filter { $0.packets.late > 0 }.map { "\(NumberText.count($0.packets.late)) on \($0.port)" }
        if !late.isEmpty { notes.append("Replies too late, counted as lost: \(late.joined(separator: ", ")).") }
        for stream in streams where !stream.refusedReplies.isEmpty {
            let reasons = stream.refusedReplies.sorted { $0.key < $1.key }
                .map { "\($0.key) \(NumberText.count($0.value))" }
            notes.append("Replies refused on \(stream.port): \(reasons.joined(separator: ", ")).")
        }
        return notes
    }

    private func farEndNotes(_ endpoint: EndpointDocument) -> [String] {
        var notes: [String] = []
        if endpoint.clockOffset != nil {
            notes.append(
                endpoint.farMaxErrorMilliseconds.map {
                    "Its clock: synchronised to ± \(FigureText.milliseconds($0)) ms, it says."
                }
                    ?? "Its clock: not synchronised, or it does not say."
            )
        }
        if let correction = endpoint.sendTimeCorrection {
            notes.append(
                "Its replies left \(FigureText.milliseconds(correction.p50Microseconds / 1_000)) ms (p50) after the time they "
                    + "carry; corrected in \(NumberText.count(correction.corrected)) of "
                    + "\(NumberText.count(correction.replies)) by its Follow-Up Telemetry."
            )
        }
        return notes
    }

    /// MOS is a model's estimate, and said to be one.
    private func voiceQuality(_ streams: [StreamDocument]) -> String? {
        let scores = streams.compactMap { stream in stream.mos.map { (port: stream.port, mos: $0) } }
        guard let worst = scores.min(by: { $0.mos < $1.mos }), let best = scores.map(\.mos).max() else { return nil }
        let least = NumberText.decimal(worst.mos, places: 1)
        let most = NumberText.decimal(best, places: 1)
        let range = least == most ? "MOS \(least)" : "MOS \(least) (port \(worst.port)) to \(most)"
        return "Voice quality: \(range), an estimate by the E-model (G.107)."
    }

    // MARK: The host and the marks

    func clock(_ clock: ClockDocument) -> String {
        let error = clock.maxErrorMilliseconds.map { " to ± \(FigureText.milliseconds($0)) ms" } ?? ""
        let state = clock.synchronized ? "synchronised\(error)" : "not synchronised"
        return "This host's clock: \(state), says \(clock.source)."
    }

    func probe(_ quality: ProbeQualityDocument) -> String {
        let error = quality.sendErrorMicroseconds
        let late = [(error.p50, "p50"), (error.p99, "p99"), (error.max, "max")]
            .map { "\(FigureText.milliseconds($0 / 1_000)) ms (\($1))" }
        return "This host's probe: sent late by \(late.joined(separator: ", ")); "
            + "\(NumberText.count(quality.missedSends)) sends missed; "
            + "\(FigureText.percent(quality.kernelTimestampsRatio)) % of times from the kernel; "
            + "\(NumberText.count(quality.socketDrops)) replies dropped here."
    }

    func marks(_ document: ResultDocument) -> String? {
        let seen = [
            ("left here with", document.dscp.egress), ("arrived there with", document.dscp.farEnd),
            ("replies arrived here with", document.dscp.returned),
        ]
        let parts = seen.compactMap { text, packets in packets.map { "\(text) \(marks($0))" } }
        let seenMarks = parts.isEmpty ? [] : ["DSCP: \(parts.joined(separator: "; "))."]
        let sentences = seenMarks + [ecn(document.dscp.ecn), capture(document.dscp.capture)].compactMap { $0 }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    /// Said only where it is anything but what was sent.
    func ecn(_ ecn: ECNDocument?) -> String? {
        let places = [
            ("as packets left", ecn?.egress), ("as they arrived there", ecn?.farEnd),
            ("on replies here", ecn?.returned),
        ]
        let names = ["ect_0": "ECT(0)", "ect_1": "ECT(1)", "ce": "CE"]
        let seen = places.flatMap { place, packets in
            (packets ?? [:]).sorted { $0.key < $1.key }.compactMap { name, count in
                names[name].map { "\($0) on \(NumberText.count(count)) \(place)" }
            }
        }
        return seen.isEmpty ? nil : "ECN, no part of the DSCP: \(seen.joined(separator: ", "))."
    }

    func capture(_ capture: CaptureDocument?) -> String? {
        capture.map {
            "Captured on \($0.interface): \(NumberText.count($0.packets)) packets, \(NumberText.count($0.dropped)) dropped."
        }
    }

    /// `46 (2,999), 0 (1)`: the most frequent first.
    func marks(_ packets: [String: Int]) -> String {
        packets.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
            .map { "\($0.key) (\(NumberText.count($0.value)))" }.joined(separator: ", ")
    }
}

extension DirectionDocument {
    var hasFigures: Bool { delayMilliseconds != nil || jitterMilliseconds != nil || loss != nil }
}

// MARK: What is missing

extension Page {
    mutating func add(unmeasuredOf document: ResultDocument) {
        add(heading: "NOT MEASURED")
        for item in Wording().unmeasured(document) { add(paragraph: "– " + item, indent: 2, hanging: 4) }
    }
}

extension Wording {
    /// What this check says nothing about, a sentence each.
    func unmeasured(_ document: ResultDocument) -> [String] {
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
        if document.capacity == nil {
            let calls = document.load?.callsPerEndpoint
            items.append(
                calls.map { "The line with more than these \($0) calls at once: --calls auto looks for the most." }
                    ?? "The line with many calls at once: a check carries one call's packets on each port."
            )
        }
        return items
    }
}
