import Units

extension Nanoseconds {
    /// How many packets are sent in this time, one every `interval`, to the nearest; at least 1. Nil where the
    /// interval is none.
    func packets(every interval: Nanoseconds) -> Int? {
        guard interval > .zero else { return nil }
        return max(1, Int((self + interval / 2).count / interval.count))
    }
}
