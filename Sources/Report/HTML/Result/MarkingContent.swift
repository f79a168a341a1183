import Readiness
import Results

extension ResultContent {
    package var marking: HTML {
        let required = document.dscp.required
        return Part.marking.section(
            required.map { "Voice needs DSCP \($0) (\(DSCPName.text($0))) at every place." }
                ?? "No mark is required here."
        ) {
            MarkTrailContent.html(document.dscp)
            HTML.notes([wording.ecn(document.dscp.ecn), wording.capture(document.dscp.capture)].compactMap(\.self))
        }
    }
}

/// Marks at the three places where they can be seen, in the order in which packets pass them.
package enum MarkTrailContent {
    package static func html(_ marking: MarkingDocument) -> HTML {
        let places: [(String, [String: Int]?, String)] = [
            ("Leaving this site", marking.egress, "Not captured on the wire."),
            ("Arriving at the far end", marking.farEnd, "The far end does not report it."),
            ("Replies arriving here", marking.returned, "No reply to see it on."),
        ]
        return tag(.ol, .classes("trail")) {
            for (name, packets, missing) in places {
                tag(.li) {
                    tag(.h3) { name }
                    content(packets ?? [:], required: marking.required, missing: missing)
                }
            }
        }
    }

    @HTMLBuilder private static func content(
        _ packets: [String: Int],
        required: Int?,
        missing: String
    ) -> HTML {
        let all = packets.values.reduce(0.0) { $0 + Double($1) }
        if all > 0 {
            if let required { bar(Double(packets["\(required)"] ?? 0) / all, required) }
            tag(.ul, .classes("plain")) {
                for (mark, count) in sorted(packets).prefix(8) {
                    tag(.li) { line(mark, count, of: all, required: required) }
                }
                if packets.count > 8 { tag(.li, .classes("muted")) { "and \(packets.count - 8) other marks" } }
            }
        } else {
            tag(.p, .classes("muted", "small")) { missing }
        }
    }

    private static func sorted(_ packets: [String: Int]) -> [(String, Int)] {
        packets.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.map { ($0.key, $0.value) }
    }

    private static func bar(_ share: Double, _ required: Int) -> HTML {
        let standing: Standing = share == 1 ? .ready : .atRisk
        return ShareBar.drawing(share, standing, label: "\(FigureText.percent(share)) % with DSCP \(required)")
    }

    @HTMLBuilder private static func line(_ mark: String, _ count: Int, of all: Double, required: Int?) -> HTML {
        let name = Int(mark).map { "DSCP \(mark) (\(DSCPName.text($0)))" } ?? "DSCP \(mark)"
        if required.map({ "\($0)" == mark }) ?? false { tag(.strong) { name } } else { name }
        ": \(NumberText.count(count)) packets, \(FigureText.percent(Double(count) / all)) %"
    }
}

/// What engineers call a DSCP value.
enum DSCPName {
    static func text(_ value: Int) -> String {
        switch value {
        case 0: "default"
        case 46: "EF"
        case 44: "voice admit"
        case 8, 16, 24, 32, 40, 48, 56: "CS\(value / 8)"
        case 10...14, 18...22, 26...30, 34...38: value % 2 == 0 ? "AF\(value / 8)\(value % 8 / 2)" : "unassigned"
        case 1: "lower effort"
        default: "unassigned"
        }
    }
}
