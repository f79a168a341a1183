import Glibc
import Units

/// The marks of packets as they passed one place, in the order of their passing. However many packets there were, it
/// takes the same room.
public struct MarkSeries: Hashable, Sendable {
    /// One mark, as it was seen.
    public struct Sighting: Hashable, Sendable {
        public var packets: Int
        public var firstAt: WallInstant
        public var lastAt: WallInstant
        /// Which packets of the series these were, from 0.
        public var firstIndex: Int
        public var lastIndex: Int

        @inline(__always)
        mutating func note(_ index: Int, at instant: WallInstant) {
            if packets == 0 { (firstAt, firstIndex) = (instant, index) }
            packets &+= 1
            (lastAt, lastIndex) = (instant, index)
        }

        /// - Parameter earlier: how many packets passed before those of `later`.
        mutating func append(_ later: Sighting, after earlier: Int) {
            if packets == 0 { (firstAt, firstIndex) = (later.firstAt, later.firstIndex &+ earlier) }
            packets &+= later.packets
            (lastAt, lastIndex) = (later.lastAt, later.lastIndex &+ earlier)
        }
    }

    /// By DSCP; those that were never seen have no packets.
    private var sightings: [Sighting] = []
    private var ecn = [Int](repeating: 0, count: 4)
    public private(set) var packets = 0
    public private(set) var firstAt: WallInstant?
    public private(set) var lastAt: WallInstant?

    public init() {}

    /// - Parameter trafficClass: the TOS octet of IPv4 or the traffic class of IPv6.
    public mutating func note(trafficClass: UInt8, at instant: WallInstant) {
        if sightings.isEmpty {
            let none = Sighting(packets: 0, firstAt: instant, lastAt: instant, firstIndex: 0, lastIndex: 0)
            sightings = Array(repeating: none, count: 64)
            firstAt = instant
        }
        sightings[Int(trafficClass >> 2)].note(packets, at: instant)
        ecn[Int(trafficClass & 0b11)] &+= 1
        packets &+= 1
        lastAt = instant
    }

    /// The packets that passed after all of these.
    public mutating func append(_ later: MarkSeries) {
        guard packets > 0 else {
            self = later
            return
        }
        for index in later.sightings.indices where later.sightings[index].packets > 0 {
            sightings[index].append(later.sightings[index], after: packets)
        }
        for index in ecn.indices { ecn[index] &+= later.ecn[index] }
        packets &+= later.packets
        lastAt = later.lastAt ?? lastAt
    }

    public subscript(_ mark: DSCP) -> Sighting? {
        let index = Int(mark.value)
        return index < sightings.count && sightings[index].packets > 0 ? sightings[index] : nil
    }

    /// Packets by mark, of those that were seen.
    public var counts: [DSCP: Int] {
        var counts: [DSCP: Int] = [:]
        for (value, sighting) in sightings.enumerated() where sighting.packets > 0 {
            if let mark = DSCP(value) { counts[mark] = sighting.packets }
        }
        return counts
    }

    /// Packets by ECN codepoint, of those that were seen.
    public var ecnCounts: [ECN: Int] {
        var counts: [ECN: Int] = [:]
        for (value, packets) in ecn.enumerated() where packets > 0 {
            counts[ECN(trafficClass: UInt8(value))] = packets
        }
        return counts
    }
}

/// When in a series packets had a mark that they should not have.
public enum MarkSpan: Hashable, Sendable {
    case throughout
    /// From then on; every packet before was right.
    case since(WallInstant)
    case until(WallInstant)
    case between(WallInstant, WallInstant)
}

extension MarkSeries {
    /// Which packets a number of marks were seen on, and when.
    public struct Extent: Hashable, Sendable {
        public var packets: Int
        public var span: MarkSpan
        /// Of all packets within the span, 0...1.
        public var share: Double
    }

    /// When packets with any of these marks passed.
    ///
    /// Packets that all came after a while without any tell of a change if chance would make such a while less than
    /// once in a thousand times, were they scattered evenly. Nil where there are none; fewer than five tell nothing.
    public func extent(of marks: some Sequence<DSCP>) -> Extent? {
        let seen = marks.compactMap { self[$0] }
        guard let first = seen.min(by: { $0.firstIndex < $1.firstIndex }),
            let last = seen.max(by: { $0.lastIndex < $1.lastIndex })
        else { return nil }
        let count = seen.reduce(0) { $0 &+ $1.packets }
        guard count >= 5 else {
            return Extent(packets: count, span: .throughout, share: Double(count) / Double(packets))
        }
        let share = Double(count) / Double(last.lastIndex - first.firstIndex + 1)
        let isLate = Self.isTelling(first.firstIndex, share)
        let isEarly = Self.isTelling(packets - 1 - last.lastIndex, share)
        let span: MarkSpan =
            switch (isLate, isEarly) {
            case (false, false): .throughout
            case (true, false): .since(first.firstAt)
            case (false, true): .until(last.lastAt)
            case (true, true): .between(first.firstAt, last.lastAt)
            }
        let end = isEarly ? last.lastIndex + 1 : packets
        let within = end - (isLate ? first.firstIndex : 0)
        return Extent(packets: count, span: span, share: Double(count) / Double(within))
    }

    /// Whether so many packets without one that has this share of all would be too much of a chance.
    private static func isTelling(_ without: Int, _ share: Double) -> Bool {
        pow(1 - min(share, 0.9), Double(without)) < 0.001
    }
}

extension MarkSpan {
    /// As the end of a sentence, ` since 12:34:56 UTC`; nil where it says nothing.
    public var text: String? {
        func time(_ instant: WallInstant) -> String { instant.rfc3339.dropFirst(11).prefix(8) + " UTC" }
        switch self {
        case .throughout: return nil
        case .since(let start): return " since \(time(start))"
        case .until(let end): return " until \(time(end))"
        case .between(let start, let end): return " between \(time(start)) and \(time(end))"
        }
    }
}
