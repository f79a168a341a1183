import Units

/// Marks of media of one class in one direction, against the mark that it should have; in 32 octets, since there is one
/// for every host.
public struct MarkTally: Hashable, Sendable {
    /// With the mark that they should have.
    public private(set) var marked = 0
    /// With another mark.
    public private(set) var wrong = 0
    /// With none: DSCP 0.
    public private(set) var unmarked = 0
    /// One bit for each DSCP seen.
    private var seen: UInt64 = 0

    public init() {}

    public var packets: Int { marked &+ wrong &+ unmarked }

    /// In the order of their values.
    public var marks: [DSCP] { (0..<64).filter { seen >> UInt64($0) & 1 == 1 }.compactMap(DSCP.init) }

    @inline(__always)
    mutating func note(_ mark: DSCP, required: DSCP?) {
        seen |= 1 << UInt64(mark.value)
        if mark == required {
            marked &+= 1
        } else if mark == .bestEffort {
            unmarked &+= 1
        } else {
            wrong &+= 1
        }
    }

    static func + (left: MarkTally, right: MarkTally) -> MarkTally {
        var sum = left
        sum.marked &+= right.marked
        sum.wrong &+= right.wrong
        sum.unmarked &+= right.unmarked
        sum.seen |= right.seen
        return sum
    }
}

/// Hosts and their tallies, so many at the most; what further hosts send is counted together.
public struct HostTable: Sendable {
    public let limit: Int
    /// Per host one tally for each class and direction, at ``slot``.
    public private(set) var hosts: [IPAddress: [MarkTally]] = [:]
    /// Of the hosts for which there was no room.
    public private(set) var others: [MarkTally]
    private let slots: Int

    init(limit: Int, slots: Int) {
        self.limit = limit
        self.slots = slots
        others = Array(repeating: MarkTally(), count: slots)
        hosts.reserveCapacity(min(limit, 1_024))
    }

    mutating func note(_ mark: DSCP, required: DSCP?, host: IPAddress, slot: Int) {
        if hosts[host]?[slot].note(mark, required: required) != nil { return }
        guard hosts.count < limit else { return others[slot].note(mark, required: required) }
        var tallies = Array(repeating: MarkTally(), count: slots)
        tallies[slot].note(mark, required: required)
        hosts[host] = tallies
    }
}
