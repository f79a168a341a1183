import Units

/// Hosts and their tallies, so many at the most; what further hosts send is counted together.
public struct HostTable: Sendable {
    public let limit: Int
    /// Where each host's tallies begin.
    private var places: [IPAddress: Int] = [:]
    /// One for each host, class and direction.
    private var tallies: [MarkTally] = []
    /// Of the hosts for which there was no room.
    public private(set) var others: [MarkTally]
    private let slots: Int
    /// The host last seen of each of a few groups, and its place: packets of one host come together, and to find it
    /// costs less than a look into the dictionary.
    private var recent: [(host: IPAddress, place: Int)]

    private static let groups = 4_096

    init(limit: Int, slots: Int) {
        self.limit = limit
        self.slots = slots
        others = Array(repeating: MarkTally(), count: slots)
        places.reserveCapacity(min(limit, 1_024))
        recent = Array(repeating: (IPAddress(ipv6High: 0, low: 0), -1), count: Self.groups)
    }

    public var count: Int { places.count }

    /// Per host one tally for each class and direction, at its slot.
    public var hosts: [IPAddress: [MarkTally]] { places.mapValues { Array(tallies[$0..<$0 + slots]) } }

    /// What each host has in one class and direction.
    func tallies(in slot: Int) -> [(host: IPAddress, tally: MarkTally)] {
        places.map { ($0.key, tallies[$0.value + slot]) }
    }

    @inline(__always)
    mutating func note(_ mark: DSCP, required: DSCP?, host: IPAddress, slot: Int) {
        let group = Int(truncatingIfNeeded: ((host.low ^ host.high) &* 0x9e37_79b9_7f4a_7c15) >> 52)
        if recent[group].place >= 0, recent[group].host == host {
            return tallies[recent[group].place + slot].note(mark, required: required)
        }
        guard let place = place(of: host) else { return others[slot].note(mark, required: required) }
        recent[group] = (host, place)
        tallies[place + slot].note(mark, required: required)
    }

    /// Nil where there is no room.
    private mutating func place(of host: IPAddress) -> Int? {
        if let place = places[host] { return place }
        guard places.count < limit else { return nil }
        let place = tallies.count
        places[host] = place
        tallies += Array(repeating: MarkTally(), count: slots)
        return place
    }
}
