import Agent
import Foundation
import LinuxNet
import Logging
import Readiness
import Results
import Units

/// The agent: one loop that knows when to check, has checks made in processes of their own, and hands on what they
/// bring home.
final class AgentService {
    private let file: String
    private let log: Logger
    private let clock = SystemClock()
    private let manager = ServiceManager()
    private let lock: DirectoryLock
    private let spool: Spool
    private let memoryFile: StateFile<ScheduleMemory>
    private let statusFile: StateFile<AgentStatus>
    private let continuousFile: StateFile<ContinuousMemory>

    private var agentClock: AgentClock
    private var configuration: Configuration
    private var planner: SchedulePlanner
    private var delivery: AgentDelivery
    private var assessments: AssessmentKeeper
    private var metrics: MetricsServer?
    private var running: (process: CheckProcess, startedAt: ClockReading)?
    private var continuous: ContinuousChecks
    private var status: AgentStatus
    private var latest: [String: ResultDocument] = [:]
    private var statusDue: MonotonicInstant
    private var watchdogDue: MonotonicInstant

    /// - Throws: `CommandFailure` where the agent could do nothing.
    init(_ configuration: Configuration, file: String, log: Logger) throws {
        try Self.requireWork(configuration, file: file)
        self.file = file
        self.log = log
        self.configuration = configuration
        let directory = configuration.spool.directory
        try Self.make(directory)
        lock = try Self.lock(directory)
        spool = Spool(configuration.spool, clock: clock) { event in log.warning("spool: \(event)") }
        memoryFile = StateFile(path: directory + "/schedules.json")
        statusFile = StateFile(path: (ServiceManager.variable("RUNTIME_DIRECTORY") ?? directory) + "/status.json")
        continuousFile = StateFile(path: directory + "/continuous.json")
        agentClock = AgentClock(directory: directory, clock: clock, log: log)
        let (now, _) = agentClock.read()
        continuous = ContinuousChecks(
            configuration,
            file: file,
            memory: Self.memory(continuousFile, log),
            now: now
        )
        planner = SchedulePlanner(
            configuration.schedules,
            agent: Self.identity(configuration),
            memory: Self.memory(memoryFile, log),
            isFilled: spool.isFilled,
            now: now
        )
        delivery = AgentDelivery(configuration, spool: spool, clock: clock, log: log)
        assessments = Self.assessments(configuration)
        status = AgentStatus(
            site: configuration.site ?? Host.name,
            version: Linecheck.version,
            process: getpid(),
            startedAt: now.wall
        )
        statusDue = now.monotonic
        watchdogDue = now.monotonic
        for schedule in configuration.schedules { status.schedules[schedule.name] = .init() }
        for complaint in assessments.complaints { log.warning("assessments: \(complaint)") }
        countWhatWasSpooled(by: now)
        openMetrics()
    }

    private static func assessments(_ configuration: Configuration) -> AssessmentKeeper {
        let site = configuration.site ?? Host.name
        return AssessmentKeeper(
            configuration,
            identity: .init(site: site, agent: Host.name, version: Linecheck.version),
            phase: identity(configuration),
            directory: configuration.spool.directory + "/assessments"
        )
    }

    /// A result that was spooled by an agent that was killed before it counted it.
    private func countWhatWasSpooled(by now: ClockReading) {
        for document in spool.latest(.result, upTo: Self.uncounted) {
            guard let result = try? ResultDocument.decode(Data(document.json)) else { continue }
            // Made by a clock that has been set back since.
            if let slot = result.schedule?.slotAt.instant, slot > now.wall { continue }
            do throws(TextRefusal) {
                try assessments.keep(result)
            } catch {
                log.error("assessments: \(error)")
            }
        }
    }

    /// Checks are counted one by one, so that it was the latest; a few more for a disk that was full meanwhile.
    private static let uncounted = 16

    /// What tells this agent from the others of its fleet.
    static func identity(_ configuration: Configuration) -> String { (configuration.site ?? "") + "\n" + Host.name }

    static func requireWork(_ configuration: Configuration, file: String) throws {
        guard configuration.endpoints.isEmpty || configuration.schedules.isEmpty else { return }
        let missing = configuration.endpoints.isEmpty ? "endpoints" : "schedules"
        throw CommandFailure(
            status: ExitStatus.configuration,
            message: "\(file) names no \(missing), and without \(missing) an agent has nothing to do: see the comments "
                + "in /etc/linecheck/linecheck.yaml"
        )
    }

    private static func make(_ directory: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(
                status: ExitStatus.cannotCreate,
                message: "the directory '\(directory)' (spool.directory) is not there and cannot be made: "
                    + error.localizedDescription
            )
        }
    }

    private static func lock(_ directory: String) throws -> DirectoryLock {
        do {
            return try DirectoryLock(directory)
        } catch {
            throw CommandFailure(status: ExitStatus.temporary, message: error.description)
        }
    }

    private static func memory(_ file: StateFile<ScheduleMemory>, _ log: Logger) -> ScheduleMemory {
        do throws(TextRefusal) {
            return try file.read() ?? ScheduleMemory()
        } catch {
            log.warning("what was checked before is not known, so a check may be made twice: \(error)")
            return ScheduleMemory()
        }
    }

    private static func memory(_ file: StateFile<ContinuousMemory>, _ log: Logger) -> ContinuousMemory {
        do throws(TextRefusal) {
            return try file.read() ?? ContinuousMemory()
        } catch {
            log.warning("up to when results came is not known, so none is told as missed: \(error)")
            return ContinuousMemory()
        }
    }

    // MARK: - The loop

    func run(_ signals: borrowing Signals) {
        delivery.start()
        log.info("runs", metadata: ["site": "\(status.site)", "version": "\(Linecheck.version)"])
        manager.ready(status: "waiting for the first check")
        while true {
            let wait = step()
            switch signals.next(within: wait) {
            case nil: continue
            case SIGHUP: reload()
            default:
                stop()
                return
            }
        }
    }

    /// Now, once it is known what became of the clock since the last time.
    private func readClock() -> ClockReading {
        let (now, events) = agentClock.read()
        for event in events { heed(event, now) }
        return now
    }

    private func heed(_ event: ClockGuard.Event, _ reading: ClockReading) {
        statusDue = clock.monotonic()
        switch event {
        case .slept(let time):
            planner.note(lost: time, .slept)
            continuous.note(lost: time, .slept)
            continuous.beginAnew(reading)
        case .followed(let step, let now, _) where step > .zero:
            planner.note(lost: (now - step)..<now, .clockSet)
            continuous.note(lost: (now - step)..<now, .clockSet)
            continuous.beginAnew(reading)
        case .followed(let step, let now, _):
            planner.clockWasSetBack(by: step.magnitude, to: now)
            continuous.clockWasSetBack(to: now)
            continuous.beginAnew(reading)
            if step.magnitude > SchedulePlanner.longestRepetition { forgetChecks(after: now) }
            keepMemory()
        case .held, .cameBack, .settled: break
        }
    }

    private func forgetChecks(after moment: WallInstant) {
        do throws(TextRefusal) {
            try assessments.forget(after: moment)
        } catch {
            log.error("assessments: \(error)")
        }
    }

    /// Does what is due; gives how long there is nothing to do.
    private func step() -> Nanoseconds {
        let now = readClock()
        if let running { watch(running.process, startedAt: running.startedAt, now) }
        let plan = running == nil ? planner.look(now) : nil
        if let plan { act(on: plan) }
        take(continuous.step(now))
        tellIfDue(now)
        if running == nil { concludeAssessments() }
        guard running == nil, continuous.isEmpty else { return .milliseconds(100) }
        // Clocks are set, and hosts sleep: it is looked for that often.
        let untilNext = plan?.next.map { $0.slot - now.wall } ?? .seconds(5)
        return min(max(untilNext, .milliseconds(1)), .seconds(5))
    }

    private func act(on plan: SchedulePlanner.Plan) {
        tell(plan.missed)
        status.nextCheckAt = plan.next.map { UTCTime($0.slot) }
        status.nextSchedule = plan.next?.schedule.name
        if let due = plan.due { begin(due) }
        if !plan.missed.isEmpty || plan.due != nil { keepMemory() }
    }

    private func tell(_ missed: [MissedCheck]) {
        for missed in missed {
            status.schedules[missed.schedule, default: .init()].missed += 1
            log.warning(
                "missed a check: \(missed.reason.rawValue)",
                metadata: ["schedule": "\(missed.schedule)", "slot": "\(UTCTime(missed.slot).text)"]
            )
        }
    }

    // MARK: - Checks

    /// What the checks without end brought.
    private func take(_ events: [ContinuousChecks.Event]) {
        for event in events {
            switch event {
            case .result(let check, let document): complete(check, document)
            case .failed(let schedule, let reason): failed(schedule, reason)
            case .missed(let missed): tell(missed)
            case .began(let schedule):
                log.info("check begins, without end", metadata: ["schedule": "\(schedule)"])
                manager.status("checking without end: \(continuous.running.joined(separator: ", "))")
            }
        }
        guard !events.isEmpty else { return }
        statusDue = clock.monotonic()
        do throws(TextRefusal) {
            try continuousFile.write(continuous.memory)
        } catch {
            log.error("\(error)")
        }
    }

    private func begin(_ due: ScheduledCheck) {
        planner.begin(due)
        // Begun before it is begun: an agent that is killed in between misses one check, and doubles none.
        keepMemory()
        let call = CheckCall(configurationFile: file, scheduled: due, base: configuration.probe)
        do throws(TextRefusal) {
            running = (try CheckProcess(call, program: "/proc/self/exe"), readClock())
            status.checking = due.schedule.name
            manager.status("checking: \(due.schedule.name)")
            log.info("check begins", metadata: ["schedule": "\(due.schedule.name)"])
        } catch {
            let now = readClock()
            planner.end(startedAt: now.wall, now: now)
            keepMemory()
            failed(due.schedule.name, error.description)
        }
        statusDue = clock.monotonic()
    }

    private func watch(_ process: CheckProcess, startedAt: ClockReading, _ now: ClockReading) {
        guard let outcome = process.outcome else {
            if now.monotonic - startedAt.monotonic > process.call.timeLimit { process.kill() }
            return
        }
        end(process, outcome, startedAt: startedAt, now)
    }

    private func end(
        _ process: CheckProcess,
        _ outcome: CheckProcess.Outcome,
        startedAt: ClockReading,
        _ now: ClockReading
    ) {
        running = nil
        status.checking = nil
        planner.end(startedAt: startedAt.wall, now: now)
        // Once its result is stored: a crash in between calls it missed, but loses nothing.
        defer { keepMemory() }
        statusDue = now.monotonic
        let schedule = process.call.scheduled.schedule.name
        guard let code = outcome.status, code < 4 else {
            let how = outcome.status.map { "exit status \($0)" } ?? "it was killed"
            failed(schedule, outcome.message.isEmpty ? how : outcome.message)
            return
        }
        do {
            complete(process.call.scheduled, try ResultDocument.decode(Data(outcome.output)))
        } catch {
            failed(schedule, "its result cannot be read: \(error)")
        }
    }

    private func complete(_ scheduled: ScheduledCheck, _ result: ResultDocument) {
        let schedule = scheduled.schedule.name
        var result = result
        result.delivery = DeliveryDocument(delivery.status)
        result.schedule = ScheduledSlotDocument(name: schedule, slotAt: UTCTime(scheduled.slot))
        result.assessment = assessments.standing(with: result)
        do {
            try delivery.accept(result)
            try assessments.keep(result)
        } catch {
            failed(schedule, "its result cannot be stored: \(error)")
            return
        }
        latest[schedule] = result
        status.schedules[schedule, default: .init()].made += 1
        status.schedules[schedule]?.last = AgentStatus.Check(result)
        status.schedules[schedule]?.lastFailure = nil
        manager.status("latest: \(schedule) \(result.grade.rawValue)")
        log.info(
            "check ends",
            metadata: ["schedule": "\(schedule)", "grade": "\(result.grade.rawValue)", "id": "\(result.id)"]
        )
    }

    /// Those that are over, each once: spooled first, so that one whose conclusion a crash forestalls is spooled again,
    /// under the same id.
    private func concludeAssessments() {
        for document in assessments.due(at: agentClock.certainTime) {
            do {
                try delivery.accept(document)
                try assessments.conclude(document)
                log.notice(
                    "assessment ends",
                    metadata: [
                        "assessment": "\(document.name)", "verdict": "\(document.verdict.rawValue)",
                        "id": "\(document.id)",
                    ]
                )
            } catch {
                log.error("the verdict cannot be stored: \(error)", metadata: ["assessment": "\(document.name)"])
            }
        }
    }

    private func failed(_ schedule: String, _ reason: String) {
        status.schedules[schedule, default: .init()].failed += 1
        status.schedules[schedule]?.lastFailure = reason
        manager.status("a check failed: \(schedule)")
        log.error("check failed: \(reason)", metadata: ["schedule": "\(schedule)"])
    }

    // MARK: - What others are told

    private func tellIfDue(_ now: ClockReading) {
        if let interval = manager.watchdogInterval, now.monotonic >= watchdogDue {
            manager.alive()
            watchdogDue = now.monotonic + min(interval, .seconds(5))
        }
        guard now.monotonic >= statusDue else { return }
        statusDue = now.monotonic + AgentStatus.interval
        // What waits in memory is tried again.
        spool.flush()
        status.writtenAt = UTCTime(clock.wall())
        status.clockTrouble = agentClock.trouble
        let checking = [running?.process.call.scheduled.schedule.name].compactMap(\.self) + continuous.running
        status.checking = checking.isEmpty ? nil : checking.joined(separator: ", ")
        status.delivery = DeliveryDocument(delivery.status)
        status.hasCollector = configuration.collector != nil
        do throws(TextRefusal) {
            try statusFile.write(status, isPublic: true)
        } catch {
            log.error("\(error)")
        }
        metrics?.show(PrometheusText.render(status, latest: latest))
    }

    private func keepMemory() {
        do throws(TextRefusal) {
            try memoryFile.write(planner.memory)
        } catch {
            log.error("\(error)")
        }
    }

    private func openMetrics() {
        metrics?.stop()
        metrics = nil
        guard let port = configuration.metrics.port else { return }
        let log = log
        do {
            let server = try MetricsServer(port: port)
            server.start { log.error("metrics on port \(port): \($0)") }
            metrics = server
        } catch {
            log.error("metrics on port \(port): \(error)")
        }
    }

    // MARK: - Reload and stop

    private func reload() {
        manager.reloading(at: clock.monotonic())
        defer { manager.ready(status: "the configuration was read anew") }
        statusDue = clock.monotonic()
        delivery.reopen()
        do {
            let new = try CheckSettings.configuration(file)
            try Self.requireWork(new, file: file)
            guard new.spool.directory == configuration.spool.directory, new.spool.size == configuration.spool.size
            else {
                throw CommandFailure(
                    status: ExitStatus.configuration,
                    message: "spool.directory and spool.size change only when the agent starts: restart it"
                )
            }
            apply(new)
        } catch let failure as CommandFailure {
            status.refusedConfiguration = failure.message
            log.error("the configuration is refused, and the one before goes on: \(failure.message)")
        } catch {
            status.refusedConfiguration = "\(error)"
            log.error("the configuration is refused, and the one before goes on: \(error)")
        }
    }

    private func apply(_ new: Configuration) {
        let changed = new.sections(differingFrom: configuration)
        status.refusedConfiguration = nil
        log.info("configuration read anew: \(changed.isEmpty ? "nothing changed" : changed.joined(separator: ", "))")
        let old = configuration
        configuration = new
        status.site = new.site ?? Host.name
        planner.apply(new.schedules, agent: Self.identity(new))
        continuous.apply(
            new,
            restarting: new.asChecksReadIt != old.asChecksReadIt,
            memory: continuous.memory,
            now: readClock()
        )
        assessments = Self.assessments(new)
        status.schedules = Dictionary(
            uniqueKeysWithValues: new.schedules.map { ($0.name, status.schedules[$0.name] ?? .init()) }
        )
        latest = latest.filter { status.schedules[$0.key] != nil }
        if new.collector != old.collector || new.sinks != old.sinks {
            delivery.stop()
            delivery = AgentDelivery(new, spool: spool, clock: clock, log: log)
            delivery.start()
        }
        if new.metrics != old.metrics { openMetrics() }
    }

    /// Within a second: checks that run report what they have.
    private func stop() {
        manager.stopping()
        log.info("stops")
        let deadline = clock.monotonic() + .milliseconds(800)
        if let running {
            endEarly(running.process, startedAt: running.startedAt)
        }
        take(continuous.stop(by: deadline, clock: clock))
        agentClock.keep()
        delivery.stop()
        spool.close()
        metrics?.stop()
        unlink(statusFile.path)
    }

    private func endEarly(_ process: CheckProcess, startedAt: ClockReading) {
        let deadline = clock.monotonic() + .milliseconds(800)
        process.interrupt()
        usleep(50_000)
        // The second time it waits for no more replies.
        process.interrupt()
        while process.outcome == nil, clock.monotonic() < deadline { usleep(10_000) }
        guard let outcome = process.outcome else {
            process.kill()
            planner.end(startedAt: startedAt.wall, now: readClock())
            keepMemory()
            failed(process.call.scheduled.schedule.name, "the agent stopped before it ended")
            return
        }
        end(process, outcome, startedAt: startedAt, readClock())
    }
}
