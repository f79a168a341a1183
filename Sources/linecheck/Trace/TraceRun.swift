import ArgumentParser
import Glibc
import LinuxNet
import ProbeCore
import Readiness
import Report
import Results
import Statistics
import Units
import Wire

/// One trace from name resolution to document.
struct TraceRun {
    private let command: TraceCommand
    private let target: Target
    private let plan: TracePlan
    private let key: StampKey?
    private let clock = SystemClock()

    init(_ command: TraceCommand) throws {
        self.command = command
        if command.keyFile != nil, command.endpoint.scheme != .stamp {
            throw CommandFailure(
                status: ExitStatus.usage,
                message: "--key-file is for reflectors: \(command.endpoint) is none"
            )
        }
        key = try command.keyFile.map(KeyFile.read)
        var endpoint = command.endpoint
        if let ports = command.ports { endpoint.ports = ports }
        plan = TracePlan(
            flows: endpoint.ports.ports.count,
            queries: command.queries,
            maximumHops: command.maxHops,
            interval: command.interval,
            timeout: command.timeout
        )
        let most = plan.waves * plan.maximumHops
        guard most <= TraceBounds.probes else {
            throw CommandFailure(
                status: ExitStatus.usage,
                message: "\(plan.flows) ports, \(plan.queries) queries and \(plan.maximumHops) hops may take "
                    + "\(most) probes; at most \(TraceBounds.probes): ask for fewer of any"
            )
        }
        target = try Target(endpoint)
    }

    func document() throws -> TraceDocument {
        let signals = try systemCall { () throws(SystemError) in try Signals([SIGINT, SIGTERM, SIGHUP]) }
        DescriptorLimit.raise()
        let start = clock.read()
        var prober = try makeProber(start.monotonic)
        var progress = TraceProgress(quiet: command.quiet)
        progress.start(announcement)
        var interrupted = false
        while prober.run(for: .milliseconds(100)) {
            progress.show(prober.position, of: plan, elapsed: clock.monotonic() - start.monotonic)
            guard signals.next(within: .zero) == nil else {
                interrupted = true
                break
            }
        }
        progress.end()
        let observation = prober.observation
        guard !observation.probes.isEmpty else { throw nothingSent(observation) }
        return document(
            observation,
            hearing: prober.hearing,
            startedAt: start.wall,
            endedAt: start.wall(at: clock.monotonic()),
            interrupted: interrupted
        )
    }

    private var announcement: String {
        let ports = target.endpoint.ports.ports.count
        return "tracing \(target.title): \(ports) port\(ports == 1 ? "" : "s"), \(plan.queries) probes each at every "
            + "hop; takes up to \(plan.longest.text)"
    }

    private func makeProber(_ start: MonotonicInstant) throws -> TraceProber {
        let ports = target.endpoint.ports.ports
        let payloads: [any TracePayload]
        do throws(TextRefusal) {
            payloads = try ports.map { _ throws(TextRefusal) in try payload() }
        } catch {
            throw CommandFailure(status: ExitStatus.usage, message: error.description)
        }
        let destinations = ports.map { port in
            var destination = target.address
            destination.port = port
            return destination
        }
        return try systemCall { () throws(SystemError) in
            try TraceProber(
                plan,
                destinations: destinations,
                dscp: command.dscp,
                payloads: payloads,
                start: start,
                seed: command.seed ?? UInt64.random(in: 0 ... .max)
            )
        }
    }

    /// The probes of one port, shaped by the endpoint's protocol.
    private func payload() throws(TextRefusal) -> any TracePayload {
        switch target.endpoint.scheme {
        case .stamp:
            try StampTracePayload(
                ssid: UInt16.random(in: 1 ... .max),
                payloadLength: command.payload,
                dscp: command.dscp,
                key: key
            )
        case .turn: StunTracePayload(.allocate)
        case .stun: StunTracePayload(.binding)
        }
    }

    private func nothingSent(_ observation: TraceObservation) -> CommandFailure {
        CommandFailure(
            status: ExitStatus.system,
            message: "no probe could be sent to \(target.title): \(observation.notSentReason ?? "interrupted")"
        )
    }

    private func document(
        _ observation: TraceObservation,
        hearing: TraceProber.Hearing,
        startedAt: WallInstant,
        endedAt: WallInstant,
        interrupted: Bool
    ) -> TraceDocument {
        let evidence = TraceEvidence(
            endpoint: target.endpoint.description,
            destination: target.address.address,
            dscp: command.dscp,
            paths: observation.paths(),
            readsQuotes: hearing == .rawICMP,
            notSentReason: observation.notSentReason
        )
        let description = TraceDescription(
            id: ResultID(at: startedAt),
            agent: Host.name,
            version: Linecheck.version,
            startedAt: startedAt,
            endedAt: endedAt,
            probeProtocol: CheckDescription.ProbeProtocol(rawValue: target.endpoint.scheme.rawValue) ?? .stamp,
            payloadBytes: command.payload,
            queries: plan.queries,
            maxHops: plan.maximumHops,
            interval: plan.interval,
            timeout: plan.timeout,
            longest: plan.longest,
            hearing: hearing.rawValue,
            ignored: observation.ignored,
            interrupted: interrupted
        )
        return TraceDocument(description, evidence: evidence, verdict: TraceVerdict(evidence))
    }
}

/// A trace's progress on standard error: a line that is written over on a terminal, one every ten seconds elsewhere.
struct TraceProgress {
    private let quiet: Bool
    private let interval: Nanoseconds
    private var shownAt = Nanoseconds.zero

    init(quiet: Bool) {
        self.quiet = quiet
        interval = Terminal.standardErrorIsTerminal ? .milliseconds(500) : .seconds(10)
    }

    func start(_ message: String) {
        if !quiet { Terminal.write(message + "\n") }
    }

    mutating func show(_ position: (wave: Int, hop: Int), of plan: TracePlan, elapsed: Nanoseconds) {
        guard !quiet, elapsed - shownAt >= interval else { return }
        shownAt = elapsed
        let seconds = (whole: Int(elapsed.seconds), longest: Int(plan.longest.seconds.rounded(.up)))
        let line = "\(seconds.whole)/\(seconds.longest) s  round \(position.wave) of \(plan.waves)  hop \(position.hop)"
        Terminal.write(Terminal.standardErrorIsTerminal ? "\r\u{1b}[K\(line)" : line + "\n")
    }

    func end() {
        if !quiet, Terminal.standardErrorIsTerminal { Terminal.write("\r\u{1b}[K") }
    }
}
