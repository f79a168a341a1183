import Readiness
import Results
import Units

/// One piece of a run without end in one line.
public enum MinuteLine {
    /// At most 80 columns but for long findings' codes, without a line end: when it began, its grade, the worst of each
    /// criterion over all endpoints, and what decided where it is not ready.
    ///
    /// - Parameter localOffset: seconds by which the clock on the wall is ahead of UTC.
    public static func render(_ document: ResultDocument, style: TextStyle, localOffset: Int64) -> String {
        var line = Line(timeOfDay(document.startedAt.instant, localOffset) + "  ")
        line.cell(document.grade.word, width: 12, document.grade.emphasis)
        let figures = [
            worst("latency_one_way", document).map { "delay \(FigureText.milliseconds($0)) ms" },
            worst("jitter", document).map { "jitter \(FigureText.milliseconds($0)) ms" },
            worst("loss", document).map { "loss \(FigureText.percent($0)) %" },
        ]
        var parts = figures.compactMap(\.self)
        if document.durationSeconds < 0.75 * document.intendedDurationSeconds {
            parts.append("\(Int(document.durationSeconds.rounded())) s only")
        }
        if let reason = reason(document) { parts.append(reason) }
        line.append(parts.joined(separator: "  "))
        return line.rendered(style)
    }

    private static func worst(_ name: String, _ document: ResultDocument) -> Double? {
        document.criteria.filter { $0.name == name }.compactMap(\.value).max()
    }

    /// What the figures do not tell: a criterion without one, or a finding.
    private static func reason(_ document: ResultDocument) -> String? {
        guard document.grade != .ready else { return nil }
        let finding = document.findings.first { $0.severity == document.grade.rawValue }
        if let finding { return finding.code }
        return document.criteria.first { $0.grade == document.grade }.map(\.name)
    }

    private static func timeOfDay(_ instant: WallInstant, _ offset: Int64) -> String {
        let seconds = instant.nanosecondsSinceUnixEpoch / 1_000_000_000 + offset
        let day = ((seconds % 86_400) + 86_400) % 86_400
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(two(day / 3_600)):\(two(day / 60 % 60)):\(two(day % 60))"
    }
}
