import Units

/// Which pieces of a check without end came, and which are missing: kept like the slots of any other schedule.
///
/// A piece that its results cover by half or more has come; each of the others is told as missed, once, when its
/// result can no longer come.
public struct ContinuousLedger: Sendable {
    /// What survives a restart, nanoseconds since 1970.
    public struct Memory: Hashable, Sendable, Codable {
        /// Every piece that begins up to here came, or was told as missed.
        var horizon: Int64
        /// What results cover after it, each from its first packet up to its last.
        var covered: [[Int64]] = []

        public init(horizon: WallInstant) { self.horizon = horizon.nanosecondsSinceUnixEpoch }
    }

    private struct Covered {
        var from: WallInstant
        var until: WallInstant
    }

    /// How long after its end a piece's result may take: the answers that are waited for, and a stream that is silent.
    static let allowance = Nanoseconds.seconds(60)
    /// The most that are told one by one: a host that slept for a month makes no list of all its minutes.
    private static let mostTold = 10_000

    private let slots: ScheduleSlots
    private let length: Nanoseconds
    private var covered: [Covered] = []
    private var horizon: WallInstant

    /// - Parameter memory: what was kept when the agent ran before, or under the schedule's former settings.
    public init(_ schedule: Schedule, memory: Memory) {
        slots = ScheduleSlots(schedule, agent: "")
        length = schedule.shortestGap
        horizon = WallInstant(nanosecondsSinceUnixEpoch: memory.horizon)
        covered = memory.covered.filter { $0.count == 2 }.map { ends in
            Covered(
                from: WallInstant(nanosecondsSinceUnixEpoch: ends[0]),
                until: WallInstant(nanosecondsSinceUnixEpoch: ends[1])
            )
        }
    }

    public var memory: Memory {
        var memory = Memory(horizon: horizon)
        memory.covered = covered.map { [$0.from.nanosecondsSinceUnixEpoch, $0.until.nanosecondsSinceUnixEpoch] }
        return memory
    }

    /// Whether the check should run.
    public func isOpen(at instant: WallInstant) -> Bool { slots.isOpen(at: instant) }

    /// A result came.
    ///
    /// - Returns: the piece that it is counted as: the one that holds its middle.
    public mutating func cover(from: WallInstant, until: WallInstant) -> WallInstant {
        covered.append(Covered(from: from, until: until))
        let middle = (from + (until - from) / 2).nanosecondsSinceUnixEpoch
        return WallInstant(nanosecondsSinceUnixEpoch: middle - middle % max(1, length.count))
    }

    /// The pieces whose results should have come by `now` and did not, each once, earliest first.
    public mutating func missed(by now: WallInstant) -> [WallInstant] {
        let through = now - length - Self.allowance
        guard through > horizon else { return [] }
        let due = slots.slots(after: horizon, through: through, limit: Self.mostTold)
        let missing = due.filter { !isCovered($0) }
        horizon = through
        covered.removeAll { $0.until <= horizon }
        return missing
    }

    /// The clock was set back to `now`: what lies between comes again.
    public mutating func clockWasSetBack(to now: WallInstant) {
        horizon = min(horizon, now)
        covered = covered.compactMap { part in
            part.from >= now ? nil : Covered(from: part.from, until: min(part.until, now))
        }
    }

    private func isCovered(_ slot: WallInstant) -> Bool {
        let end = slot + length
        let sum = covered.reduce(Nanoseconds.zero) { sum, part in
            sum + max(.zero, min(part.until, end) - max(part.from, slot))
        }
        return sum * 2 >= length
    }
}

/// What survives a restart of the agent, by schedule.
public struct ContinuousMemory: Hashable, Sendable, Codable {
    public var ledgers: [String: ContinuousLedger.Memory] = [:]

    public init() {}
}
