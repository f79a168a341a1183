import Glibc
import Units

/// SplitMix64: the same numbers from the same seed, everywhere, and the distributions drawn from it.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed &* 0x2545_f491_4f6c_dd1d &+ 0x9e37_79b9_7f4a_7c15 }

    /// Another source that owes nothing to what is drawn from this one later.
    public mutating func split() -> SeededRandom { SeededRandom(seed: next()) }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// 0..<1.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
    public mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + unit() * (range.upperBound - range.lowerBound)
    }

    /// Every order of magnitude alike. `range` above 0.
    public mutating func logUniform(_ range: ClosedRange<Double>) -> Double {
        exp(uniform(log(range.lowerBound)...log(range.upperBound)))
    }

    /// Either sign alike.
    public mutating func signed(_ magnitude: Double) -> Double { chance(0.5) ? magnitude : -magnitude }

    public mutating func exponential(mean: Double) -> Double { -mean * log(1 - unit()) }

    /// Box and Muller's.
    public mutating func normal() -> Double { sqrt(-2 * log(1 - unit())) * cos(2 * .pi * unit()) }

    public mutating func duration(upTo longest: Nanoseconds) -> Nanoseconds {
        Nanoseconds(rounding: unit() * Double(longest.count))
    }
}
