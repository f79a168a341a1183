import ProbeCore
import Units
import Wire

/// The far host: the session-reflector itself, and what makes it a lesser one.
struct SimulatedReflector {
    private let traits: ReflectorTraits
    private let clock: SimulatedClock
    private let claim: Nanoseconds?
    private let timestamps: TimestampNoise
    private let key: StampKey?
    private var reflector: SessionReflector
    private var random: SeededRandom
    private var isRestarted = false

    struct Answer {
        var octets: [UInt8]
        var leavesAt: Nanoseconds
    }

    init(_ scenario: Scenario, random: SeededRandom) {
        traits = scenario.reflector
        clock = scenario.farClock
        claim = scenario.farClaim
        timestamps = scenario.timestamps
        key = scenario.isAuthenticated ? SimulatedCheck.key : nil
        self.random = random
        reflector = Self.begin(key, claim, format: .ntp, &self.random)
    }

    private static func begin(
        _ key: StampKey?,
        _ claim: Nanoseconds?,
        format: TimestampFormat,
        _ random: inout SeededRandom
    ) -> SessionReflector {
        SessionReflector(
            policy: ReflectorPolicy(key: key, ownPorts: [3478, 3479]),
            clock: clock(claim, format),
            sessions: SessionTable(capacity: 16, idleTimeout: .seconds(900), using: &random),
            limiter: RateLimiter(packetsPerSecond: 10_000, burst: 1_000, sources: 16, using: &random)
        )
    }

    private static func clock(_ claim: Nanoseconds?, _ format: TimestampFormat) -> ReflectorClock {
        ReflectorClock(
            errorEstimate: ErrorEstimate(synchronized: claim != nil, format: format, error: claim ?? .seconds(16)),
            source: claim == nil ? .freeRunning : .ntp
        )
    }

    /// A request arrives at the true time `now`. Nil when it is not answered.
    mutating func answer(_ request: [UInt8], stream: Int, at now: Nanoseconds) -> Answer? {
        if let restart = traits.restart, now >= restart.at {
            guard now >= restart.at + restart.downtime else { return nil }
            if !isRestarted { reflector = Self.begin(key, claim, format: .ntp, &random) }
            isRestarted = true
        }
        let format = traits.changesFormatAt.map { now >= $0 ? TimestampFormat.ptp : .ntp } ?? .ntp
        reflector.clock = Self.clock(claim, format)
        return reflect(request, stream: stream, at: now)
    }

    private mutating func reflect(_ request: [UInt8], stream: Int, at now: Nanoseconds) -> Answer? {
        var octets = request
        var packet = octets.mutableSpan
        let context = RequestContext(
            source: IPAddress(ipv4: 0xc000_0201),
            sourcePort: UInt16(40_000 + stream),
            destination: IPAddress(ipv4: 0xc000_0202),
            destinationPort: UInt16(3478 + stream),
            receivedAt: clock.reading(at: now + random.duration(upTo: timestamps.kernel)),
            trafficClass: 46 << 2,
            timeToLive: 60
        )
        let awake = now + timestamps.kernel + random.duration(upTo: timestamps.farStay)
        let monotonic = MonotonicInstant(nanoseconds: (Nanoseconds.seconds(5_000) + awake).count)
        guard let reply = reflector.reflect(&packet, length: request.count, context: context, now: monotonic) else {
            return nil
        }
        reflector.finish(&packet, reply: reply, sentAt: clock.reading(at: awake))
        let stamped = awake + random.duration(upTo: timestamps.farSendDelay)
        if reply.wantsTransmitTimestamp {
            reflector.noteTransmission(slot: reply.slot, sequence: reply.sequence, at: clock.reading(at: stamped))
        }
        impair(&octets, request: request, at: now)
        return Answer(octets: octets, leavesAt: stamped + random.duration(upTo: timestamps.kernel))
    }

    /// Makes the reply one of a lesser reflector's.
    private func impair(_ octets: inout [UInt8], request: [UInt8], at now: Nanoseconds) {
        switch traits.tlvs {
        case .answered: break
        case .ignored: octets.replaceSubrange(44..., with: request[44...])
        case .cut(let length): octets.removeSubrange(length...)
        }
        if traits.isStateless { octets.replaceSubrange(0..<4, with: octets[24..<28]) }
        if let from = traits.losesSSIDAt, now >= from { octets.replaceSubrange(14..<16, with: [0, 0]) }
        if !traits.hasClock {
            octets.replaceSubrange(4..<12, with: repeatElement(0, count: 8))
            octets.replaceSubrange(16..<24, with: repeatElement(0, count: 8))
        }
    }
}
