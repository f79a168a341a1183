import CLinux
import Glibc
import ProbeCore
import Units
import Wire

/// Hears the ICMP errors that reach this host, with everything they quote; needs CAP_NET_RAW.
final class TraceICMPSocket {
    private let descriptor: FileDescriptor
    let family: IPAddress.Family

    var number: Int32 { descriptor.number }

    private static let filterOfICMPv4: Int32 = 1
    private static let levelOfRaw: Int32 = 255
    private static let filterOfICMPv6: Int32 = 1

    /// - Throws: ``SystemError`` with EPERM where this process may not.
    init(family: IPAddress.Family) throws(SystemError) {
        self.family = family
        let domain = family == .ipv4 ? AF_INET : AF_INET6
        let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let transport = Int32(family == .ipv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6)
        descriptor = try FileDescriptor("raw ICMP socket") { socket(domain, type, transport) }
        try hearErrorsOnly()
        try set(SOL_SOCKET, Int32(SO_TIMESTAMPING), [UInt32(SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE)])
    }

    /// A bit that is set keeps a type out.
    private func hearErrorsOnly() throws(SystemError) {
        switch family {
        case .ipv4: try set(Self.levelOfRaw, Self.filterOfICMPv4, [~(1 << 3 | 1 << 11 | 1 << 12)])
        case .ipv6:
            var filter = [UInt32](repeating: .max, count: 8)
            filter[0] = ~(1 << 1 | 1 << 2 | 1 << 3 | 1 << 4)
            try set(Int32(IPPROTO_ICMPV6), Self.filterOfICMPv6, filter)
        }
    }

    private func set(_ level: Int32, _ option: Int32, _ words: [UInt32]) throws(SystemError) {
        _ = try valueOrError("setsockopt on the raw ICMP socket") {
            setsockopt(number, level, option, words, socklen_t(words.count * MemoryLayout<UInt32>.size))
        }
    }

    /// Reads message `index` of a batch received from this socket.
    func read(_ batch: borrowing MessageBatch, _ index: Int) throws(ICMPRefusal) -> (ICMPError, sender: IPAddress) {
        let octets = batch.payload(index, length: batch.length(index)).span
        switch family {
        case .ipv4: return try ICMPError.parse(ipv4Packet: octets)
        case .ipv6:
            // The kernel gives IPv6 raw sockets no header, but tells who sent it.
            guard let sender = batch.peer(index)?.address else { throw .notICMP }
            return (try ICMPError(parsing: octets, family: .ipv6), sender)
        }
    }
}
