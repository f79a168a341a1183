import Agent
import ArgumentParser
import Glibc
import Readiness
import Settings
import Units

/// `linecheck doctor`: what this box can do, and what would make it better.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tells what this host can measure with, and how to better it.",
        discussion: """
            Looks at the clock, at timestamps and permissions, at the interfaces, and at the way that media takes out \
            of this host: routes, tunnels, policy rules, proxies, Wi-Fi, and the switch. Sends nothing.

            Exit status: 0 all is well, 1 something could be better, 2 something is bad; 64 and above when \
            the examination could not be made.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Look at the route to this endpoint too; may be repeated.",
            valueName: "[stamp://]HOST[:PORTS]"
        ),
        transform: { text throws(TextRefusal) in try Endpoint(text) }
    )
    var endpoint: [Endpoint] = []

    @Option(
        help: ArgumentHelp(
            "Watch the links for so long (default: 1s); 35s hears the LLDP of most switches.",
            valueName: "duration"
        ),
        transform: { text throws(TextRefusal) in try SettingText.duration(text, within: Self.watchable) }
    )
    var watch: Nanoseconds = .seconds(1)

    @OptionGroup var ranges: RangesOptions

    private static let watchable = Nanoseconds.milliseconds(100)...Nanoseconds.seconds(600)

    func run() throws {
        try reporting { try examine() }
    }

    private func examine() throws {
        let ranges = try RangesSource.ranges(ranges.source)
        let path = PathExamination(endpoints: endpoint, ranges: ranges, watching: watch)
        let diagnoses = Examination.all() + path.diagnoses()
        let color = Terminal.wantsColor(STDOUT_FILENO)
        for diagnosis in diagnoses { Terminal.write(Self.text(diagnosis, color: color), to: STDOUT_FILENO) }
        let worst = diagnoses.map(\.condition).max() ?? .good
        throw ExitCode(Int32(worst.rawValue))
    }

    private static let width = 80
    private static let column = 7

    static func text(_ diagnosis: Diagnosis, color: Bool) -> String {
        let word = diagnosis.condition.word
        let colors: [Diagnosis.Condition: String] = [.good: "32", .note: "33", .bad: "31"]
        let shown = color ? "\u{1b}[\(colors[diagnosis.condition] ?? "0")m\(word)\u{1b}[0m" : word
        let head = shown + String(repeating: " ", count: column - word.count)
        let fact = wrapped("\(diagnosis.subject): \(diagnosis.fact)")
        let remedy = diagnosis.remedy.map { wrapped("→ \($0)") } ?? []
        let margin = String(repeating: " ", count: column)
        let lines = fact + remedy
        return lines.enumerated().map { ($0.offset == 0 ? head : margin) + $0.element + "\n" }.joined()
    }

    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + word.count + 1 <= width - column {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
