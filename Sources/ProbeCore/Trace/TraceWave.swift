/// The TTLs that one wave of a trace asks, in their order.
///
/// The first time a port is asked, TTLs ascend, since nobody knows yet how far they go. After that their order is left to
/// chance: a router that touches every second packet, or any others in step with the order, would otherwise meet the same
/// hops' probes each time, and what it does to packets would look like what one hop does to its reports.
struct TraceWave: Sendable {
    private var order: [Int]
    private var place = 0
    /// The greatest TTL that was in the order.
    private var greatest: Int
    /// Probes handed out.
    private(set) var sent = 0

    init(ascendingTo furthest: Int) {
        order = Array(1...max(1, furthest))
        greatest = order.count
    }

    init(shuffledTo furthest: Int, using generator: inout some RandomNumberGenerator) {
        self.init(ascendingTo: furthest)
        order.shuffle(using: &generator)
    }

    /// The next TTL, none beyond `furthest`, which may move while a wave goes on; nil where the wave is over.
    mutating func next(furthest: Int) -> Int? {
        while place < order.count, order[place] > furthest { place += 1 }
        if place == order.count, furthest > greatest {
            order += (greatest + 1)...furthest
            greatest = furthest
        }
        return place < order.count ? order[place] : nil
    }

    mutating func advance() {
        place += 1
        sent += 1
    }
}

/// SplitMix64: small, and the same from the same seed everywhere.
struct TraceGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
