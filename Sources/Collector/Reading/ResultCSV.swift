import CollectorStore
import Readiness
import Results

/// RFC 4180: a line for each result, endpoint and direction, so that a spreadsheet has one number in a cell. A result
/// without any figure has a line with none.
public enum ResultCSV: ExportForm {
    public static let contentType = "text/csv; charset=utf-8; header=present"
    public static let fileName = "linecheck-results.csv"
    public static let end = ""

    private static let columns =
        ["site", "id", "started_at", "ended_at", "received_at", "agent", "version", "trigger", "schedule", "profile"]
        + ["grade", "decided_by", "findings", "endpoint", "direction"]
        + Metric.allCases.flatMap { [$0.rawValue, "\($0.rawValue)_low", "\($0.rawValue)_high"] }
        + ["packets_offered", "packets_lost", "dscp"]

    public static var beginning: String { line(columns) }

    public static func text(_ row: ResultRow, isFirst: Bool) -> String {
        let common = [
            row.site, row.id, row.startedAt.text, row.endedAt.text, row.receivedAt.text, row.agent, row.version,
            row.trigger.rawValue, row.schedule ?? "", row.profile, row.grade.rawValue,
            row.decider.map(decided) ?? "", row.findings.joined(separator: " "),
        ]
        guard !row.figures.isEmpty else {
            return line(common + Array(repeating: "", count: columns.count - common.count))
        }
        return row.figures.map { line(common + cells($0)) }.joined()
    }

    private static func decided(_ decider: Decider) -> String {
        switch decider {
        case .criterion(let criterion): criterion.name
        case .finding(let code, _): code
        }
    }

    private static func cells(_ figures: FigureFacts) -> [String] {
        let numbers = Metric.allCases.flatMap { metric in
            let figure = figures.figures[metric]
            return [figure?.value, figure?.low, figure?.high].map { $0.map { "\($0)" } ?? "" }
        }
        let marks = figures.marks.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
        return [figures.endpoint, figures.direction.rawValue] + numbers
            + [figures.offered.map { "\($0)" } ?? "", figures.lost.map { "\($0)" } ?? "", marks]
    }

    private static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    /// A text that a spreadsheet would take for a formula is set off by an apostrophe.
    static func cell(_ text: String) -> String {
        let formula: Set<Character> = ["=", "+", "-", "@", "\t", "\r"]
        let isFormula = text.first.map(formula.contains) ?? false
        let safe = isFormula && Double(text) == nil ? "'" + text : text
        guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
