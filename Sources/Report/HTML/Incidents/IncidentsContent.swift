import Readiness
import Results
import Units

extension ResultContent {
    /// The most incidents whose packets are drawn, and the most that are told of.
    private static let drawn = 6
    private static let listed = 24

    @HTMLBuilder var incidents: HTML {
        if let incidents = document.incidents, !incidents.isEmpty {
            let (records, refused) = IncidentRecord.all(of: document)
            let byNumber = Dictionary(records.prefix(Self.drawn).map { ($0.number, $0) }) { first, _ in first }
            Part.incidents.section("Stretches in which windows of 15 s broke a bound, worst first, and their packets.")
            {
                for (index, incident) in incidents.prefix(Self.listed).enumerated() {
                    html(incident, number: index + 1, byNumber[index + 1])
                }
                if !records.isEmpty { IncidentPlot.key }
                HTML.notes(leftOut(incidents.count, refused: refused.values.reduce(0, +)))
            }
        }
    }

    @HTMLBuilder private func html(_ incident: IncidentDocument, number: Int, _ record: IncidentRecord?) -> HTML {
        let stream = incident.stream == 0 ? "" : ", stream \(incident.stream)"
        tag(.h3) { "\(number). Port \(incident.port) of \(incident.endpoint)\(stream)" }
        HTML.notes(incident.broken.prefix(6).map { wording.capitalized($0.sentence) })
        if incident.broken.count > 6 {
            tag(.p, .classes("muted", "small")) { "And \(incident.broken.count - 6) more windows." }
        }
        if let record {
            tag(.div, .classes("chart-grid")) {
                for plot in IncidentPlot.all(of: record) { plot.html }
            }
        }
    }

    private func leftOut(_ count: Int, refused: Int) -> [String] {
        var notes: [String] = []
        let more = max(0, count - Self.listed) &+ max(0, document.incidentsLeftOut?.incidents ?? 0)
        if more > 0 { notes.append("\(NumberText.count(more)) more incidents, none worse.") }
        if let bare = document.incidentsLeftOut?.packetRecords, bare > 0 {
            notes.append(
                "A result carries only so many packets: those of \(NumberText.count(bare)) incidents were left out."
            )
        }
        if refused > 0 { notes.append("The packets of \(NumberText.count(refused)) incidents cannot be read.") }
        return notes
    }
}
