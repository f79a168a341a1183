import Glibc
import Units

/// What the link does with one UDP packet.
struct Verdict: Equatable, Sendable {
    enum Fate: Equatable, Sendable {
        case forward
        /// Forward, with a copy right behind.
        case duplicate
        case lost
        case outage
        case blocked
        /// No room in the queue before a rate limit.
        case queueFull
        case refused(ICMPRefusal)
    }

    var fate: Fate
    var dscp: DSCP
    /// When it leaves, on the clock that `receivedAt` was read from; meaningless unless it is forwarded.
    var release: WallInstant
}

/// What the link knows of a UDP packet when it decides.
struct PacketFacts: Equatable, Sendable {
    /// The port that a DSCP rule or a block names: the destination's going forward, the source's coming back.
    var servicePort: UInt16
    var dscp: DSCP
    /// Octets of the whole frame.
    var frameLength: Int
    var receivedAt: WallInstant
}

/// Decides the fate of each UDP packet of one direction. Packet n of a service port has the same choices in every
/// run with the same seed, whatever the timing and the other ports do.
struct DirectionPolicy: Sendable {
    private struct Flow {
        var nextIndex: UInt64 = 0
        var isBad = false
    }

    let direction: Direction
    let spec: ImpairmentSpec
    private let seed: UInt64
    private var flows: [UInt16: Flow] = [:]
    private var lastRelease = WallInstant(nanosecondsSinceUnixEpoch: .min)
    private var wireFreeAt = WallInstant(nanosecondsSinceUnixEpoch: .min)

    init(direction: Direction, spec: ImpairmentSpec, seed: UInt64) {
        self.direction = direction
        self.spec = spec
        self.seed = seed
    }

    /// When a packet that is spared every impairment leaves.
    mutating func passing(receivedAt: WallInstant) -> WallInstant { ordered(receivedAt + spec.delay) }

    mutating func decide(_ packet: PacketFacts, sinceFirstPacket: Nanoseconds) -> Verdict {
        var verdict = Verdict(fate: .forward, dscp: mark(of: packet), release: packet.receivedAt)
        // Choices are drawn whatever becomes of the packet, so that a later packet's do not depend on it.
        let choices = draw(for: packet.servicePort)
        if spec.blockedPorts.contains(packet.servicePort) {
            verdict.fate = .blocked
        } else if let refusal = spec.refusedPorts[packet.servicePort] {
            verdict.fate = .refused(refusal)
            verdict.release = packet.receivedAt + spec.delay
        } else if spec.outage?.contains(sinceFirstPacket) == true {
            verdict.fate = .outage
        } else if choices.isLost {
            verdict.fate = .lost
        } else if let departure = departure(of: packet) {
            verdict.fate = choices.isDuplicated ? .duplicate : .forward
            verdict.release = release(departure: departure, choices: choices)
        } else {
            verdict.fate = .queueFull
        }
        return verdict
    }

    private func mark(of packet: PacketFacts) -> DSCP {
        let rule = spec.dscpRules.first { rule in
            (rule.from == nil || rule.from == packet.dscp) && (rule.port == nil || rule.port == packet.servicePort)
        }
        return rule?.to ?? packet.dscp
    }

    /// What chance decides about one packet.
    private struct Choices {
        var isLost: Bool
        var isDuplicated: Bool
        var isReordered: Bool
        var jitter: Nanoseconds
    }

    private mutating func draw(for servicePort: UInt16) -> Choices {
        var flow = flows[servicePort] ?? Flow()
        var generator = SplitMix64(seed: seed, direction: direction, servicePort: servicePort, index: flow.nextIndex)
        let (change, loss, copy, order) = (generator.unit(), generator.unit(), generator.unit(), generator.unit())
        if let burst = spec.burst, change < (flow.isBad ? burst.badToGood : burst.goodToBad) { flow.isBad.toggle() }
        flow.nextIndex += 1
        flows[servicePort] = flow
        return Choices(
            isLost: flow.isBad || loss < spec.loss,
            isDuplicated: copy < spec.duplicate,
            isReordered: order < spec.reorder,
            jitter: spec.jitter.draw(using: &generator)
        )
    }

    /// When the packet has left the bottleneck, or nil if it found the queue full.
    private mutating func departure(of packet: PacketFacts) -> WallInstant? {
        guard let rate = spec.bitsPerSecond else { return packet.receivedAt }
        let begin = max(packet.receivedAt, wireFreeAt)
        guard begin - packet.receivedAt <= spec.queueLimit else { return nil }
        wireFreeAt = begin + .seconds(rounding: Double(packet.frameLength * 8) / rate)
        return wireFreeAt
    }

    private mutating func release(departure: WallInstant, choices: Choices) -> WallInstant {
        let release = departure + max(.zero, spec.delay + choices.jitter)
        // A packet that is to be overtaken must not hold up those behind it.
        if choices.isReordered { return release + spec.reorderDelay }
        return ordered(release)
    }

    private mutating func ordered(_ release: WallInstant) -> WallInstant {
        guard spec.keepsOrder else { return release }
        lastRelease = max(lastRelease, release)
        return lastRelease
    }
}

extension JitterSpec {
    func draw(using generator: inout SplitMix64) -> Nanoseconds {
        switch self {
        case .none:
            return .zero
        case .uniform(let width):
            return Nanoseconds(rounding: Double(width.count) * generator.unit())
        case .normal(let deviation):
            // Box-Muller; 1 − u is never 0.
            let radius = sqrt(-2 * log(1 - generator.unit()))
            return Nanoseconds(rounding: Double(deviation.count) * radius * cos(2 * .pi * generator.unit()))
        case .exponential(let mean):
            return Nanoseconds(rounding: -Double(mean.count) * log(1 - generator.unit()))
        }
    }
}
