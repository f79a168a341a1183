import CLinux
import Glibc
import Units

/// What the kernel says beside a received datagram.
struct ControlMessages {
    /// The kernel's software timestamp, by the wall clock.
    var timestamp: WallInstant?
    var trafficClass: UInt8?
    var timeToLive: UInt8?
    /// The address that the datagram was sent to, and the interface that it came in by.
    var destination: IPAddress?
    var interface: UInt32 = 0
    /// Datagrams that this socket's buffer has dropped so far.
    var drops: UInt32?
    /// From the error queue: the error, and who caused it.
    var error: sock_extended_err?
    var offender: SocketAddress?

    @inline(__always)
    init(_ message: UnsafeMutablePointer<msghdr>) {
        var next = CLinux_cmsg_first(message)
        while let header = next {
            let data = UnsafeMutableRawPointer(CLinux_cmsg_data(header))
            switch (header.pointee.cmsg_level, header.pointee.cmsg_type) {
            case (SOL_SOCKET, Int32(SCM_TIMESTAMPING)):
                let time = data.loadUnaligned(as: timespec.self)
                if time.tv_sec != 0 {
                    timestamp = WallInstant(
                        nanosecondsSinceUnixEpoch: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
                    )
                }
            case (SOL_SOCKET, Int32(SO_RXQ_OVFL)): drops = data.loadUnaligned(as: UInt32.self)
            case (Int32(IPPROTO_IP), Int32(IP_TOS)): trafficClass = data.loadUnaligned(as: UInt8.self)
            case (Int32(IPPROTO_IP), Int32(IP_TTL)), (Int32(IPPROTO_IPV6), Int32(IPV6_HOPLIMIT)):
                timeToLive = UInt8(clamping: data.loadUnaligned(as: Int32.self))
            case (Int32(IPPROTO_IPV6), Int32(IPV6_TCLASS)):
                trafficClass = UInt8(clamping: data.loadUnaligned(as: Int32.self))
            case (Int32(IPPROTO_IP), Int32(IP_PKTINFO)):
                let info = data.loadUnaligned(as: in_pktinfo.self)
                destination = IPAddress(ipv4: UInt32(bigEndian: info.ipi_addr.s_addr))
                interface = UInt32(bitPattern: info.ipi_ifindex)
            case (Int32(IPPROTO_IPV6), Int32(IPV6_PKTINFO)):
                let info = data.loadUnaligned(as: in6_pktinfo.self)
                destination = IPAddress(info.ipi6_addr)
                interface = info.ipi6_ifindex
            case (Int32(IPPROTO_IP), Int32(IP_RECVERR)), (Int32(IPPROTO_IPV6), Int32(IPV6_RECVERR)):
                readError(data)
            default: break
            }
            next = CLinux_cmsg_next(message, header)
        }
    }

    private mutating func readError(_ data: UnsafeMutableRawPointer) {
        error = data.loadUnaligned(as: sock_extended_err.self)
        var storage = sockaddr_storage()
        let origin = data + MemoryLayout<sock_extended_err>.size
        let family = origin.loadUnaligned(as: sa_family_t.self)
        let length = Int32(family) == AF_INET6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        guard Int32(family) == AF_INET || Int32(family) == AF_INET6 else { return }
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: origin, count: length))
        }
        offender = SocketAddress(&storage)
    }
}

/// Writes control messages into a buffer that is known to be large enough for all kinds together.
struct ControlWriter {
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    private(set) var length = 0

    @inline(__always)
    init(_ base: UnsafeMutableRawPointer, capacity: Int) {
        self.base = base
        self.capacity = capacity
    }

    @inline(__always)
    mutating func append<Value>(level: Int32, type: Int32, _ value: Value) {
        let size = MemoryLayout<Value>.size
        let space = CLinux_cmsg_space(size)
        guard length + space <= capacity else { return }
        let header = (base + length).assumingMemoryBound(to: cmsghdr.self)
        header.pointee.cmsg_len = CLinux_cmsg_len(size)
        header.pointee.cmsg_level = level
        header.pointee.cmsg_type = type
        UnsafeMutableRawPointer(CLinux_cmsg_data(header)).storeBytes(of: value, as: Value.self)
        length += space
    }

    /// The source address (`destination` of the request) and the interface that a datagram leaves with.
    @inline(__always)
    mutating func appendSource(_ address: IPAddress, interface: UInt32) {
        switch address.family {
        case .ipv4:
            var info = in_pktinfo()
            info.ipi_spec_dst.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
            append(level: Int32(IPPROTO_IP), type: Int32(IP_PKTINFO), info)
        case .ipv6:
            var info = in6_pktinfo()
            info.ipi6_addr = in6_addr(address)
            info.ipi6_ifindex = address.high >> 54 == 0x3fa ? interface : 0
            append(level: Int32(IPPROTO_IPV6), type: Int32(IPV6_PKTINFO), info)
        }
    }

    /// The TOS or traffic class that a datagram leaves with.
    @inline(__always)
    mutating func appendTrafficClass(_ value: UInt8, family: IPAddress.Family) {
        switch family {
        case .ipv4: append(level: Int32(IPPROTO_IP), type: Int32(IP_TOS), Int32(value))
        case .ipv6: append(level: Int32(IPPROTO_IPV6), type: Int32(IPV6_TCLASS), Int32(value))
        }
    }

    /// Asks for the kernel's transmit timestamp of this one datagram.
    @inline(__always)
    mutating func appendTransmitTimestampRequest() {
        append(level: SOL_SOCKET, type: Int32(SO_TIMESTAMPING), UInt32(SOF_TIMESTAMPING_TX_SOFTWARE))
    }
}
