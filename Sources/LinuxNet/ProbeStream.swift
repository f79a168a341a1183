import CLinux
import Glibc
import ProbeCore
import Units

/// One stream's socket, state machine and request buffer.
struct ProbeStream: ~Copyable {
    let socket: UDPSocket
    var sender: SessionSender
    let request: OctetBuffer
    let destination: SocketAddress
    /// Datagrams that the socket's receive buffer has dropped so far.
    var drops: UInt32
    var wasAnswered: Bool
    /// The first sequence number of the tail; nil before it.
    var tailStart: UInt32?
    var tailAnswered: Bool

    init(_ plan: StreamPlan) throws {
        let sender = try SessionSender(plan.sender)
        let socket = try UDPSocket(family: plan.destination.address.family)
        try socket.enableReception(transmitTimestamps: true)
        try socket.enableErrorQueue()
        try socket.mark(plan.dscp)
        socket.enlargeReceiveBuffer(1 << 20)
        try socket.connect(to: plan.destination)
        let request = OctetBuffer(count: plan.sender.payloadLength) { sender.prepare(&$0) }
        self.init(sender: sender, socket: socket, request: request, destination: plan.destination)
    }

    private init(
        sender: SessionSender,
        socket: consuming UDPSocket,
        request: consuming OctetBuffer,
        destination: SocketAddress
    ) {
        self.sender = sender
        self.socket = socket
        self.request = request
        self.destination = destination
        drops = 0
        wasAnswered = false
        tailStart = nil
        tailAnswered = false
    }
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
