import Units

/// Decides which probe of a trace goes out when, by what has been answered so far.
public struct TraceMachine: Sendable {
    /// What is known of one port's path.
    private struct Progress {
        /// The least TTL that was answered by the destination, or refused on the way; nil while none was.
        var end: Int?
        /// The greatest TTL that anything answered.
        var lastAnswered = 0
    }

    public let plan: TracePlan
    private let start: MonotonicInstant
    private var flows: [Progress]
    /// Which wave is in progress, and its TTLs; nil before the first.
    private var wave = 0
    private var hops: TraceWave?
    private var generator: TraceGenerator
    private var lastSent: MonotonicInstant?
    /// When each TTL was last asked.
    private var lastAsked: [Int: MonotonicInstant] = [:]
    private var lastHop = 1
    /// Probes without an answer, by what tells them apart, and when they were sent.
    private var outstanding: [TraceSend: MonotonicInstant] = [:]

    /// TTLs tried beyond the last that answered, once a whole wave has found no end: as many silent hops may lie
    /// between two that speak.
    public static let silentHops = 3

    /// - Parameter seed: of the order in which a wave asks its TTLs.
    public init(_ plan: TracePlan, start: MonotonicInstant, seed: UInt64) {
        self.plan = plan
        generator = TraceGenerator(seed: seed)
        self.start = start
        flows = Array(repeating: Progress(), count: plan.flows)
    }

    private var flow: Int { wave % plan.flows }
    private var query: Int { wave / plan.flows }

    /// What to do at `now`. A probe that is handed out counts as sent.
    public mutating func next(_ now: MonotonicInstant) -> TraceAction {
        guard let hop = nextHop() else { return ending(now) }
        let earliest = earliest(hop)
        guard now >= earliest else { return .wait(until: earliest) }
        let send = TraceSend(flow: flow, hopLimit: UInt8(clamping: hop), query: query)
        hops?.advance()
        lastHop = hop
        lastSent = now
        lastAsked[hop] = now
        outstanding[send] = now
        return .send(send)
    }

    /// Of this wave, or else of the next one that has any.
    private mutating func nextHop() -> Int? {
        while wave < plan.waves {
            let furthest = furthest(flow)
            if hops == nil {
                hops =
                    query == 0
                    ? TraceWave(ascendingTo: plan.maximumHops)
                    : TraceWave(shuffledTo: furthest, using: &generator)
            }
            if let hop = hops?.next(furthest: furthest) { return hop }
            wave += 1
            hops = nil
        }
        return nil
    }

    private func earliest(_ hop: Int) -> MonotonicInstant {
        var earliest = start + plan.waveInterval * Int64(wave) + plan.spacing * Int64(hops?.sent ?? 0)
        // After a pause of this host probes must not come in a burst.
        if let lastSent { earliest = max(earliest, lastSent + plan.spacing / 2) }
        if let last = lastAsked[hop] { earliest = max(earliest, last + plan.interval) }
        return earliest
    }

    /// Waits for the last answers, no longer than one may take.
    private func ending(_ now: MonotonicInstant) -> TraceAction {
        guard let latest = outstanding.values.max() else { return .finished }
        let deadline = latest + plan.timeout
        return now >= deadline ? .finished : .wait(until: deadline)
    }

    /// The greatest TTL worth a probe on this port now.
    private func furthest(_ flow: Int) -> Int {
        let progress = flows[flow]
        if let end = progress.end { return end }
        if let other = flows.compactMap(\.end).max() {
            // Where other ports get to, this one may too; its own path may be a little longer.
            return min(plan.maximumHops, query == 0 ? other + Self.silentHops : max(other, progress.lastAnswered + 1))
        }
        guard query > 0 else { return plan.maximumHops }
        let last = flows.map(\.lastAnswered).max() ?? 0
        return min(plan.maximumHops, last + Self.silentHops)
    }

    /// A probe was answered in time, for the first time.
    ///
    /// - Parameter isEnd: by the destination, or by an error that says that it cannot be reached.
    public mutating func answered(_ send: TraceSend, isEnd: Bool) {
        guard flows.indices.contains(send.flow), outstanding.removeValue(forKey: send) != nil else { return }
        let hop = Int(send.hopLimit)
        flows[send.flow].lastAnswered = max(flows[send.flow].lastAnswered, hop)
        if isEnd { flows[send.flow].end = min(flows[send.flow].end ?? .max, hop) }
    }

    /// A probe did not leave this host.
    public mutating func notSent(_ send: TraceSend) { outstanding[send] = nil }

    /// For a progress line: the wave in progress, counted from 1, and its TTL.
    public var position: (wave: Int, hop: Int) { (min(wave + 1, plan.waves), lastHop) }
}
