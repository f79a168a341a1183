import CLinux
import Glibc
import Units

extension InterfaceList {
    /// The interface that packets between these addresses leave this host by, so far as the addresses tell: loopback
    /// where the other is this host's own, else the one that has the local address. Nil where none has.
    public static func egress(from local: SocketAddress, to remote: SocketAddress) throws(SystemError) -> String? {
        let interfaces = try read()
        let isOwn = remote.address.isLoopback || interfaces.contains { $0.addresses.contains(remote.address) }
        if isOwn { return interfaces.first(where: \.isLoopback)?.name }
        if local.scope != 0 {
            // Several interfaces may have the same link-local address.
            var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
            guard if_indextoname(local.scope, &name) != nil else { return nil }
            return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return interfaces.first { $0.addresses.contains(local.address) }?.name
    }
}
