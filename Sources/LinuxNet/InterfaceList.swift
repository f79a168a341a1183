import CLinux
import Glibc
import Units

/// One of this host's network interfaces.
public struct NetworkInterface: Hashable, Sendable {
    public var name: String
    public var isUp: Bool
    /// Up and with a carrier.
    public var isRunning: Bool
    public var isLoopback: Bool
    public var addresses: [IPAddress]
}

/// This host's network interfaces.
public enum InterfaceList {
    /// IPv6 is compiled into the kernel and not disabled.
    public static var hasIPv6: Bool { TextFile.read("/proc/net/if_inet6") != nil }

    /// In the kernel's order.
    ///
    /// - Throws: ``SystemError`` where they cannot be listed.
    public static func read() throws(SystemError) -> [NetworkInterface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        _ = try valueOrError("getifaddrs") { getifaddrs(&list) }
        defer { freeifaddrs(list) }
        var found: [NetworkInterface] = []
        var next = list
        while let entry = next {
            note(entry.pointee, in: &found)
            next = entry.pointee.ifa_next
        }
        return found
    }

    private static func note(_ entry: ifaddrs, in found: inout [NetworkInterface]) {
        let name = String(cString: entry.ifa_name)
        let flags = Int32(bitPattern: entry.ifa_flags)
        let index: Int
        if let known = found.firstIndex(where: { $0.name == name }) {
            index = known
        } else {
            index = found.count
            found.append(
                NetworkInterface(
                    name: name,
                    isUp: flags & Int32(IFF_UP) != 0,
                    isRunning: flags & Int32(IFF_RUNNING) != 0,
                    isLoopback: flags & Int32(IFF_LOOPBACK) != 0,
                    addresses: []
                )
            )
        }
        if let address = entry.ifa_addr, let known = SocketAddress(address) {
            found[index].addresses.append(known.address)
        }
    }
}
