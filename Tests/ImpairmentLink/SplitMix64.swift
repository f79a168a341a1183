/// SplitMix64 (Steele, Lea and Flood, 2014): small, fast, and every seed gives a stream of its own.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A generator for one packet, so that a packet's fate depends on its place in its flow and on nothing else.
    init(seed: UInt64, direction: Direction, servicePort: UInt16, index: UInt64) {
        var mixer = SplitMix64(seed: seed)
        let flow = UInt64(servicePort) << 1 | (direction == .forward ? 0 : 1)
        mixer.state = mixer.next() ^ flow
        mixer.state = mixer.next() ^ index
        self.init(seed: mixer.next())
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in 0 ..< 1, with 53 random bits.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
