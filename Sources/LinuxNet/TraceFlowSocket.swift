import CLinux
import Glibc
import ProbeCore
import Units

/// One traced port's socket: its source port stays, so that all its probes are one flow.
struct TraceFlowSocket: ~Copyable {
    private let socket: UDPSocket
    var payload: any TracePayload
    let flow: TraceFlow
    /// The ledger's number of each of this port's probes, by the payload's own.
    var numbers: [Int: Int] = [:]

    var number: Int32 { socket.number }

    /// - Parameter usesErrorQueue: ICMP errors are to come by the socket's own error queue.
    init(
        to destination: SocketAddress,
        dscp: DSCP,
        payload: any TracePayload,
        usesErrorQueue: Bool
    ) throws(SystemError) {
        let socket = try UDPSocket(family: destination.address.family)
        try socket.enableReception(transmitTimestamps: false)
        if usesErrorQueue { try socket.enableErrorQueue() }
        try socket.mark(dscp)
        try socket.connect(to: destination)
        guard let local = socket.localAddress() else { throw SystemError("getsockname", errno: errno) }
        flow = TraceFlow(
            source: local.address,
            sourcePort: local.port,
            destination: destination.address,
            destinationPort: destination.port
        )
        self.socket = socket
        self.payload = payload
    }

    /// Sends with this TTL or hop limit.
    ///
    /// - Throws: ``SystemError`` where this host itself refuses.
    func send(_ octets: [UInt8], hopLimit: UInt8) throws(SystemError) {
        switch socket.family {
        case .ipv4: try socket.set(Int32(IPPROTO_IP), Int32(IP_TTL), Int32(hopLimit), "IP_TTL")
        case .ipv6: try socket.set(Int32(IPPROTO_IPV6), Int32(IPV6_UNICAST_HOPS), Int32(hopLimit), "IPV6_UNICAST_HOPS")
        }
        // An error that an earlier probe met is told by the next call: it is taken off, and is not about this probe.
        socket.clearError()
        do {
            try sendOnce(octets)
        } catch  where error.errno == ECONNREFUSED || error.errno == EHOSTUNREACH {
            try sendOnce(octets)
        }
    }

    private func sendOnce(_ octets: [UInt8]) throws(SystemError) {
        _ = try valueOrError("send") {
            octets.withUnsafeBytes { Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
    }

    func clearError() { socket.clearError() }
}

/// The sockets of a trace's ports, at fixed places in memory.
struct TraceFlowSockets: ~Copyable {
    private let base: UnsafeMutablePointer<TraceFlowSocket>
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

    mutating func append(_ socket: consuming TraceFlowSocket) {
        precondition(count < capacity)
        (base + count).initialize(to: socket)
        count += 1
    }

    subscript(index: Int) -> TraceFlowSocket {
        _read {
            precondition(index < count)
            yield base[index]
        }
        _modify {
            precondition(index < count)
            yield &base[index]
        }
    }
}
