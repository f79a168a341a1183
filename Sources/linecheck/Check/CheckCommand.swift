import Agent
import ArgumentParser
import Glibc
import Readiness
import Report
import Results
import Settings
import Units
import Wire

/// `linecheck check`: one check now, and its graded report.
struct CheckCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, html
    }

    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Measures the path to one or more endpoints and grades it.",
        discussion: """
            Exit status: 0 ready, 1 at risk, 2 not ready, 3 inconclusive; 64 and above when the check \
            could not be made.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Where to measure to: a reflector (stamp://, the default), or a TURN or STUN server (turn://, stun://). May "
                + "be repeated. Ports are 3478-3481 where not said, 3478 for stun://.",
            valueName: "[stamp://]HOST[:PORTS]"
        ),
        transform: { text throws(TextRefusal) in try Endpoint(text) }
    )
    var endpoint: [Endpoint] = []

    @Option(help: "The site's name in the report (default: this host's name).", transform: SettingText.site)
    var site: String?

    @OptionGroup var probe: ProbeOptions

    @Option(
        help: ArgumentHelp(
            "Carry so many calls at once to each endpoint; auto finds how many the line carries.",
            valueName: "number|auto"
        ),
        transform: { text throws(TextRefusal) in try Calls(text) }
    )
    var calls: Calls?

    @Option(
        help: ArgumentHelp("The most calls that --calls auto may try (default: 100).", valueName: "number"),
        transform: { text throws(TextRefusal) in try SettingText.integer(text, within: Calls.numbers) }
    )
    var upTo: Int?

    @Option(
        help: ArgumentHelp(
            "Where to capture the check's own packets, which proves the mark that they leave with: auto (the "
                + "interface that they leave by), off, or an interface. Needs CAP_NET_RAW (default: auto).",
            valueName: "auto|off|name"
        ),
        transform: { text throws(TextRefusal) in try CaptureSetting(text) }
    )
    var capture: CaptureSetting?

    @Option(help: ArgumentHelp("A configuration file; options here override it.", valueName: "file"))
    var config: String?

    @OptionGroup var ranges: RangesOptions

    @Option(help: "What to print: text, json, or html (one file that needs no network).")
    var format: Format = .text

    @Option(help: ArgumentHelp("Where to write the report; - is standard output.", valueName: "file"))
    var output: String = "-"

    @Flag(
        help: ArgumentHelp(
            "Measure until interrupted, and judge every --duration of it (default: 60s): a line of text, or of JSON "
                + "with --format json, for each. The streams never stop. No further questions are asked of ports that "
                + "are silent."
        )
    )
    var continuous = false

    /// Set by the agent.
    @Option(help: .hidden)
    var trigger: CheckDescription.Trigger = .manual

    /// For tests: what a long check does by itself.
    @Option(
        help: .hidden,
        transform: { text throws(TextRefusal) in try SettingText.duration(text, within: Schedule.pieces) }
    )
    var parts: Nanoseconds?

    @Flag(name: [.short, .long], help: "No progress.")
    var quiet = false

    func validate() throws {
        if upTo != nil, calls != .auto { throw ValidationError("--up-to goes with --calls auto.") }
        guard continuous else { return }
        if format == .html {
            throw ValidationError("--continuous writes a line for each part: --format text or json, not html.")
        }
        if calls == .auto { throw ValidationError("--continuous carries a number of calls; it does not look for one.") }
        if output != "-" {
            throw ValidationError("--continuous writes as it goes: send its standard output where it should go.")
        }
    }

    func run() throws {
        try reporting {
            let settings = try CheckSettings(self)
            if continuous { throw ExitCode(try runWithoutEnd(settings)) }
            let output = try ReportOutput(path: self.output)
            var check = CheckRun(settings, progress: Progress(quiet: quiet))
            let document = try check.document()
            switch format {
            case .text:
                output.write(TextReport.render(document, style: TextStyle(color: output.wantsColor)))
            case .json: output.write(try document.encoded())
            case .html: output.write(HTMLReport.render(document))
            }
            try output.finish()
            throw ExitCode(document.grade.exitStatus)
        }
    }

    /// - Returns: the exit status: of the worst piece.
    private func runWithoutEnd(_ settings: CheckSettings) throws -> Int32 {
        var run = ContinuousRun(settings, format: format, progress: Progress(quiet: quiet))
        return (try run.run() ?? .inconclusive).exitStatus
    }
}

/// How many calls at once: a number, or as many as the line carries.
enum Calls: Hashable, Sendable {
    case number(Int)
    case auto

    static let numbers = 1...1_000

    init(_ text: String) throws(TextRefusal) {
        self = text == "auto" ? .auto : .number(try SettingText.integer(text, within: Self.numbers))
    }
}

/// How to probe, as options.
struct ProbeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How long to measure (default: 60s).", valueName: "duration"),
        transform: { text throws(TextRefusal) in try SettingText.duration(text, within: ProbeDefaults.durations) }
    )
    var duration: Nanoseconds?

    @Option(
        help: ArgumentHelp("Time between a stream's packets (default: 20ms).", valueName: "duration"),
        transform: { text throws(TextRefusal) in try SettingText.duration(text, within: ProbeDefaults.intervals) }
    )
    var interval: Nanoseconds?

    @Option(
        help: ArgumentHelp("Octets of UDP payload (default: 182, as G.722).", valueName: "octets"),
        transform: { text throws(TextRefusal) in try SettingText.integer(text, within: ProbeDefaults.payloads) }
    )
    var payload: Int?

    @Option(
        help:
            "Shape the probes like a codec's packets: \(VoiceCodec.allCases.map(\.rawValue).joined(separator: ", ")).",
        transform: SettingText.codec
    )
    var codec: VoiceCodec?

    @Option(
        help: ArgumentHelp("The mark to send with and to require (default: 46).", valueName: "dscp"),
        transform: SettingText.dscp
    )
    var dscp: DSCP?

    @Option(help: ArgumentHelp("Authenticate with the key in this file.", valueName: "file"))
    var keyFile: String?

    @Option(
        help: ArgumentHelp(
            "The greatest error of this host's clock, where you know better than the kernel.",
            valueName: "duration"
        ),
        transform: { text throws(TextRefusal) in try SettingText.duration(text, within: ProbeDefaults.clockErrors) }
    )
    var clockError: Nanoseconds?

    @Option(
        help: ArgumentHelp(
            "Time between two requests to one port of a TURN or STUN server, which is somebody else's (default: 200ms).",
            valueName: "duration"
        ),
        transform: { text throws(TextRefusal) in try SettingText.duration(text, within: ProbeDefaults.relayIntervals) }
    )
    var relayInterval: Nanoseconds?

    @Option(
        help: ArgumentHelp(
            "Send the same packets to this port of the reflector too, and say whether Teams' ports fare worse.",
            valueName: "port"
        ),
        transform: SettingText.port
    )
    var controlPort: UInt16?

    @Flag(help: "Try TCP and TLS to port 443 of every endpoint; of TURN servers they are tried always.")
    var tcpFallback = false

    func validate() throws {
        if payload != nil, codec != nil {
            throw ValidationError("--payload and --codec say the same thing twice; give one.")
        }
    }

    var settings: ProbeSettings {
        var settings = ProbeSettings()
        settings.duration = duration
        settings.interval = interval
        settings.payload = payload
        settings.codec = codec
        settings.dscp = dscp
        settings.keyFile = keyFile
        settings.clockError = clockError
        settings.relayInterval = relayInterval
        settings.controlPort = controlPort
        settings.tcpFallback = tcpFallback ? true : nil
        return settings
    }
}

extension CheckDescription.Trigger: ExpressibleByArgument {}
