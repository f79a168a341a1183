import CLinux
import Glibc
import Readiness
import Units
import Wire

/// Speed, duplex and the rest of interfaces.
enum EthernetLinks {
    static func read(_ names: Set<String>, _ tables: RoutingTables) -> [LinkEvidence] {
        var modes = try? EthernetModes()
        var found: [LinkEvidence] = []
        for (index, link) in tables.links where names.contains(link.name) && !link.isLoopback {
            let mode = modes?.mode(of: index)
            found.append(
                LinkEvidence(
                    interface: link.name,
                    kind: tables.kind(link),
                    hardwareAddress: link.address?.description,
                    subnets: tables.subnets(index),
                    mtu: link.mtu.map(Int.init),
                    speed: mode?.speed.map(Int.init),
                    duplex: mode?.duplex.flatMap { LinkEvidence.Duplex(rawValue: $0.rawValue) },
                    isNegotiated: mode?.isNegotiated
                )
            )
        }
        return found.sorted { $0.interface < $1.interface }
    }
}

/// Asks drivers what their ports agreed on.
struct EthernetModes: ~Copyable {
    private var socket: NetlinkSocket
    private let family: UInt16

    /// - Throws: ``SystemError`` with ENOENT in a kernel before 5.6.
    init() throws(SystemError) {
        var socket = try NetlinkSocket(.generic)
        let request = GenericNetlink.family(named: EthernetModeMessage.familyName)
        let found = try socket.values(request, "find ethtool", GenericNetlink.family)
        guard let family = found.first else { throw SystemError("find ethtool", errno: ENOENT) }
        self.family = family
        self.socket = socket
    }

    /// Nil where the driver knows nothing of the kind.
    mutating func mode(of index: Int32) -> EthernetModeMessage? {
        let request = EthernetModeMessage.get(family: family, index: index)
        return try? socket.values(request, "read link modes", EthernetModeMessage.init).first
    }
}
