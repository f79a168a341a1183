import Units

/// A check that a schedule wants: which, and at which moment. That moment is what tells it from every other.
public struct ScheduledCheck: Hashable, Sendable {
    public var schedule: Schedule
    public var slot: WallInstant

    public init(schedule: Schedule, slot: WallInstant) {
        self.schedule = schedule
        self.slot = slot
    }
}

/// A check that was not made.
public struct MissedCheck: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, Codable {
        case agentStopped = "the agent was not running"
        case busy = "another check was running"
        case clockSet = "the clock was set forward"
        case slept = "the host slept"
        case late = "the agent came too late"
        case checkDied = "the check that never ends had ended, and began anew"
        case checkSilent = "the check that never ends gave no result"
        case agentDied = "the agent ended while this check ran"
    }

    public var schedule: String
    public var slot: WallInstant
    public var reason: Reason

    public init(schedule: String, slot: WallInstant, reason: Reason) {
        self.schedule = schedule
        self.slot = slot
        self.reason = reason
    }
}

/// What survives a restart: which checks were made, and up to when it was looked.
public struct ScheduleMemory: Hashable, Sendable {
    /// The slots whose checks were begun, by schedule, nanoseconds since 1970, earliest first.
    public internal(set) var begun: [String: [Int64]] = [:]
    /// The slots that were reported as missed. One whose time comes again, since the clock was set back, may yet be
    /// begun.
    public internal(set) var reported: [String: [Int64]] = [:]
    /// Every slot up to here was begun or reported as missed.
    public internal(set) var horizon: Int64?
    /// The check that was begun last, until it has ended. An agent that finds one when it starts ended before it did.
    public internal(set) var running: RunningSlot?

    /// Slots kept by schedule: over two days of one a minute, so that a clock set back by as much doubles none.
    static let kept = 3_000

    public init() {}

    func hasBegun(_ name: String, _ slot: WallInstant) -> Bool { Self.has(begun, name, slot) }
    func wasReported(_ name: String, _ slot: WallInstant) -> Bool { Self.has(reported, name, slot) }

    mutating func begin(_ name: String, _ slot: WallInstant) { Self.add(&begun, name, slot) }
    mutating func report(_ name: String, _ slot: WallInstant) { Self.add(&reported, name, slot) }

    /// What was done of the time after `moment` was done by a clock that was wrong.
    mutating func forget(after moment: WallInstant) {
        let last = moment.nanosecondsSinceUnixEpoch
        begun = begun.mapValues { $0.filter { $0 <= last } }
        reported = reported.mapValues { $0.filter { $0 <= last } }
    }

    mutating func keep(only names: Set<String>) {
        begun = begun.filter { names.contains($0.key) }
        reported = reported.filter { names.contains($0.key) }
    }

    private static func has(_ slots: [String: [Int64]], _ name: String, _ slot: WallInstant) -> Bool {
        slots[name]?.contains(slot.nanosecondsSinceUnixEpoch) ?? false
    }

    private static func add(_ slots: inout [String: [Int64]], _ name: String, _ slot: WallInstant) {
        slots[name, default: []].append(slot.nanosecondsSinceUnixEpoch)
        if let count = slots[name]?.count, count > kept { slots[name]?.removeFirst(count - kept) }
    }
}

/// Says which check is due, one at a time, and which were missed and why.
///
/// Pure: told the time by whoever asks. A clock that is set forward, and a host that sleeps, make slots pass unseen,
/// which are reported as missed; a clock that is set back brings slots again, of which those already begun are passed
/// over.
public struct SchedulePlanner: Sendable {
    /// What to do now.
    public struct Plan: Hashable, Sendable {
        public var missed: [MissedCheck] = []
        /// To be begun at once.
        public var due: ScheduledCheck?
        /// The next check after this moment, when nothing is due.
        public var next: ScheduledCheck?
    }

    /// By how much wall and monotonic clock may part between two looks without anything having happened.
    static let clockTolerance = Nanoseconds.seconds(2)

    public private(set) var memory: ScheduleMemory
    private var slots: [ScheduleSlots]
    private var startedAt: WallInstant
    private var lost = LostTimes()
    private var lastLook: ClockReading?
    /// The time that the latest check took.
    private var busy: Range<WallInstant>?
    /// The check that an agent which ended left behind.
    private var cut: MissedCheck?

    /// - Parameters:
    ///   - agent: what tells this agent from the others of its fleet.
    ///   - memory: what was kept when the agent ran before.
    ///   - isFilled: whether the result of a slot is stored: an agent may end between that and its noting so.
    public init(
        _ schedules: [Schedule],
        agent: String,
        memory: ScheduleMemory = .init(),
        isFilled: (RunningSlot) -> Bool = { _ in false },
        now: ClockReading
    ) {
        slots = Self.slots(schedules, agent)
        self.memory = memory
        startedAt = now.wall
        // What was wanted before an agent first ran is nobody's miss.
        if memory.horizon == nil { self.memory.horizon = now.wall.nanosecondsSinceUnixEpoch }
        self.memory.keep(only: Set(schedules.map(\.name)))
        guard let running = memory.running else { return }
        self.memory.running = nil
        guard !isFilled(running) else { return }
        let slot = WallInstant(nanosecondsSinceUnixEpoch: running.slot)
        cut = MissedCheck(schedule: running.schedule, slot: slot, reason: .agentDied)
    }

    private static func slots(_ schedules: [Schedule], _ agent: String) -> [ScheduleSlots] {
        // What never ends has no moments at which it is due.
        schedules.filter { !$0.isContinuous }.map { ScheduleSlots($0, agent: agent) }
    }

    /// Other schedules take the place of those there were; a check that runs goes on.
    public mutating func apply(_ schedules: [Schedule], agent: String) {
        slots = Self.slots(schedules, agent)
        memory.keep(only: Set(schedules.map(\.name)))
    }

    /// How late a check may begin: half its period, 5 min at the most.
    static func grace(_ schedule: Schedule) -> Nanoseconds { min(schedule.shortestGap / 2, .seconds(300)) }

    /// What is due, what was missed since the last look, and what comes next.
    public mutating func look(_ now: ClockReading) -> Plan {
        let wall = now.wall
        var horizon = WallInstant(nanosecondsSinceUnixEpoch: memory.horizon ?? wall.nanosecondsSinceUnixEpoch)
        // A clock set back: what lies between comes again.
        if wall < horizon { horizon = wall }
        var plan = Plan()
        let jumped = jump(to: now)
        let passed = slots.flatMap { slots in
            slots.slots(after: horizon, through: wall).map { ScheduledCheck(schedule: slots.schedule, slot: $0) }
        }
        .filter { !memory.hasBegun($0.schedule.name, $0.slot) }
        .sorted { ($0.slot, $0.schedule.name) < ($1.slot, $1.schedule.name) }
        plan.due = passed.first { wall - $0.slot <= Self.grace($0.schedule) }
        // What waits behind the check that is due may still be in time after it.
        memory.horizon = (plan.due.map { $0.slot - Nanoseconds(1) } ?? wall).nanosecondsSinceUnixEpoch
        for check in passed where wall - check.slot > Self.grace(check.schedule) {
            let name = check.schedule.name
            guard !memory.wasReported(name, check.slot) else { continue }
            plan.missed.append(
                MissedCheck(schedule: name, slot: check.slot, reason: reason(check.slot, jumped: jumped))
            )
            memory.report(name, check.slot)
        }
        if let cut { plan.missed.insert(cut, at: 0) }
        cut = nil
        if plan.due == nil { plan.next = next(after: wall) }
        lastLook = now
        return plan
    }

    /// In this time no check could be made.
    public mutating func note(lost time: Range<WallInstant>, _ reason: MissedCheck.Reason) { lost.note(time, reason) }

    /// Set back by more, a clock was so wrong before that what was done by it counts for nothing: else the time that
    /// it showed would find its checks made when it comes.
    public static let longestRepetition = Nanoseconds.seconds(2 * 86_400)

    /// The clock was set back by `step`, to `now`.
    public mutating func clockWasSetBack(by step: Nanoseconds, to now: WallInstant) {
        startedAt = min(startedAt, now)
        lost.forget(from: now)
        busy = nil
        if step > Self.longestRepetition { memory.forget(after: now) }
    }

    /// The check that ``look(_:)`` called due begins.
    public mutating func begin(_ check: ScheduledCheck) {
        memory.begin(check.schedule.name, check.slot)
        let slot = check.slot.nanosecondsSinceUnixEpoch
        memory.running = RunningSlot(schedule: check.schedule.name, slot: slot)
    }

    /// The check has ended; it took from `start` until now.
    public mutating func end(startedAt start: WallInstant, now: ClockReading) {
        busy = start..<max(start, now.wall)
        lastLook = now
        memory.running = nil
    }

    /// The first check of any schedule after `instant`.
    public func next(after instant: WallInstant) -> ScheduledCheck? {
        slots.compactMap { slots in
            slots.next(after: instant).map { ScheduledCheck(schedule: slots.schedule, slot: $0) }
        }
        .min { ($0.slot, $0.schedule.name) < ($1.slot, $1.schedule.name) }
    }

    /// How many checks are wanted in a time, by schedule.
    public func count(of names: Set<String>, after low: WallInstant, through high: WallInstant) -> [WallInstant] {
        slots.filter { names.contains($0.schedule.name) }
            .flatMap { $0.slots(after: low, through: high, limit: .max) }.sorted()
    }

    /// The times that the clock went through without time passing since the last look.
    private func jump(to now: ClockReading) -> Range<WallInstant>? {
        guard let lastLook else { return nil }
        let passed = now.monotonic - lastLook.monotonic
        let expected = lastLook.wall + passed
        guard now.wall - expected > Self.clockTolerance else { return nil }
        return lastLook.wall..<now.wall
    }

    private func reason(_ slot: WallInstant, jumped: Range<WallInstant>?) -> MissedCheck.Reason {
        if slot <= startedAt { return .agentStopped }
        if let reason = lost.reason(at: slot) { return reason }
        if let busy, busy.contains(slot) { return .busy }
        if let jumped, jumped.contains(slot) { return .clockSet }
        return .late
    }
}
