import Agent
import Foundation
import LinuxNet
import Results
import Units

/// The checks without end that an agent keeps running: a process for each such schedule, whose results come one after
/// the other.
///
/// A process that ends by itself is begun again, later each time until a result comes; one whose hours are over, or
/// whose configuration changed, is told to end and gives what it has.
struct ContinuousChecks {
    enum Event {
        /// A result for one piece of a schedule's time.
        case result(ScheduledCheck, ResultDocument)
        case failed(schedule: String, reason: String)
        case missed([MissedCheck])
        case began(schedule: String)
    }

    private struct Running {
        let process: CheckProcess
        /// When it is killed, once it was told to end.
        var deadline: MonotonicInstant?
    }

    private struct Keeper {
        let schedule: Schedule
        var ledger: ContinuousLedger
        var running: Running?
        /// Not before then is it begun again.
        var beginsAt: MonotonicInstant
        /// Ends of the process in a row without a result in between.
        var failures = 0
        var wasBegun = false
        /// Since when nothing is measured, as its process ended or was killed for its silence, and why.
        var trouble: (since: WallInstant, reason: MissedCheck.Reason)?
        var lost = LostTimes()
        /// What the results cover up to; nil before the first of a process.
        var coveredUntil: WallInstant?
        /// When its process began, or last gave a result.
        var heardAt: MonotonicInstant
        var isKilledForSilence = false

        var longestSilence: Nanoseconds { schedule.shortestGap * 2 + .seconds(60) }
    }

    /// How long a process that was told to end may take: its last replies, and its last judgement.
    private static let patience = Nanoseconds.seconds(15)
    private static let leastPause = Nanoseconds.seconds(1)
    private static let longestPause = Nanoseconds.seconds(60)

    private let file: String
    private let program: String
    private var keepers: [String: Keeper] = [:]
    /// Of schedules that are no longer there, until they have ended.
    private var leaving: [Keeper] = []
    private var startedAt: WallInstant
    private var lost = LostTimes()

    /// - Parameter memory: what was kept when the agent ran before.
    init(
        _ configuration: Configuration,
        file: String,
        program: String = "/proc/self/exe",
        memory: ContinuousMemory,
        now: ClockReading
    ) {
        self.file = file
        self.program = program
        startedAt = now.wall
        apply(configuration, restarting: false, memory: memory, now: now)
    }

    var isEmpty: Bool { keepers.isEmpty && leaving.isEmpty }

    var memory: ContinuousMemory {
        var memory = ContinuousMemory()
        memory.ledgers = keepers.mapValues(\.ledger.memory)
        return memory
    }

    /// The schedules whose checks run now.
    var running: [String] { keepers.filter { $0.value.running != nil }.keys.sorted() }

    // MARK: - The configuration

    /// - Parameter restarting: what the checks read of the configuration has changed.
    mutating func apply(
        _ configuration: Configuration,
        restarting: Bool,
        memory: ContinuousMemory,
        now: ClockReading
    ) {
        let wanted = Dictionary(
            configuration.schedules.filter(\.isContinuous).map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for (name, keeper) in keepers where wanted[name] == nil {
            keepers[name] = nil
            if keeper.running != nil { leaving.append(keeper) }
        }
        for (name, schedule) in wanted {
            let old = keepers[name]
            if let old, old.schedule == schedule, !restarting { continue }
            let known = old?.ledger.memory ?? memory.ledgers[name] ?? .init(horizon: now.wall)
            keepers[name] = Keeper(
                schedule: schedule,
                ledger: ContinuousLedger(schedule, memory: known),
                beginsAt: now.monotonic,
                heardAt: now.monotonic
            )
            // The old one ends with what it has, and the new one begins after it: the line never bears both.
            if let old, old.running != nil { leaving.append(old) }
        }
        for index in leaving.indices { Self.end(&leaving[index], now) }
    }

    private static func end(_ keeper: inout Keeper, _ now: ClockReading) {
        guard keeper.running?.deadline == nil else { return }
        keeper.running?.process.interrupt()
        keeper.running?.deadline = now.monotonic + patience
    }

    /// Lets every check begin anew: one that runs tells the time by the clock as it stood when it began, and by a clock
    /// that stands still while the host sleeps.
    mutating func beginAnew(_ now: ClockReading) {
        for name in keepers.keys.sorted() {
            guard var keeper = keepers[name], keeper.running != nil else { continue }
            leaving.append(keeper)
            keeper.running = nil
            keeper.beginsAt = now.monotonic
            keepers[name] = keeper
        }
        for index in leaving.indices { Self.end(&leaving[index], now) }
    }

    /// In this time nothing could be measured.
    mutating func note(lost time: Range<WallInstant>, _ reason: MissedCheck.Reason) { lost.note(time, reason) }

    mutating func clockWasSetBack(to now: WallInstant) {
        startedAt = min(startedAt, now)
        lost.forget(from: now)
        for name in keepers.keys {
            keepers[name]?.ledger.clockWasSetBack(to: now)
            keepers[name]?.lost.forget(from: now)
            keepers[name]?.trouble?.since = now
        }
    }

    // MARK: - One step

    /// Does what is due.
    mutating func step(_ now: ClockReading) -> [Event] {
        var events: [Event] = []
        for index in leaving.indices { events += collect(&leaving[index], now) }
        for index in leaving.indices { covers(events, &keepers[leaving[index].schedule.name]) }
        leaving.removeAll { $0.running == nil }
        for name in keepers.keys.sorted() {
            guard var keeper = keepers[name] else { continue }
            events += collect(&keeper, now)
            if let begun = keep(&keeper, now) { events.append(begun) }
            let missed = missed(&keeper, now)
            if !missed.isEmpty { events.append(.missed(missed)) }
            keepers[name] = keeper
        }
        return events
    }

    /// What an ending process brings counts for its successor's time as well.
    private func covers(_ events: [Event], _ keeper: inout Keeper?) {
        for case .result(let check, let document) in events where check.schedule.name == keeper?.schedule.name {
            _ = keeper?.ledger.cover(from: document.startedAt.instant, until: document.endedAt.instant)
        }
    }

    /// The results that have come, and how the process ended if it has.
    private func collect(_ keeper: inout Keeper, _ now: ClockReading) -> [Event] {
        guard let running = keeper.running else { return [] }
        let outcome = running.process.outcome
        var events = running.process.takeLines().map { read($0, &keeper, now) }
        if let deadline = running.deadline {
            if now.monotonic > deadline { running.process.kill() }
        } else if outcome == nil, now.monotonic - keeper.heardAt > keeper.longestSilence {
            keeper.isKilledForSilence = true
            running.process.kill()
        }
        guard let outcome else { return events }
        keeper.running = nil
        keeper.failures += 1
        let pause = min(Self.longestPause, Self.leastPause * (1 << Int64(min(keeper.failures - 1, 10))))
        keeper.beginsAt = now.monotonic + (running.deadline == nil ? pause : .zero)
        if running.deadline == nil {
            events.append(.failed(schedule: keeper.schedule.name, reason: Self.reason(outcome, keeper)))
            let since = keeper.trouble?.since ?? keeper.coveredUntil ?? now.wall
            keeper.trouble = (since, keeper.isKilledForSilence ? .checkSilent : .checkDied)
        }
        keeper.isKilledForSilence = false
        return events
    }

    private static func reason(_ outcome: CheckProcess.Outcome, _ keeper: Keeper) -> String {
        if keeper.isKilledForSilence {
            return "it gave no result for \(keeper.longestSilence.text), was killed, and begins anew"
        }
        let how = outcome.status.map { "it ended with exit status \($0)" } ?? "it was killed"
        return outcome.message.isEmpty ? how : outcome.message
    }

    private func read(_ line: [UInt8], _ keeper: inout Keeper, _ now: ClockReading) -> Event {
        do {
            let document = try ResultDocument.decode(Data(line))
            keeper.heardAt = now.monotonic
            keeper.coveredUntil = document.endedAt.instant
            if let trouble = keeper.trouble {
                keeper.lost.note(trouble.since..<max(trouble.since, document.startedAt.instant), trouble.reason)
                keeper.trouble = nil
            }
            let slot = keeper.ledger.cover(from: document.startedAt.instant, until: document.endedAt.instant)
            keeper.failures = 0
            return .result(ScheduledCheck(schedule: keeper.schedule, slot: slot), document)
        } catch {
            return .failed(schedule: keeper.schedule.name, reason: "a result cannot be read: \(error)")
        }
    }

    /// Begins the check in its hours, and ends it after them.
    private func keep(_ keeper: inout Keeper, _ now: ClockReading) -> Event? {
        guard keeper.ledger.isOpen(at: now.wall) else {
            Self.end(&keeper, now)
            return nil
        }
        let name = keeper.schedule.name
        guard keeper.running == nil, now.monotonic >= keeper.beginsAt,
            !leaving.contains(where: { $0.schedule.name == name })
        else { return nil }
        let call = CheckCall(
            configurationFile: file,
            scheduled: ScheduledCheck(schedule: keeper.schedule, slot: now.wall)
        )
        do throws(TextRefusal) {
            keeper.running = Running(process: try CheckProcess(call, program: program))
            keeper.wasBegun = true
            keeper.heardAt = now.monotonic
            return .began(schedule: keeper.schedule.name)
        } catch {
            keeper.beginsAt = now.monotonic + Self.longestPause
            return .failed(schedule: keeper.schedule.name, reason: error.description)
        }
    }

    private func missed(_ keeper: inout Keeper, _ now: ClockReading) -> [MissedCheck] {
        keeper.ledger.missed(by: now.wall).map { slot in
            MissedCheck(schedule: keeper.schedule.name, slot: slot, reason: reason(slot, keeper))
        }
    }

    private func reason(_ slot: WallInstant, _ keeper: Keeper) -> MissedCheck.Reason {
        if slot <= startedAt { return .agentStopped }
        let piece = slot..<slot + keeper.schedule.shortestGap
        if let reason = lost.reason(within: piece) ?? keeper.lost.reason(within: piece) { return reason }
        if let trouble = keeper.trouble, trouble.since < piece.upperBound { return trouble.reason }
        return keeper.wasBegun ? .checkSilent : .late
    }

    // MARK: - The end

    /// Ends all checks, within a second: what they have is in the events.
    mutating func stop(by deadline: MonotonicInstant, clock: SystemClock) -> [Event] {
        let processes = (leaving + keepers.values).compactMap(\.running?.process)
        for process in processes { process.interrupt() }
        if !processes.isEmpty { usleep(50_000) }
        // The second time they wait for no more replies.
        for process in processes { process.interrupt() }
        while processes.contains(where: { $0.outcome == nil }), clock.monotonic() < deadline { usleep(10_000) }
        var events: [Event] = []
        let now = clock.read()
        for name in keepers.keys { keepers[name]?.running?.deadline = deadline }
        for index in leaving.indices { events += collect(&leaving[index], now) }
        for name in keepers.keys.sorted() {
            guard var keeper = keepers[name] else { continue }
            events += collect(&keeper, now)
            if keeper.running != nil {
                events.append(.failed(schedule: name, reason: "the agent stopped before it ended"))
            }
            keepers[name] = keeper
        }
        for process in processes where process.outcome == nil { process.kill() }
        return events
    }
}
