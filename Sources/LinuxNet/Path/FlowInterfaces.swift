import CLinux
import Glibc
import Units
import Wire

/// The interfaces that one flow's packets pass on this host.
public struct FlowInterfaces: Hashable, Sendable {
    /// The one that its packets leave by, as the kernel chooses now; after it those of the route's other ways, where it
    /// has several, since the choice for a socket may differ.
    public var leaving: [String]
    /// The one that has the flow's own address, which replies may come by, where that is none of ``leaving``.
    public var returning: String?

    public init(leaving: [String], returning: String? = nil) {
        self.leaving = leaving
        self.returning = returning
    }
}

/// Asks the kernel which way flows take. What decides is the route, its policy rules included, and not the address
/// that a flow comes from: that may well be another interface's.
public struct FlowRouter: ~Copyable {
    private var socket: NetlinkSocket
    private let interfaces: [NetworkInterface]
    private let trafficClass: UInt8

    /// - Parameter dscp: the mark that the packets have: routing may depend on it.
    public init(dscp: DSCP) throws(SystemError) {
        let found = try InterfaceList.read()
        let opened = try NetlinkSocket(.route)
        interfaces = found
        socket = opened
        trafficClass = dscp.value << 2
    }

    /// - Throws: ``SystemError`` with the kernel's reason where packets have no way.
    public mutating func interfaces(
        from local: SocketAddress,
        to remote: SocketAddress
    ) throws(SystemError) -> FlowInterfaces {
        let used = try look(from: local, to: remote, entry: false)
        // Kernels before 4.13 do not tell the entry, and then its other ways.
        let entry = try? look(from: local, to: remote, entry: true)
        let ways = (used?.interface.map { [$0] } ?? []) + (entry?.nextHops.map(\.interface) ?? [])
        var leaving: [String] = []
        for name in ways.compactMap(Self.name) where !leaving.contains(name) { leaving.append(name) }
        guard !leaving.isEmpty else { throw SystemError("look up a route", errno: ENODATA) }
        return FlowInterfaces(leaving: leaving, returning: returning(local, leaving))
    }

    private func returning(_ local: SocketAddress, _ leaving: [String]) -> String? {
        let own = interfaces.first { $0.addresses.contains(local.address) }
        // An address of loopback's own is one that packets come for by other interfaces.
        guard let own, own.isUp, !own.isLoopback, !leaving.contains(own.name) else { return nil }
        // Packets to this host itself never get to an interface other than loopback.
        return interfaces.contains { $0.isLoopback && leaving.contains($0.name) } ? nil : own.name
    }

    private mutating func look(
        from local: SocketAddress,
        to remote: SocketAddress,
        entry: Bool
    ) throws(SystemError) -> RouteMessage? {
        let request = RouteMessage.lookup(
            of: remote.address,
            port: remote.port,
            from: (local.address, local.port),
            // Several interfaces may have the same link-local address.
            interface: remote.scope != 0 ? remote.scope : local.scope != 0 ? local.scope : nil,
            trafficClass: trafficClass,
            entry: entry
        )
        return try socket.values(request, "look up a route", RouteMessage.init).first
    }

    private static func name(_ index: Int32) -> String? {
        var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        guard if_indextoname(UInt32(bitPattern: index), &name) != nil else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
