import Agent
import ArgumentParser
import Readiness
import Report
import Results
import Settings
import Units

/// `linecheck trace`: where on the way marks change and ports die.
struct TraceCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Shows each hop on the way to an endpoint: delay, DSCP as it arrived there, ports that die there.",
        discussion: """
            Sends probes like those of a check, with a TTL that runs out at each hop in turn, and reads what the \
            routers report. Each port keeps its source port, so that all its probes go one way; ports that go \
            different ways are shown apart. A mark that changes is named with the last hop that saw it right and the \
            first that did not.

            Routers commonly report once a second and no more, so each hop is asked once an interval: with four ports \
            and three queries a trace takes 21 s at the most, and says so before it starts. Fewer --ports or a shorter \
            --interval make it faster; more --queries make shares more exact.

            Seeing the DSCP at each hop needs CAP_NET_RAW (root, or setcap cap_net_raw+ep on this program). Without \
            it hops and delays are shown, and only what the destination itself tells of marks.

            Exit status: 0 every port arrives with its mark, 1 marks change, 2 a port goes no further than a hop, \
            3 it cannot be told; 64 and above when the trace could not be made.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Where to trace to: a reflector (stamp://, the default), or a TURN or STUN server (turn://, stun://), with "
                + "probes shaped as each of them gets.",
            valueName: "[stamp://]HOST[:PORTS]"
        ),
        transform: { text throws(TextRefusal) in try Endpoint(text) }
    )
    var endpoint: Endpoint

    @Option(
        help: ArgumentHelp("UDP ports, as 3478,3480-3481 (default: the endpoint's, or 3478-3481).", valueName: "ports"),
        transform: { text throws(TextRefusal) in try PortSet(text) }
    )
    var ports: PortSet?

    @Option(
        help: ArgumentHelp("The mark to send with and to look for (default: 46).", valueName: "dscp"),
        transform: SettingText.dscp
    )
    var dscp: DSCP = .expeditedForwarding

    @Option(
        help: ArgumentHelp("The greatest TTL (default: 30).", valueName: "number"),
        transform: { text throws(TextRefusal) in try SettingText.integer(text, within: TraceBounds.hops) }
    )
    var maxHops = 30

    @Option(
        help: ArgumentHelp("Probes for each port at each hop (default: 3).", valueName: "number"),
        transform: { text throws(TextRefusal) in try SettingText.integer(text, within: TraceBounds.queries) }
    )
    var queries = 3

    @Option(
        help: ArgumentHelp("How long an answer may take (default: 4s).", valueName: "duration"),
        transform: { text throws(TextRefusal) in try SettingText.duration(text, within: TraceBounds.timeouts) }
    )
    var timeout: Nanoseconds = .seconds(4)

    @Option(
        help: ArgumentHelp("Time between two probes to the same hop (default: 1s).", valueName: "duration"),
        transform: { text throws(TextRefusal) in try SettingText.duration(text, within: TraceBounds.intervals) }
    )
    var interval: Nanoseconds = .seconds(1)

    @Option(
        help: ArgumentHelp("Octets of UDP payload (default: 182, as G.722).", valueName: "octets"),
        transform: { text throws(TextRefusal) in try SettingText.integer(text, within: ProbeDefaults.payloads) }
    )
    var payload = 182

    @Option(help: ArgumentHelp("Authenticate with the key in this file.", valueName: "file"))
    var keyFile: String?

    /// Of the order in which hops are asked, for tests.
    @Option(help: .hidden)
    var seed: UInt64?

    @Option(help: "What to print: text or json.")
    var format: Format = .text

    @Option(help: ArgumentHelp("Where to write the report; - is standard output.", valueName: "file"))
    var output: String = "-"

    @Flag(name: [.short, .long], help: "No progress.")
    var quiet = false

    func run() throws {
        try reporting {
            let output = try ReportOutput(path: self.output)
            let document = try TraceRun(self).document()
            switch format {
            case .text: output.write(TraceReport.render(document, style: TextStyle(color: output.wantsColor)))
            case .json: output.write(try document.encoded())
            }
            try output.finish()
            throw ExitCode(document.grade.exitStatus)
        }
    }
}

enum TraceBounds {
    static let hops = 1...64
    static let queries = 1...100
    static let timeouts = Nanoseconds.milliseconds(50)...Nanoseconds.seconds(10)
    static let intervals = Nanoseconds.milliseconds(20)...Nanoseconds.seconds(60)
    /// Of all ports together; each is one more packet that some router must report on.
    static let probes = 20_000
}
