import Glibc
import Units

/// One direction of the path: tells when each packet arrives, never for those that it loses.
struct SimulatedLink {
    /// Copies of one packet at most, itself included.
    typealias Arrivals = (first: Nanoseconds?, second: Nanoseconds?)

    private let faults: LinkFaults
    private var random: SeededRandom
    private var isBad = false
    /// Packets that took no detour leave in the order in which they came.
    private var lastArrival = Nanoseconds(.min)
    private var busyUntil = Nanoseconds.zero
    private static let headers = 46

    init(_ faults: LinkFaults, random: SeededRandom) {
        self.faults = faults
        self.random = random
    }

    /// A datagram of `octets` enters at the true time `now`, no earlier than the one before.
    mutating func carry(octets: Int, at now: Nanoseconds) -> Arrivals {
        let isLost = losesNext()
        if let outage = faults.outage, outage.from <= now, now < outage.to { return (nil, nil) }
        guard !isLost, let wait = bottleneckWait(octets: octets, at: now) else { return (nil, nil) }
        let delay = baseDelay(at: now) + wait + .milliseconds(rounding: queueing(at: now))
        var arrival = now + delay
        if let detour = faults.reordering, random.chance(detour.share) {
            arrival += detour.by
        } else {
            arrival = max(arrival, lastArrival + .microseconds(1))
            lastArrival = arrival
        }
        guard let detour = faults.duplication, random.chance(detour.share) else { return (arrival, nil) }
        return (arrival, arrival + detour.by)
    }

    private mutating func losesNext() -> Bool {
        guard let loss = faults.loss else { return false }
        isBad = isBad ? !random.chance(loss.leaveBad) : random.chance(loss.enterBad)
        return random.chance(isBad ? loss.lossInBad : loss.lossInGood)
    }

    private func baseDelay(at now: Nanoseconds) -> Nanoseconds {
        guard let change = faults.routeChange, now >= change.at else { return faults.baseDelay }
        return change.baseDelay
    }

    /// Milliseconds.
    private mutating func queueing(at now: Nanoseconds) -> Double {
        var wait = 0.0
        if let jump = faults.loadJump, jump.from <= now, now < jump.to {
            wait = random.exponential(mean: jump.meanMilliseconds)
        }
        switch faults.queueing {
        case .none: return wait
        case .uniform(let longest): return wait + random.unit() * longest
        case .exponential(let mean): return wait + random.exponential(mean: mean)
        case .logNormal(let median, let sigma): return wait + median * exp(min(sigma * random.normal(), 4))
        case .spikes(let share, let longest): return random.chance(share) ? wait + random.unit() * longest : wait
        }
    }

    /// Nil when the queue is full.
    private mutating func bottleneckWait(octets: Int, at now: Nanoseconds) -> Nanoseconds? {
        guard let bottleneck = faults.bottleneck else { return .zero }
        let other = random.exponential(mean: Double(bottleneck.crossTraffic.count))
        let begin = max(busyUntil, now) + Nanoseconds(rounding: other)
        guard begin - now <= bottleneck.longestQueue else { return nil }
        let bits = Double(octets + Self.headers) * 8
        busyUntil = begin + .seconds(rounding: bits / bottleneck.bitsPerSecond)
        return busyUntil - now
    }
}
