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
        } else if mark.value == 0 {
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
