import Readiness
import Results
import Units

extension Page {
    /// The most incidents that get a line.
    private static let listed = 6

    mutating func add(incidentsOf document: ResultDocument) {
        guard let incidents = document.incidents, !incidents.isEmpty else { return }
        add(heading: "INCIDENTS")
        for (index, incident) in incidents.prefix(Self.listed).enumerated() {
            guard let worst = incident.broken.first else { continue }
            let endpoints = document.endpoints.count > 1 ? " of \(incident.endpoint)" : ""
            let stream = incident.stream == 0 ? "" : ", stream \(incident.stream)"
            let others = incident.broken.count - 1
            let more = others == 0 ? "" : others == 1 ? " One more window." : " \(others) more windows."
            add(
                paragraph: "\(index + 1). Port \(incident.port)\(endpoints)\(stream): \(worst.sentence)\(more)",
                indent: 2,
                hanging: 5
            )
        }
        let left = max(0, incidents.count - Self.listed) + (document.incidentsLeftOut?.incidents ?? 0)
        if left > 0 { add(paragraph: "\(NumberText.count(left)) more, none worse.", indent: 2) }
        if let bare = document.incidentsLeftOut?.packetRecords, bare > 0 {
            add(
                paragraph:
                    "Packets of \(NumberText.count(bare)) of them were left out, since a result carries only so many.",
                indent: 2
            )
        }
        guard incidents.contains(where: { $0.packets != nil }) else { return }
        add(
            paragraph: "Their packets: linecheck report --packets FILE of this result as JSON (--format json).",
            indent: 2,
            .faint
        )
    }
}

extension BrokenBoundDocument {
    /// `12:34:56 to 12:35:11 UTC: 2.1 % lost forward, over the limit of 1 %.`
    var sentence: String {
        let unit = Criterion.Unit(rawValue: unit) ?? .milliseconds
        let place = direction ?? (criterion == "round_trip" ? nil : "round trip")
        let what =
            switch criterion {
            case "loss": "lost" + (place.map { $0 == "round trip" ? " on the round trip" : " \($0)" } ?? "")
            case "jitter": "jitter" + (place.map { " (\($0))" } ?? "")
            case "round_trip": "round trip (\(statistic ?? "p95"))"
            default:
                "one-way delay (\(statistic ?? "p95"), \(place == "round trip" ? "half the round trip" : place ?? ""))"
            }
        let kind = bound == .limit ? "limit" : "target"
        let bound = NumberText.value(bound == .limit ? limit : target, unit)
        let range =
            interval.count == 2 && interval[0] < interval[1] && !proven
            ? ", though it may be anything from \(NumberText.figure(interval[0], unit)) to "
                + NumberText.value(interval[1], unit)
            : ""
        func clock(_ time: UTCTime) -> Substring { time.text.dropFirst(11).prefix(8) }
        return
            "\(clock(from)) to \(clock(until)) UTC: \(NumberText.value(value, unit)) \(what), not below the \(kind) of "
            + "\(bound)\(range)."
    }
}
