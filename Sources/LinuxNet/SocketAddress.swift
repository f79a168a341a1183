import CLinux
import Glibc
import Units

/// An address and a port as the kernel takes them.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    public var address: IPAddress
    public var port: UInt16
    /// The interface of a link-local IPv6 address; 0 for none.
    public var scope: UInt32

    public init(address: IPAddress, port: UInt16, scope: UInt32 = 0) {
        self.address = address
        self.port = port
        self.scope = scope
    }

    public var description: String {
        address.family == .ipv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }

    /// The address family as `socket` takes it.
    var family: Int32 { address.family == .ipv4 ? AF_INET : AF_INET6 }

    /// Reads what the kernel wrote. IPv4-mapped IPv6 addresses become IPv4. Nil for any other family.
    @inline(__always)
    init?(_ storage: UnsafeRawPointer) {
        switch Int32(storage.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET:
            let value = storage.loadUnaligned(as: sockaddr_in.self)
            self.init(
                address: IPAddress(ipv4: UInt32(bigEndian: value.sin_addr.s_addr)),
                port: UInt16(bigEndian: value.sin_port)
            )
        case AF_INET6:
            let value = storage.loadUnaligned(as: sockaddr_in6.self)
            self.init(
                address: IPAddress(value.sin6_addr),
                port: UInt16(bigEndian: value.sin6_port),
                scope: value.sin6_scope_id
            )
        default: return nil
        }
    }

    /// Writes it for the kernel; gives the length.
    @inline(__always)
    @discardableResult
    func write(to storage: UnsafeMutablePointer<sockaddr_storage>) -> socklen_t {
        switch address.family {
        case .ipv4:
            var value = sockaddr_in()
            value.sin_family = sa_family_t(AF_INET)
            value.sin_port = port.bigEndian
            value.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
            UnsafeMutableRawPointer(storage).storeBytes(of: value, as: sockaddr_in.self)
            return socklen_t(MemoryLayout<sockaddr_in>.size)
        case .ipv6:
            var value = sockaddr_in6()
            value.sin6_family = sa_family_t(AF_INET6)
            value.sin6_port = port.bigEndian
            value.sin6_addr = in6_addr(address)
            value.sin6_scope_id = scope
            UnsafeMutableRawPointer(storage).storeBytes(of: value, as: sockaddr_in6.self)
            return socklen_t(MemoryLayout<sockaddr_in6>.size)
        }
    }

    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let length = write(to: &storage)
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}

extension IPAddress {
    @inline(__always)
    init(_ address: in6_addr) {
        let (high, low) = withUnsafeBytes(of: address) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        self =
            high == 0 && low >> 32 == 0xffff
            ? IPAddress(ipv4: UInt32(truncatingIfNeeded: low)) : IPAddress(ipv6High: high, low: low)
    }

    /// Nil when `text` is not an address in numbers.
    public init?(text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(ipv4: UInt32(bigEndian: four.s_addr))
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(six)
        } else {
            return nil
        }
    }
}

extension in6_addr {
    @inline(__always)
    init(_ address: IPAddress) {
        self.init()
        withUnsafeMutableBytes(of: &self) { bytes in
            bytes.storeBytes(of: address.high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
    }
}
