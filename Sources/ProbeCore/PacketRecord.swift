import Units
import Wire

/// What happened to one packet, in 56 octets: what the probe thread writes and everything after it reads.
///
/// Local times are nanoseconds on the run's own clock (``StreamObservation``), far times by the far end's clock.
/// Which fields mean something depends on `kind`; the factory functions say so.
public struct PacketRecord: BitwiseCopyable, Sendable {
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// A probe was handed to the kernel.
        case sent
        /// The kernel's transmit timestamp of a probe.
        case transmitted
        case reply
        /// A response to a STUN request; `detail` is its ERROR-CODE, 0 for a success.
        case stunReply
        /// The far end saw this stream come from another transport address than before.
        case reflexive
        /// A server that limits is asked less often from now on; `detail` is what the rate is divided by.
        case rateReduced
        /// The far end's kernel transmit timestamp of an earlier reply (Follow-Up Telemetry).
        case farTransmitted
        /// A place in the grid passed before this thread could send.
        case missed
        /// The kernel refused to send; `detail` is the errno.
        case sendFailed
        /// A datagram that is no valid reply of this session; `detail` is the ``StampRefusal``, or the ``StunRefusal``
        /// above ``PacketRecord/stunRefusals``.
        case refused
        /// An ICMP error for a probe of this stream.
        case unreachable
        /// This host's wall clock was stepped.
        case clockStep
    }

    public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `at` is the kernel's timestamp, not one read in this process.
        public static let kernelTimestamp = Flags(rawValue: 1)
        /// The far end's two timestamps are there and sane.
        public static let farTimestamps = Flags(rawValue: 2)
        /// `farTrafficClass` is there.
        public static let farTrafficClass = Flags(rawValue: 4)
        /// The far end's policy forbids the mark asked for.
        public static let markRefusedByPolicy = Flags(rawValue: 8)
        /// The far end claims that its clock is synchronised, to within `farClockError`.
        public static let farSynchronized = Flags(rawValue: 16)
        /// The reply is not as long as the request.
        public static let unequalLength = Flags(rawValue: 32)
        /// The ICMP error came from the endpoint's own address.
        public static let fromEndpoint = Flags(rawValue: 64)
        /// An IPv6 address, not an IPv4 one.
        public static let ipv6 = Flags(rawValue: 128)
        /// A `sent` packet that counts: neither lead-in nor tail. Shares its bit with a flag of other kinds.
        public static let measured = Flags(rawValue: 2)
    }

    public var at: Int64 = 0
    public var farReceivedAt: Int64 = 0
    public var farSentAt: Int64 = 0
    public var value: Int64 = 0
    public var sequence: UInt32 = 0
    public var reflectorSequence: UInt32 = 0
    /// The far end's claimed clock error, nanoseconds. A claim too wide for it, over 4.3 s, is recorded as none.
    public var farClockError: UInt32 = 0
    public var stream: UInt16 = 0
    public var kind: Kind
    public var flags: Flags = []
    /// TOS or traffic class of the reply as it arrived here.
    public var trafficClass: UInt8 = 0
    /// TOS or traffic class of the request as it arrived at the far end.
    public var farTrafficClass: UInt8 = 0
    /// TTL or hop limit of the reply as it arrived here, and of the request at the far end; 0 when unknown.
    public var timeToLive: UInt8 = 0
    public var farTimeToLive: UInt8 = 0
    public var detail: UInt16 = 0
    /// The source port that the far end saw; 0 when it does not say.
    public var reflexivePort: UInt16 = 0

    @inlinable
    public init(kind: Kind, stream: UInt16, at: WallInstant) {
        self.kind = kind
        self.stream = stream
        self.at = at.nanosecondsSinceUnixEpoch
    }

    /// A probe was handed to the kernel at `at`, `lateness` nanoseconds after its place in the grid.
    @inlinable
    public static func sent(
        stream: UInt16,
        sequence: UInt32,
        at: WallInstant,
        lateness: Nanoseconds,
        measured: Bool
    ) -> PacketRecord {
        var record = PacketRecord(kind: .sent, stream: stream, at: at)
        if measured { record.flags = .measured }
        record.sequence = sequence
        record.value = lateness.count
        return record
    }

    /// The kernel's transmit timestamp of a probe.
    @inlinable
    public static func transmitted(stream: UInt16, sequence: UInt32, at: WallInstant) -> PacketRecord {
        var record = PacketRecord(kind: .transmitted, stream: stream, at: at)
        record.sequence = sequence
        record.flags = .kernelTimestamp
        return record
    }

    /// The far end's kernel transmit timestamp of its reply number `reflectorSequence`.
    @inlinable
    public static func farTransmitted(
        stream: UInt16,
        reflectorSequence: UInt32,
        at: WallInstant,
        farSentAt: WallInstant
    ) -> PacketRecord {
        var record = PacketRecord(kind: .farTransmitted, stream: stream, at: at)
        record.reflectorSequence = reflectorSequence
        record.farSentAt = farSentAt.nanosecondsSinceUnixEpoch
        return record
    }

    /// A datagram that is no reply of this session.
    @inlinable
    public static func refused(stream: UInt16, at: WallInstant, reason: StampRefusal) -> PacketRecord {
        var record = PacketRecord(kind: .refused, stream: stream, at: at)
        record.detail = UInt16(reason.rawValue)
        return record
    }

    /// Where the numbers of ``StunRefusal`` begin in a `refused` record.
    public static let stunRefusals: UInt16 = 0x100

    /// A datagram that is no response to one of our transactions.
    public static func refused(stream: UInt16, at: WallInstant, reason: StunRefusal) -> PacketRecord {
        var record = PacketRecord(kind: .refused, stream: stream, at: at)
        record.detail = stunRefusals | UInt16(reason.rawValue)
        return record
    }

    /// The far end saw request `sequence` come from `address`.
    public static func reflexive(
        stream: UInt16,
        sequence: UInt32,
        at: WallInstant,
        address: TransportAddress
    ) -> PacketRecord {
        var record = PacketRecord(kind: .reflexive, stream: stream, at: at)
        record.sequence = sequence
        record.reflexivePort = address.port
        record.address = address.address
        return record
    }

    /// From request `sequence` on the rate is divided by `divisor`.
    public static func rateReduced(stream: UInt16, sequence: UInt32, at: WallInstant, divisor: Int) -> PacketRecord {
        var record = PacketRecord(kind: .rateReduced, stream: stream, at: at)
        record.sequence = sequence
        record.detail = UInt16(clamping: divisor)
        return record
    }

    /// The kernel would not send, for the reason `errno`.
    @inlinable
    public static func sendFailed(stream: UInt16, at: WallInstant, errno: Int32) -> PacketRecord {
        var record = PacketRecord(kind: .sendFailed, stream: stream, at: at)
        record.detail = UInt16(clamping: errno)
        return record
    }

    /// An ICMP error of this type and code, sent by `source`.
    public static func unreachable(
        stream: UInt16,
        at: WallInstant,
        source: IPAddress,
        type: UInt8,
        code: UInt8,
        fromEndpoint: Bool
    ) -> PacketRecord {
        var record = PacketRecord(kind: .unreachable, stream: stream, at: at)
        record.address = source
        record.detail = UInt16(type) << 8 | UInt16(code)
        if fromEndpoint { record.flags.insert(.fromEndpoint) }
        return record
    }

    /// Who sent the ICMP error of an `unreachable` record; the address of a `reflexive` one.
    public internal(set) var address: IPAddress {
        get {
            flags.contains(.ipv6)
                ? IPAddress(ipv6High: UInt64(bitPattern: farReceivedAt), low: UInt64(bitPattern: farSentAt))
                : IPAddress(ipv4: UInt32(truncatingIfNeeded: farSentAt))
        }
        set {
            farReceivedAt = Int64(bitPattern: newValue.high)
            farSentAt = Int64(bitPattern: newValue.low)
            if newValue.family == .ipv6 { flags.insert(.ipv6) } else { flags.remove(.ipv6) }
        }
    }
}
