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

/// What a run brought home.
struct Measurement {
    var log: ObservationLog
    var outcome: ProbeOutcome
    var startedAt: WallInstant
    var endedAt: WallInstant
    var wasInterrupted: Bool
    var capture: CaptureOutcome
}

/// Runs the probe thread and empties its ring.
struct MeasurementRun {
    let settings: CheckSettings
    let load: Load
    let errorEstimate: ErrorEstimate
    var capture = CaptureSetting.off
    private let clock = SystemClock()

    /// Runs to the end; an interruption (SIGINT, SIGTERM, SIGHUP) shortens it, a second one ends it at once.
    func run(_ signals: borrowing Signals, progress: inout Progress) throws -> Measurement {
        let prober = try makeProber()
        let captures = try CheckCaptures(capture, of: capturedStreams(prober))
        try systemCall { () throws(SystemError) in try prober.start() }
        var log = ObservationLog(
            streams: load.streamCount,
            interval: settings.interval,
            replyTimeout: ProbeDefaults.replyTimeout
        )
        let interruptions = watch(prober, signals, &log, &progress)
        guard prober.ring.overflow == 0 else {
            throw CommandFailure(
                status: ExitStatus.system,
                message: "this host was too busy to keep the measurement: \(prober.ring.overflow) records were lost; "
                    + "check again from a machine with an idle processor"
            )
        }
        return Measurement(
            log: log,
            outcome: prober.outcome,
            startedAt: prober.origin.wall,
            endedAt: clock.wall(),
            wasInterrupted: interruptions > 0,
            capture: captures.finish(mark: settings.dscp)
        )
    }

    private func makeProber() throws -> Prober {
        let perSecond = Int(max(1, Nanoseconds.seconds(1).count / settings.interval.count))
        let plan = ProbePlan(
            streams: load.targets.flatMap(streamPlans),
            run: RunPlan(
                leadInRounds: max(5, perSecond / 5),
                measuredRounds: Int(load.duration.count / settings.interval.count),
                tailLimit: max(5, perSecond)
            ),
            interval: settings.interval,
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
                StreamPlan(destination: destination, dscp: settings.dscp, sender: senderConfiguration())
            }
        }
    }

    /// In the order of the run's streams.
    private func capturedStreams(_ prober: Prober) -> [CapturedStream] {
        let plans = load.targets.flatMap(streamPlans)
        return zip(prober.localAddresses, plans).map { local, plan in
            CapturedStream(
                local: local,
                remote: plan.destination,
                numbering: .stamp(authenticated: settings.key != nil)
            )
        }
    }

    private func senderConfiguration() -> SessionSenderConfiguration {
        SessionSenderConfiguration(
            ssid: UInt16.random(in: 1 ... .max),
            payloadLength: settings.payload,
            requestedDSCP: settings.dscp,
            key: settings.key,
            interval: settings.interval,
            replyTimeout: ProbeDefaults.replyTimeout
        )
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
                if interruptions == 1 {
                    progress.note("interrupted: waiting for the last replies, then the report; again to stop at once")
                    prober.stop()
                } else {
                    prober.abandon()
                }
            }
            let now = clock.read()
            guard progress.isDue(at: now.monotonic) else { continue }
            progress.show(log.runningFigures(at: now, origin: prober.origin, total: load.duration))
        }
        progress.end()
        return interruptions
    }
}

extension ObservationLog {
    /// Figures so far, of all streams together; round trip and jitter of the latest replies.
    fileprivate func runningFigures(at now: ClockReading, origin: ClockReading, total: Nanoseconds) -> RunningFigures {
        let runNow = origin.wall(at: now.monotonic)
        let sent = streams.reduce(0) { $0 + $1.sentCount }
        let answered = streams.reduce(0) { $0 + $1.answeredCount }
        let overdue = streams.reduce(0) { $0 + $1.unanswered(by: runNow) }
        let latest = streams.map { $0.latestRoundTrips(100) }
        let roundTrips = latest.flatMap { $0 }.sorted()
        let variations = latest.flatMap { trips in zip(trips, trips.dropFirst()).map { ($1 - $0).magnitude } }
        let sum = variations.reduce(Nanoseconds.zero, +)
        return RunningFigures(
            elapsed: min(now.monotonic - origin.monotonic, total),
            total: total,
            sent: sent,
            answered: answered,
            lossRatio: answered + overdue == 0 ? nil : Double(overdue) / Double(answered + overdue),
            roundTripMedian: roundTrips.isEmpty ? nil : roundTrips[roundTrips.count / 2],
            jitter: variations.isEmpty ? nil : sum / Int64(variations.count)
        )
    }
}
