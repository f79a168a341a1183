import CLinux
import Glibc
import ProbeCore
import Units
import Wire

/// One stream's socket, state machine and request buffer.
struct ProbeStream: ~Copyable {
    let socket: UDPSocket
    var sender: ProbeSender
    let request: OctetBuffer
    let destination: SocketAddress
    /// Datagrams that the socket's receive buffer has dropped so far.
    var drops: UInt32 = 0
    var wasAnswered = false
    /// The first sequence number of the tail; nil before it.
    var tailStart: UInt32?
    var tailAnswered = false
    /// Where the far end sees this stream come from.
    var reflexive = ReflexiveTracker()
    /// For a server that is not ours; nil for a session-reflector.
    var relay: RelayStream?
    private let roundsPerPacket: Int
    /// The round of the grid in which the stream sends next.
    private var nextRound: Int

    /// - Parameter phase: spreads the streams that do not send in every round.
    init(_ plan: StreamPlan, interval: Nanoseconds, phase: Int) throws {
        let sender = try ProbeSender(plan.probe)
        let socket = try UDPSocket(family: plan.destination.address.family)
        try socket.enableReception(transmitTimestamps: true)
        try socket.enableErrorQueue()
        try socket.mark(plan.dscp)
        socket.enlargeReceiveBuffer(1 << 20)
        try socket.connect(to: plan.destination)
        request = OctetBuffer(count: sender.payloadLength) { sender.prepare(&$0) }
        relay = sender.isStun ? RelayStream(interval: interval * Int64(plan.roundsPerPacket)) : nil
        self.sender = sender
        self.socket = socket
        destination = plan.destination
        roundsPerPacket = plan.roundsPerPacket
        nextRound = phase % plan.roundsPerPacket
    }

    @inline(__always)
    func isDue(in round: Int) -> Bool { round >= nextRound }

    /// The stream had its turn in this round.
    @inline(__always)
    mutating func tookTurn(in round: Int) { nextRound = round + roundsPerPacket * (relay?.pacing.divisor ?? 1) }
}

/// What a stream to a STUN or TURN server has beside what every stream has.
struct RelayStream: ~Copyable {
    var pacing: RelayPacing
    /// The server gave out a relayed address, which it keeps for ten minutes unless it is told that nobody wants it.
    var holdsAllocation = false
    /// A reply that tells most about the server: the first, or else the first that names another server.
    private let kept = OctetBuffer(count: 1_024) { _ in }
    private var keptLength = 0
    private var keptCode: UInt16?

    init(interval: Nanoseconds) { pacing = RelayPacing(interval: interval) }

    /// Redirection (RFC 8489 §10).
    private static let tryAlternate: UInt16 = 300

    mutating func keep(_ datagram: UnsafeMutableBufferPointer<UInt8>, _ response: StunResponse) {
        let isBetter = response.errorCode == Self.tryAlternate && keptCode != Self.tryAlternate
        guard keptLength == 0 || isBetter, datagram.count <= kept.octets.count else { return }
        for offset in 0..<datagram.count { kept.octets[offset] = datagram[offset] }
        keptLength = datagram.count
        keptCode = response.errorCode
    }

    /// The octets of that reply; nil where none came.
    var keptReply: [UInt8]? { keptLength == 0 ? nil : Array(kept.octets.prefix(keptLength)) }
}

/// Octets at a fixed place in memory.
struct OctetBuffer: ~Copyable {
    let octets: UnsafeMutableBufferPointer<UInt8>

    init(count: Int, fill: (inout MutableSpan<UInt8>) -> Void) {
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
        buffer.initialize(repeating: 0)
        var span = buffer.mutableSpan
        fill(&span)
        octets = buffer
    }

    deinit { octets.deallocate() }
}

/// The streams of a run, at fixed places in memory.
struct ProbeStreams: ~Copyable {
    private let base: UnsafeMutablePointer<ProbeStream>
    private(set) var count = 0
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    mutating func append(_ stream: consuming ProbeStream) {
        precondition(count < capacity)
        (base + count).initialize(to: stream)
        count += 1
    }

    subscript(index: Int) -> ProbeStream {
        @inline(__always) _read { yield base[index] }
        @inline(__always) nonmutating _modify { yield &base[index] }
    }
}
