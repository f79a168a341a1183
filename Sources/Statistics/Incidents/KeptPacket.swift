import ProbeCore
import Units

/// One packet of a stream as an incident keeps it: when it left, what became of it, how long it took.
public struct KeptPacket: Hashable, Sendable {
    /// In which direction something happened to a packet or its reply.
    public struct Ways: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let forward = Ways(rawValue: 1)
        public static let reverse = Ways(rawValue: 2)
        /// In one or the other, nobody can say which.
        public static let unknown = Ways(rawValue: 4)
    }

    /// On the wire.
    public var sequence: UInt32
    /// On the run's own clock.
    public var sentAt: WallInstant
    /// Where packets next to each other were lost on either way, how many on which is exact, and which of them is not.
    public var fate: PacketFate
    /// One-way delays, right to within ``Incident/oneWayUncertainty``; nil where they cannot be told. Both or neither.
    public var forward: Nanoseconds?
    public var reverse: Nanoseconds?
    /// How long the far end kept it (T3 − T2); nil where it told no times.
    public var stay: Nanoseconds?
    /// Without `stay`, where that is known; nil where no reply came. A reply that came too late has one.
    public var roundTrip: Nanoseconds?
    /// Where it arrived after one that was sent later (RFC 4737).
    public var reordered: Ways
    /// Where extra copies were made, of which one came back.
    public var duplicated: Ways
    /// As it arrived at the far end, and its reply here; nil where nobody told.
    public var farMark: DSCP?
    public var returnedMark: DSCP?

    public init(
        sequence: UInt32,
        sentAt: WallInstant,
        fate: PacketFate,
        forward: Nanoseconds? = nil,
        reverse: Nanoseconds? = nil,
        stay: Nanoseconds? = nil,
        roundTrip: Nanoseconds? = nil,
        reordered: Ways = [],
        duplicated: Ways = [],
        farMark: DSCP? = nil,
        returnedMark: DSCP? = nil
    ) {
        self.sequence = sequence
        self.sentAt = sentAt
        self.fate = fate
        self.forward = forward
        self.reverse = reverse
        self.stay = stay
        self.roundTrip = roundTrip
        self.reordered = reordered
        self.duplicated = duplicated
        self.farMark = farMark
        self.returnedMark = returnedMark
    }

    /// When its reply arrived, on the run's own clock; nil where none came.
    public var answeredAt: WallInstant? { roundTrip.map { sentAt + $0 + (stay ?? .zero) } }
}

/// The marks of one packet: as it arrived at the far end, and its reply here.
public struct PacketMarks: Hashable, Sendable {
    /// Nil where the far end does not tell.
    public var far: DSCP?
    public var returned: DSCP

    public init(far: DSCP?, returned: DSCP) {
        self.far = far
        self.returned = returned
    }
}

/// One stream of an endpoint as an incident search takes it: the whole check, or any stretch of it.
public struct WatchedStream: Sendable {
    public var observation: StreamObservation
    /// The number on the wire of the observation's packet 0.
    public var firstSequence: UInt32
    /// By the observation's packets; may be shorter.
    public var marks: [PacketMarks?]

    public init(_ observation: StreamObservation, firstSequence: UInt32 = 0, marks: [PacketMarks?] = []) {
        self.observation = observation
        self.firstSequence = firstSequence
        self.marks = marks
    }
}
