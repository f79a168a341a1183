import CLinux
import Glibc
import Units

/// A UDP socket, non-blocking, closed when its owner goes.
struct UDPSocket: ~Copyable {
    let descriptor: FileDescriptor
    let family: IPAddress.Family

    var number: Int32 { descriptor.number }

    init(family: IPAddress.Family) throws(SystemError) {
        self.family = family
        let domain = family == .ipv4 ? AF_INET : AF_INET6
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = try FileDescriptor("socket") { socket(domain, type, 0) }
    }

    func set(_ level: Int32, _ option: Int32, _ value: Int32, _ name: String) throws(SystemError) {
        var value = value
        _ = try valueOrError("setsockopt \(name)") {
            setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    func bind(to address: SocketAddress) throws(SystemError) {
        _ = try valueOrError("bind \(address)") { address.withSockaddr { Glibc.bind(number, $0, $1) } }
    }

    func connect(to address: SocketAddress) throws(SystemError) {
        _ = try valueOrError("connect \(address)") { address.withSockaddr { Glibc.connect(number, $0, $1) } }
    }

    /// The address and port that this socket sends from.
    func localAddress() -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
        }
        return status == 0 ? SocketAddress(&storage) : nil
    }

    /// What the kernel shall say beside every datagram: its time, marks, hops, and the datagrams it dropped.
    ///
    /// - Parameter transmit: also the time at which each sent datagram left, in the error queue.
    func enableReception(transmitTimestamps transmit: Bool) throws(SystemError) {
        var flags = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE
        if transmit { flags |= SOF_TIMESTAMPING_TX_SOFTWARE }
        try set(SOL_SOCKET, Int32(SO_TIMESTAMPING), Int32(flags), "SO_TIMESTAMPING")
        try set(SOL_SOCKET, Int32(SO_RXQ_OVFL), 1, "SO_RXQ_OVFL")
        switch family {
        case .ipv4:
            try set(Int32(IPPROTO_IP), Int32(IP_RECVTOS), 1, "IP_RECVTOS")
            try set(Int32(IPPROTO_IP), Int32(IP_RECVTTL), 1, "IP_RECVTTL")
        case .ipv6:
            try set(Int32(IPPROTO_IPV6), Int32(IPV6_RECVTCLASS), 1, "IPV6_RECVTCLASS")
            try set(Int32(IPPROTO_IPV6), Int32(IPV6_RECVHOPLIMIT), 1, "IPV6_RECVHOPLIMIT")
        }
    }

    /// Queues ICMP errors with their source, instead of only failing a later call.
    func enableErrorQueue() throws(SystemError) {
        switch family {
        case .ipv4: try set(Int32(IPPROTO_IP), Int32(IP_RECVERR), 1, "IP_RECVERR")
        case .ipv6: try set(Int32(IPPROTO_IPV6), Int32(IPV6_RECVERR), 1, "IPV6_RECVERR")
        }
    }

    /// Marks every datagram, and sends it with TTL or hop limit 255 (RFC 5357 §4.1.2), so that hops can be counted.
    func mark(_ dscp: DSCP) throws(SystemError) {
        switch family {
        case .ipv4:
            try set(Int32(IPPROTO_IP), Int32(IP_TOS), Int32(dscp.value) << 2, "IP_TOS")
            try set(Int32(IPPROTO_IP), Int32(IP_TTL), 255, "IP_TTL")
        case .ipv6:
            try set(Int32(IPPROTO_IPV6), Int32(IPV6_TCLASS), Int32(dscp.value) << 2, "IPV6_TCLASS")
            try set(Int32(IPPROTO_IPV6), Int32(IPV6_UNICAST_HOPS), 255, "IPV6_UNICAST_HOPS")
        }
    }

    /// Asks for a receive buffer of this size, past the system's limit where this process may.
    func enlargeReceiveBuffer(_ octets: Int32) {
        do {
            try set(SOL_SOCKET, Int32(SO_RCVBUFFORCE), octets, "SO_RCVBUFFORCE")
        } catch {
            // The limit stands: the kernel then gives net.core.rmem_max, and drops are counted.
            try? set(SOL_SOCKET, Int32(SO_RCVBUF), octets, "SO_RCVBUF")
        }
    }

    /// Reports transmit timestamps of those datagrams that ask for one, by a running number and without the packet.
    func enableTransmitTimestampsOnRequest() throws(SystemError) {
        let flags =
            SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE
            | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY
        try set(SOL_SOCKET, Int32(SO_TIMESTAMPING), Int32(flags), "SO_TIMESTAMPING")
    }
}

/// Sockets kept open.
struct SocketList: ~Copyable {
    private var head: Node?

    private final class Node {
        let socket: UDPSocket
        let next: Node?

        init(_ socket: consuming UDPSocket, next: Node?) {
            self.socket = socket
            self.next = next
        }
    }

    mutating func append(_ socket: consuming UDPSocket) { head = Node(socket, next: head) }
}
