import Units

/// A token bucket per source address, in memory that is set aside once: how a reflector keeps anyone from using it
/// against somebody else.
///
/// Sources share a bucket when their keyed hashes meet; an IPv6 source is its /64, since that is what one host can
/// make up addresses in.
public struct RateLimiter: Sendable {
    private struct Bucket {
        /// Tokens left, in nanoseconds of sending time.
        var credit: Int64
        var filledAt: MonotonicInstant
    }

    private var buckets: [Bucket]
    private let seed: KeyedHash
    /// What one packet costs, nanoseconds.
    private let cost: Int64
    private let burst: Int64

    /// - Parameters:
    ///   - packetsPerSecond: the rate that one source may keep up.
    ///   - burst: how many packets it may send at once after a silence.
    ///   - sources: about how many sources are told apart.
    public init<Generator: RandomNumberGenerator>(
        packetsPerSecond: Int,
        burst: Int,
        sources: Int = 16_384,
        using generator: inout Generator
    ) {
        precondition(packetsPerSecond > 0 && burst > 0)
        cost = max(1, 1_000_000_000 / Int64(packetsPerSecond))
        self.burst = (Nanoseconds(cost) * Int64(burst)).count
        var size = 2
        while size < sources { size *= 2 }
        buckets = Array(repeating: Bucket(credit: self.burst, filledAt: MonotonicInstant(nanoseconds: 0)), count: size)
        seed = KeyedHash(using: &generator)
    }

    /// Whether one more packet of `source` may pass now; takes its token if so. Time that was counted once is not
    /// counted again, should `now` go backwards.
    public mutating func admits(_ source: IPAddress, now: MonotonicInstant) -> Bool {
        var hash = seed.start
        seed.mix(source.high, into: &hash)
        seed.mix(source.family == .ipv4 ? source.low : 1 << 63, into: &hash)
        let index = Int(truncatingIfNeeded: hash) & (buckets.count - 1)
        let elapsed = max(0, (now - buckets[index].filledAt).count)
        let missing = burst - buckets[index].credit
        let credit = elapsed >= missing ? burst : buckets[index].credit + elapsed
        buckets[index].filledAt = max(buckets[index].filledAt, now)
        guard credit >= cost else {
            buckets[index].credit = credit
            return false
        }
        buckets[index].credit = credit - cost
        return true
    }
}
