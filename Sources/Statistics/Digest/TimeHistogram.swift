import Units

/// How often each length of time occurred, in room that does not grow with their number.
///
/// A bucket is at most 1/512 of its values wide, and exact below 1,024 ns: a value read from it, the bucket's middle,
/// is off by at most 1/1,024 of itself. Least, greatest, sum and count are exact.
public struct TimeHistogram: Hashable, Sendable {
    /// A value that was read, right to within ± `error`.
    public struct Reading: Hashable, Sendable {
        public var value: Nanoseconds
        public var error: Nanoseconds
    }

    public private(set) var count = 0
    public private(set) var minimum: Nanoseconds?
    public private(set) var maximum: Nanoseconds?
    /// Nanoseconds.
    public private(set) var sum = 0.0
    /// The bucket of `counts[0]`.
    private var first = 0
    /// From the lowest bucket in use to the highest.
    private var counts: [UInt32] = []

    public init() {}

    public init(_ values: some Sequence<Nanoseconds>) {
        for value in values { add(value) }
    }

    /// Negative values count as zero.
    public mutating func add(_ value: Nanoseconds) {
        let value = max(.zero, value)
        makeRoom(for: Bucket(of: value).index)
        let place = Bucket(of: value).index - first
        counts[place] = counts[place].saturating(adding: 1)
        count += 1
        sum += Double(value.count)
        minimum = min(minimum ?? value, value)
        maximum = max(maximum ?? value, value)
    }

    public mutating func add(_ other: TimeHistogram) {
        guard let least = other.minimum, let greatest = other.maximum else { return }
        makeRoom(for: other.first)
        makeRoom(for: other.first + other.counts.count - 1)
        for (index, more) in other.counts.enumerated() {
            let place = other.first + index - first
            counts[place] = counts[place].saturating(adding: more)
        }
        count += other.count
        sum += other.sum
        minimum = min(minimum ?? least, least)
        maximum = max(maximum ?? greatest, greatest)
    }

    private mutating func makeRoom(for bucket: Int) {
        if counts.isEmpty { first = bucket }
        if bucket < first {
            counts.insert(contentsOf: repeatElement(0, count: first - bucket), at: 0)
            first = bucket
        }
        let missing = bucket - first + 1 - counts.count
        if missing > 0 { counts.append(contentsOf: repeatElement(0, count: missing)) }
    }

    public var mean: Nanoseconds? { count == 0 ? nil : Nanoseconds(rounding: sum / Double(count)) }

    /// The `rank`-th of the values in order, from 1; nil where there are not so many.
    public func reading(atRank rank: Int) -> Reading? {
        guard rank >= 1, rank <= count, let minimum, let maximum else { return nil }
        if rank == 1 { return Reading(value: minimum, error: .zero) }
        if rank == count { return Reading(value: maximum, error: .zero) }
        var passed = 0
        for (index, more) in counts.enumerated() {
            passed += Int(more)
            guard passed >= rank else { continue }
            let bucket = Bucket(index: first + index)
            let low = max(bucket.lowest, minimum)
            let high = min(bucket.highest, maximum)
            let value = low + (high - low) / 2
            return Reading(value: value, error: high - value)
        }
        return Reading(value: maximum, error: .zero)
    }

    /// The percentile of nearest rank; nil without values.
    public func percentile(_ percent: Int) -> Reading? {
        Quantiles.nearestRank(percent, of: count).flatMap(reading(atRank:))
    }

    /// How many values are greater than `bound`, give or take those of the one bucket that holds it, which are counted.
    func count(above bound: Nanoseconds) -> Int {
        guard let maximum, maximum > bound else { return 0 }
        let bucket = Bucket(of: max(.zero, bound))
        let place = max(0, (bucket.highest > bound ? bucket.index : bucket.index + 1) - first)
        return counts.dropFirst(place).reduce(0) { $0 + Int($1) }
    }
}

/// 512 buckets to each doubling, and those of one nanosecond below 1,024.
private struct Bucket {
    var index: Int

    private static let perDoubling = 512

    init(index: Int) { self.index = index }

    init(of value: Nanoseconds) {
        let shift = max(0, 63 - 9 - value.count.leadingZeroBitCount)
        index = shift * Self.perDoubling + Int(value.count >> Int64(shift))
    }

    private var shift: Int { max(0, index / Self.perDoubling - 1) }

    var lowest: Nanoseconds { Nanoseconds(Int64(index - shift * Self.perDoubling) << Int64(shift)) }
    var highest: Nanoseconds { lowest + Nanoseconds((1 << Int64(shift)) - 1) }
}

extension UInt32 {
    fileprivate func saturating(adding more: UInt32) -> UInt32 {
        let (sum, overflow) = addingReportingOverflow(more)
        return overflow ? .max : sum
    }
}
