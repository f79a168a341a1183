import Agent
import ArgumentParser
import Capture
import Glibc
import Readiness
import Report
import Results
import Settings
import Units

/// `linecheck dscp`: an audit of the marks on real Teams media.
struct DSCPCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    enum Graded: String, ExpressibleByArgument, CaseIterable {
        case both, outbound, inbound

        var directions: Set<MediaDirection> {
            switch self {
            case .both: [.outbound, .inbound]
            case .outbound: [.outbound]
            case .inbound: [.inbound]
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "dscp",
        abstract: "Audits the DSCP on real Teams media, on an interface or in capture files.",
        discussion: """
            Media is UDP to or from the relays: Microsoft's address ranges, or ports 3478-3481. Its class is \
            told by the clients' ports: audio 50000-50019 should carry DSCP 46, video 50020-50039 DSCP 34, \
            sharing 50040-50059 DSCP 18, in both directions.

              linecheck dscp --interface eth1 --duration 10min   on a mirror port
              linecheck dscp --read monday.pcapng tuesday.pcap   of tcpdump, …

            Other ports, marks and ranges are options, or stand in the section audit of a configuration \
            file (--config).

            Without --duration it runs until it is interrupted (Ctrl-C), and then reports. To capture, it needs \
            CAP_NET_RAW and nothing else.

            Exit status: 0 all media that counts carries its mark, 1 some does not, 3 no media was seen or \
            too much was missed; 64 and above when the audit could not be made.
            """
    )

    @Option(help: ArgumentHelp("Capture on this interface.", valueName: "name"))
    var interface: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Read these pcap or pcapng files, in this order; - is standard input.", valueName: "file")
    )
    var read: [String] = []

    @Option(
        help: ArgumentHelp("How long to capture (default: until interrupted).", valueName: "duration"),
        transform: { text throws(TextRefusal) in try SettingText.duration(text, within: AuditLimits.durations) }
    )
    var duration: Nanoseconds?

    @OptionGroup var rules: MediaOptions

    @Option(help: "Which directions count in the grade: both, outbound (from the clients) or inbound.")
    var direction: Graded = .both

    @Option(
        help: ArgumentHelp(
            "Hosts to tell apart; further ones are counted together (default: 1000).",
            valueName: "number"
        ),
        transform: { text throws(TextRefusal) in try SettingText.integer(text, within: AuditLimits.hosts) }
    )
    var hosts: Int?

    @Option(help: "What to print: text or json.")
    var format: Format = .text

    @Option(help: ArgumentHelp("Where to write the report; - is standard output.", valueName: "file"))
    var output: String = "-"

    @Flag(name: [.short, .long], help: "No progress.")
    var quiet = false

    func validate() throws {
        guard (interface == nil) != read.isEmpty else {
            throw ValidationError("Name either an interface (--interface NAME) or files (--read FILE …).")
        }
        if duration != nil, interface == nil { throw ValidationError("--duration goes with --interface.") }
    }

    func run() throws {
        try reporting {
            let target = try rules.target()
            let output = try ReportOutput(path: self.output)
            let audit = MediaAudit(rules: target.rules, hostLimit: hosts ?? AuditLimits.defaultHosts)
            var run = AuditRun(audit: audit, progress: Progress(quiet: quiet))
            if let interface {
                try run.capture(on: interface, for: duration)
            } else {
                try run.read(read)
            }
            let document = AuditDocument(run.audit, description(target, run.statistics))
            switch format {
            case .text: output.write(AuditReport.render(document, style: TextStyle(color: output.wantsColor)))
            case .json: output.write(try document.encoded())
            }
            try output.finish()
            throw ExitCode(document.grade.exitStatus)
        }
    }

    private func description(
        _ target: AuditTarget,
        _ statistics: PacketSource.Statistics?
    ) -> AuditDocument.Description {
        AuditDocument.Description(
            version: Linecheck.version,
            agent: Host.name,
            source: AuditSource(interface: interface, files: interface == nil ? read : nil),
            media: AuditMedia(
                relayPorts: target.relayPortsText,
                ranges: target.relays.ranges.map(\.description),
                rangesSource: target.relays.source
            ),
            graded: direction.directions,
            statistics: statistics
        )
    }
}

/// What an audit's options may be.
enum AuditLimits {
    static let durations = Nanoseconds.seconds(1)...Nanoseconds.seconds(31 * 86_400)
    static let hosts = 1...1_000_000
    static let defaultHosts = 1_000
}
