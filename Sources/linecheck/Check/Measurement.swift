import Agent
import Capture
import Glibc
import LinuxNet
import ProbeCore
import Readiness
import Report
import Units
import Wire

/// Where to and how much: one run of the probe thread.
struct Load {
    var targets: [Target]
    /// Simultaneous calls to each endpoint, each a stream both ways; nil is one on each port.
    var calls: Int?
    var duration: Nanoseconds

    /// How many streams go to each port of a target, in the order of its ports: calls go round the ports.
    func streamsPerPort(_ target: Target) -> [Int] {
        let ports = target.endpoint.ports.ports.count
        guard let calls else { return Array(repeating: 1, count: ports) }
        return (0..<ports).map { calls / ports + ($0 < calls % ports ? 1 : 0) }
    }

    var streamCount: Int { targets.reduce(0) { $0 + streamsPerPort($1).reduce(0, +) } }
}

/// When the streams of a check send: one grid for all, in every so manieth round of which each has its turn.
struct Pace {
    /// Of the grid.
    let interval: Nanoseconds
    private let relayInterval: Nanoseconds

    init(_ settings: CheckSettings, _ targets: [Target]) {
        let hasReflector = targets.contains { $0.endpoint.scheme == .stamp }
        interval = hasReflector ? settings.interval : settings.relayInterval
        relayInterval = settings.relayInterval
    }

    func roundsPerPacket(_ target: Target) -> Int {
        target.endpoint.scheme == .stamp ? 1 : rounds(of: relayInterval)
    }

    /// To the nearest.
    func rounds(of time: Nanoseconds) -> Int { max(1, Int((time + interval / 2).count / max(1, interval.count))) }

    func interval(_ target: Target) -> Nanoseconds { interval * Int64(roundsPerPacket(target)) }
}

/// What a run brought home.
struct Measurement {
    var log: ObservationLog
    var outcome: ProbeOutcome
    var startedAt: WallInstant
    var endedAt: WallInstant
    var wasInterrupted: Bool
    /// Both clocks at the start, and where each stream sent from.
    var origin: ClockReading
    var localAddresses: [SocketAddress?]
    /// By stream: what a server answered, whole.
    var keptReplies: [[UInt8]?]
    var capture: CaptureOutcome
    /// What the packets came to, where there were too many to keep them: `log` then has none.
    var digest: CheckDigest?
}

/// Runs the probe thread and empties its ring.
struct MeasurementRun {
    let settings: CheckSettings
    let load: Load
    let errorEstimate: ErrorEstimate
    let pace: Pace
    private let auxiliaries: [AuxiliaryStream]
    private let capture: CaptureSetting
    private let clock = SystemClock()

    init(settings: CheckSettings, load: Load, errorEstimate: ErrorEstimate, capture: CaptureSetting = .off) {
        self.settings = settings
        self.capture = capture
        self.load = load
        self.errorEstimate = errorEstimate
        pace = Pace(settings, load.targets)
        auxiliaries = AuxiliaryStream.all(load.targets, settings, pace)
    }

    /// Runs to the end; an interruption (SIGINT, SIGTERM, SIGHUP) shortens it, a second one ends it at once.
    func run(_ signals: borrowing Signals, progress: inout Progress) throws -> Measurement {
        let prober = try makeProber(measuredRounds: Int(load.duration.count / pace.interval.count))
        let captures = try CheckCaptures(capture, of: capturedStreams(prober), mark: settings.dscp)
        try systemCall { () throws(SystemError) in try prober.start() }
        var log = emptyLog()
        let interruptions = watch(prober, signals, &log, &progress)
        try Self.requireAllRecords(prober)
        return Measurement(
            log: log,
            outcome: prober.outcome,
            startedAt: prober.origin.wall,
            endedAt: clock.wall(),
            wasInterrupted: interruptions > 0,
            origin: prober.origin,
            localAddresses: prober.localAddresses,
            keptReplies: prober.keptReplies,
            capture: captures.finish()
        )
    }

    /// Once shortens the run, twice ends it.
    static func interrupt(_ prober: Prober, _ interruptions: Int, _ progress: inout Progress) {
        if interruptions == 1 {
            progress.note("interrupted: waiting for the last replies, then the report; again to stop at once")
            prober.stop()
        } else {
            prober.abandon()
        }
    }

    /// Without every record no number is right.
    static func requireAllRecords(_ prober: Prober) throws {
        guard prober.ring.overflow == 0 else {
            throw CommandFailure(
                status: ExitStatus.system,
                message: "this host was too busy to keep the measurement: \(prober.ring.overflow) records were lost; "
                    + "check again from a machine with an idle processor"
            )
        }
    }

    func emptyLog() -> ObservationLog {
        let intervals = load.targets.flatMap { target in
            load.streamsPerPort(target).flatMap { Array(repeating: pace.interval(target), count: $0) }
        }
        return ObservationLog(
            intervals: intervals + auxiliaries.map { pace.interval * Int64($0.plan.roundsPerPacket) },
            replyTimeout: ProbeDefaults.replyTimeout
        )
    }

    /// Of all streams together.
    var packetsPerSecond: Double { emptyLog().streams.reduce(0) { $0 + 1 / max(1e-9, $1.interval.seconds) } }

    func makeProber(measuredRounds: Int) throws -> Prober {
        let perSecond = Int(max(1, Nanoseconds.seconds(1).count / pace.interval.count))
        let plan = ProbePlan(
            streams: load.targets.flatMap(streamPlans) + auxiliaries.map(\.plan),
            run: RunPlan(
                leadInRounds: max(5, perSecond / 5),
                measuredRounds: measuredRounds,
                tailLimit: max(5, perSecond)
            ),
            interval: pace.interval,
            replyTimeout: ProbeDefaults.replyTimeout,
            errorEstimate: errorEstimate
        )
        do {
            return try Prober(plan)
        } catch let error as TextRefusal {
            throw CommandFailure(status: ExitStatus.usage, message: error.description)
        } catch {
            throw CommandFailure(status: ExitStatus.system, message: "\(error)")
        }
    }

    private func streamPlans(_ target: Target) -> [StreamPlan] {
        zip(target.endpoint.ports.ports, load.streamsPerPort(target)).flatMap { port, count in
            var destination = target.address
            destination.port = port
            return (0..<count).map { _ in
                StreamPlan(
                    destination: destination,
                    dscp: settings.dscp,
                    probe: settings.probe(of: target.endpoint.scheme, interval: pace.interval(target)),
                    roundsPerPacket: pace.roundsPerPacket(target)
                )
            }
        }
    }

    /// In the order of the run's streams.
    func capturedStreams(_ prober: Prober) -> [CapturedStream] {
        let plans = load.targets.flatMap(streamPlans)
        return zip(prober.localAddresses, plans).map { local, plan in
            CapturedStream(
                local: local,
                remote: plan.destination,
                numbering: Self.numbering(plan, authenticated: settings.key != nil)
            )
        }
    }

    private static func numbering(_ plan: StreamPlan, authenticated: Bool) -> CapturedFlow.Numbering {
        if case .stamp = plan.probe { return .stamp(authenticated: authenticated) }
        return .stun
    }

    /// Empties the ring until the run has ended; gives how often it was interrupted.
    private func watch(
        _ prober: Prober,
        _ signals: borrowing Signals,
        _ log: inout ObservationLog,
        _ progress: inout Progress
    ) -> Int {
        var interruptions = 0
        while true {
            let ended = prober.isFinished
            prober.ring.drain { log.append($0) }
            if ended { break }
            if signals.next(within: .milliseconds(100)) != nil {
                interruptions += 1
                Self.interrupt(prober, interruptions, &progress)
            }
            let now = clock.read()
            guard progress.isDue(at: now.monotonic) else { continue }
            progress.show(
                log.runningFigures(
                    at: prober.origin.wall(at: now.monotonic),
                    elapsed: now.monotonic - prober.origin.monotonic,
                    total: load.duration
                )
            )
        }
        progress.end()
        return interruptions
    }
}

extension ObservationLog {
    /// Figures so far, of all streams together; round trip and jitter of the latest replies.
    ///
    /// - Parameter runNow: on the run's own clock.
    func runningFigures(at runNow: WallInstant, elapsed: Nanoseconds, total: Nanoseconds) -> RunningFigures {
        let sent = streams.reduce(0) { $0 + $1.sentCount }
        let answered = streams.reduce(0) { $0 + $1.answeredCount }
        let overdue = streams.reduce(0) { $0 + $1.unanswered(by: runNow) }
        let latest = streams.map { $0.latestRoundTrips(100) }
        let roundTrips = latest.flatMap { $0 }.sorted()
        let variations = latest.flatMap { trips in zip(trips, trips.dropFirst()).map { ($1 - $0).magnitude } }
        let sum = variations.reduce(Nanoseconds.zero, +)
        return RunningFigures(
            elapsed: min(elapsed, total),
            total: total,
            sent: sent,
            answered: answered,
            lossRatio: answered + overdue == 0 ? nil : Double(overdue) / Double(answered + overdue),
            roundTripMedian: roundTrips.isEmpty ? nil : roundTrips[roundTrips.count / 2],
            jitter: variations.isEmpty ? nil : sum / Int64(variations.count)
        )
    }
}
