import Agent
import ArgumentParser
import Glibc
import LinuxNet
import Logging
import ProbeCore
import Settings
import Units
import Wire

/// `linecheck reflect`: the far end.
struct ReflectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reflect",
        abstract: "Answers probes: a STAMP session-reflector (RFC 8762, RFC 8972).",
        discussion: """
            Runs until SIGINT or SIGTERM. SIGUSR1 logs the counters. Ports 3478-3481 belong to STUN and \
            TURN: run this only on hosts that you control and that serve neither.
            """
    )

    @Option(
        help: ArgumentHelp("Listen on this address only; may be repeated (default: all).", valueName: "address"),
        transform: { text throws(TextRefusal) in
            guard let address = IPAddress(text: text) else {
                throw TextRefusal("'\(text)' is neither an IPv4 nor an IPv6 address")
            }
            return address
        }
    )
    var listen: [IPAddress] = []

    @Option(
        help: ArgumentHelp("The UDP ports to listen on (default: 3478-3481).", valueName: "ports"),
        transform: { text throws(TextRefusal) in try PortSet(text) }
    )
    var ports: PortSet = .teamsRelays

    @Option(help: ArgumentHelp("Answer only requests authenticated with the key in this file.", valueName: "file"))
    var keyFile: String?

    @Option(
        help: ArgumentHelp(
            "The greatest error of this host's clock, where you know better than the kernel.",
            valueName: "duration"
        ),
        transform: { text throws(TextRefusal) in try SettingText.duration(text, within: ProbeDefaults.clockErrors) }
    )
    var clockError: Nanoseconds?

    @Flag(help: "Also answer requests under 44 octets (TWAMP-Light), with longer replies.")
    var twampLight = false

    @Option(
        help: ArgumentHelp("The most packets per second from one source (default: 20000).", valueName: "rate"),
        transform: { text throws(TextRefusal) in try SettingText.integer(text, within: 1...1_000_000) }
    )
    var rateLimit: Int = 20_000

    func run() throws {
        try reporting {
            let signals = try systemCall { () throws(SystemError) in try Signals([SIGINT, SIGTERM, SIGHUP, SIGUSR1]) }
            let plan = try plan()
            let reflector = try systemCall { () throws(SystemError) in try ReflectorThread(plan) }
            try systemCall { () throws(SystemError) in try reflector.start() }
            var log = Logger(label: "linecheck.reflect") { StreamLogHandler.standardError(label: $0) }
            log.logLevel = .info
            let listening = "listening on \(reflector.addresses.map(\.description).joined(separator: ", "))"
            log.info("\(listening)")
            let manager = ServiceManager()
            manager.ready(status: listening)
            while let signal = signals.next(within: nil) {
                if signal != SIGUSR1 { break }
                log.info("\(reflector.status().summary)")
            }
            manager.stopping()
            reflector.stop()
            log.info("\(reflector.status().summary)")
        }
    }

    private func plan() throws -> ReflectorPlan {
        let any = [IPAddress(ipv4: 0), IPAddress(ipv6High: 0, low: 0)].filter {
            $0.family == .ipv4 || InterfaceList.hasIPv6
        }
        let addresses = listen.isEmpty ? any : listen
        let policy = ReflectorPolicy(
            key: try keyFile.map(KeyFile.read),
            allowsShortRequests: twampLight,
            ownPorts: Set(ports.ports)
        )
        let clock = clockError.map { error in
            ReflectorClock(
                errorEstimate: ErrorEstimate(synchronized: true, format: .ntp, error: error),
                source: .ntp
            )
        }
        return ReflectorPlan(
            listen: addresses.flatMap { address in
                ports.ports.map { SocketAddress(address: address, port: $0) }
            },
            policy: policy,
            packetsPerSecond: rateLimit,
            burst: max(1, rateLimit / 5),
            clock: clock
        )
    }
}

extension ReflectorStatus {
    /// The counters in one line.
    fileprivate var summary: String {
        let counted = counters.refusals.map { "\($0.code)=\($0.count)" }.joined(separator: " ")
        return "received=\(counters.received) answered=\(counters.answered) "
            + (counted.isEmpty ? "refused=0" : "refused: \(counted)")
            + " send_failures=\(counters.sendFailures) socket_drops=\(counters.socketDrops)"
            + " sessions=\(sessions) evicted_sessions=\(evictedSessions)"
    }
}
