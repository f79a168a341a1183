import CLinux
import Glibc
import Readiness
import Units
import Wire

/// Listens for what switches say of themselves by LLDP. Sends nothing.
struct SwitchListener: ~Copyable {
    /// What was refused, by reason.
    private(set) var refusals: [LinkDiscoveryRefusal: Int] = [:]
    private let descriptor: FileDescriptor
    private var buffer = [UInt8](repeating: 0, count: 1 << 14)

    var number: Int32 { descriptor.number }

    /// Nearest bridge, nearest non-TPMR bridge and nearest customer bridge (IEEE 802.1AB-2016 §7.1).
    private static let groups: [[UInt8]] = [0x0e, 0x03, 0x00].map { [0x01, 0x80, 0xc2, 0x00, 0x00, $0] }

    /// - Throws: ``SystemError`` with EPERM without CAP_NET_RAW.
    init(interfaces: [Int32]) throws(SystemError) {
        descriptor = try FileDescriptor("socket AF_PACKET") {
            let kind = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            return socket(AF_PACKET, kind, Int32(LinkDiscoveryFrame.etherType.bigEndian))
        }
        for interface in interfaces {
            // A driver that cannot filter hears them all the same.
            for group in Self.groups { try? join(group, on: interface) }
        }
    }

    private func join(_ group: [UInt8], on interface: Int32) throws(SystemError) {
        var membership = packet_mreq()
        membership.mr_ifindex = interface
        membership.mr_type = UInt16(PACKET_MR_MULTICAST)
        membership.mr_alen = UInt16(group.count)
        withUnsafeMutableBytes(of: &membership.mr_address) { $0.copyBytes(from: group) }
        let length = socklen_t(MemoryLayout<packet_mreq>.size)
        _ = try valueOrError("PACKET_ADD_MEMBERSHIP") {
            setsockopt(descriptor.number, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, length)
        }
    }

    /// All frames that wait, with the index of the interface that each came in by.
    mutating func next() -> [(interface: Int32, frame: LinkDiscoveryFrame)] {
        var found: [(Int32, LinkDiscoveryFrame)] = []
        while let (interface, octets) = receive() {
            do throws(LinkDiscoveryRefusal) {
                found.append((interface, try LinkDiscoveryFrame(ethernet: octets)))
            } catch {
                refusals[error, default: 0] += 1
            }
        }
        return found
    }

    private mutating func receive() -> (Int32, [UInt8])? {
        var sender = sockaddr_ll()
        var length = socklen_t(MemoryLayout<sockaddr_ll>.size)
        let count = try? valueOrError("recvfrom") {
            withUnsafeMutablePointer(to: &sender) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor.number, &buffer, buffer.count, 0, $0, &length)
                }
            }
        }
        guard let count, count >= 0 else { return nil }
        return (sender.sll_ifindex, Array(buffer.prefix(count)))
    }
}
