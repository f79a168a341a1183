import Agent
import Glibc
import LinuxNet
import ProbeCore
import Readiness
import Report
import Results
import Statistics
import Units
import Wire

/// One check from name resolution to result document.
struct CheckRun {
    private let settings: CheckSettings
    private var progress: Progress
    private let clock = SystemClock()

    init(_ settings: CheckSettings, progress: Progress) {
        self.settings = settings
        self.progress = progress
    }

    /// Runs the check; an interruption (SIGINT, SIGTERM, SIGHUP) shortens it, a second one ends it at once.
    mutating func document() throws -> ResultDocument {
        let signals = try systemCall { () throws(SystemError) in try Signals([SIGINT, SIGTERM, SIGHUP]) }
        let targets = try settings.endpoints.map(Target.init)
        let localClock = LocalClock.now(operatorError: settings.clockError)
        let prober = try makeProber(targets, localClock)
        announce(targets)
        try systemCall { () throws(SystemError) in try prober.start() }
        let streams = targets.reduce(0) { $0 + $1.endpoint.ports.ports.count }
        var log = ObservationLog(
            streams: streams,
            interval: settings.interval,
            replyTimeout: ProbeDefaults.replyTimeout
        )
        watch(prober, signals, &log)
        guard prober.ring.overflow == 0 else {
            throw CommandFailure(
                status: ExitStatus.system,
                message: "this host was too busy to keep the measurement: \(prober.ring.overflow) records were lost; "
                    + "check again from a machine with an idle processor"
            )
        }
        let assembly = EvidenceAssembly(settings: settings, targets: targets, localClock: localClock)
        return assembly.document(log, outcome: prober.outcome, startedAt: prober.origin.wall, endedAt: clock.wall())
    }

    private func announce(_ targets: [Target]) {
        let packets = targets.reduce(0) { $0 + $1.endpoint.ports.ports.count }
        let rate = Double(packets) / settings.interval.seconds
        let names = targets.map(\.title).joined(separator: ", ")
        progress.start(
            "measuring for \(settings.duration.text) to \(names): "
                + "\(Int(rate.rounded())) packets/s of \(settings.payload) octets each way"
        )
    }

    private func makeProber(_ targets: [Target], _ localClock: LocalClock) throws -> Prober {
        let perSecond = Int(max(1, Nanoseconds.seconds(1).count / settings.interval.count))
        let run = RunPlan(
            leadInRounds: max(5, perSecond / 5),
            measuredRounds: Int(settings.duration.count / settings.interval.count),
            tailLimit: max(5, perSecond)
        )
        var streams: [StreamPlan] = []
        for target in targets {
            for port in target.endpoint.ports.ports {
                var destination = target.address
                destination.port = port
                streams.append(
                    StreamPlan(destination: destination, dscp: settings.dscp, sender: senderConfiguration())
                )
            }
        }
        let plan = ProbePlan(
            streams: streams,
            run: run,
            interval: settings.interval,
            replyTimeout: ProbeDefaults.replyTimeout,
            errorEstimate: localClock.errorEstimate
        )
        do {
            return try Prober(plan)
        } catch let error as TextRefusal {
            throw CommandFailure(status: ExitStatus.usage, message: error.description)
        } catch {
            throw CommandFailure(status: ExitStatus.system, message: "\(error)")
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

    /// Empties the ring until the run has ended.
    private mutating func watch(_ prober: Prober, _ signals: borrowing Signals, _ log: inout ObservationLog) {
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
            progress.show(log.runningFigures(at: now, origin: prober.origin, total: settings.duration))
        }
        progress.end()
    }
}

/// Turns a failed system call into the command's failure.
func systemCall<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws -> Value {
    do throws(SystemError) {
        return try body()
    } catch {
        let status = error.errno == EACCES || error.errno == EPERM ? ExitStatus.noPermission : ExitStatus.system
        throw CommandFailure(status: status, message: error.description)
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
