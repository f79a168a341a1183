import Synchronization
import Units

/// How often each of many may do something: a bucket each, filled at a steady rate up to what may come at once.
final class Allowance<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: MonotonicInstant
    }

    private let perSecond: Double
    private let burst: Double
    /// Beyond so many, those that are full again are forgotten.
    private let most: Int
    private let buckets = Mutex<[Key: Bucket]>([:])

    init(perMinute: Int, burst: Int, most: Int = 100_000) {
        perSecond = Double(perMinute) / 60
        self.burst = Double(burst)
        self.most = most
    }

    /// - Returns: nil when it is granted; else how long to wait until it would be.
    func take(_ count: Int, _ key: Key, now: MonotonicInstant) -> Nanoseconds? {
        buckets.withLock { buckets in
            if buckets.count >= most, buckets[key] == nil { forgetFull(&buckets, now: now) }
            var bucket = buckets[key] ?? Bucket(tokens: burst, filledAt: now)
            bucket.tokens = filled(bucket, now: now)
            bucket.filledAt = now
            let wanted = min(Double(count), burst)
            let missing = wanted - bucket.tokens
            if missing <= 0 { bucket.tokens -= wanted }
            buckets[key] = bucket
            return missing > 0 ? Nanoseconds.seconds(rounding: (missing / perSecond).rounded(.up)) : nil
        }
    }

    private func filled(_ bucket: Bucket, now: MonotonicInstant) -> Double {
        min(burst, bucket.tokens + max(0, (now - bucket.filledAt).seconds) * perSecond)
    }

    private func forgetFull(_ buckets: inout [Key: Bucket], now: MonotonicInstant) {
        buckets = buckets.filter { filled($0.value, now: now) < burst }
        // All of them under way at once: whoever is forgotten starts full again.
        if buckets.count >= most { buckets.removeAll() }
    }
}
