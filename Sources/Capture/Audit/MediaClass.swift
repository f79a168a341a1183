import Units

/// One kind of Teams media, told by the ports that clients send it from.
public struct MediaClass: Hashable, Sendable {
    public var name: String
    /// Of the client: source ports of what it sends, destination ports of what it gets.
    public var clientPorts: ClosedRange<UInt16>
    /// The mark that it should have.
    public var required: DSCP

    public init(name: String, clientPorts: ClosedRange<UInt16>, required: DSCP) {
        self.name = name
        self.clientPorts = clientPorts
        self.required = required
    }

    /// What Microsoft recommends for clients.
    public static let teams: [MediaClass] = [
        MediaClass(name: "audio", clientPorts: 50_000...50_019, required: .expeditedForwarding),
        MediaClass(name: "video", clientPorts: 50_020...50_039, required: DSCP(trafficClass: 34 << 2)),
        MediaClass(name: "sharing", clientPorts: 50_040...50_059, required: DSCP(trafficClass: 18 << 2)),
    ]
}

/// As seen from the client.
public enum MediaDirection: String, Hashable, Sendable, CaseIterable {
    case outbound, inbound
}

/// Tells Teams media from everything else, and its class and direction.
public struct MediaRules: Sendable {
    /// A packet of media.
    struct Match {
        var direction: MediaDirection
        var client: IPAddress
        /// Place in ``classes``; past its end where the client's port is of no class.
        var mediaClass: Int
    }

    public let classes: [MediaClass]
    /// Ports of the relays: what goes to one or comes from one is media whatever its address.
    public let relayPorts: ClosedRange<UInt16>
    private let ranges: [IPPrefix]
    private let addresses: AddressSet
    /// By client port, in the order of ``classes``; the class is one more than the entry.
    private let classOfPort: [UInt8]

    /// - Parameter ranges: where the relays are.
    public init(classes: [MediaClass], relayPorts: ClosedRange<UInt16>, ranges: [IPPrefix]) {
        self.classes = classes
        self.relayPorts = relayPorts
        self.ranges = ranges
        addresses = AddressSet(ranges)
        var table = [UInt8](repeating: UInt8(clamping: classes.count), count: 65_536)
        for (index, mediaClass) in classes.enumerated().reversed() {
            for port in mediaClass.clientPorts { table[Int(port)] = UInt8(clamping: index) }
        }
        classOfPort = table
    }

    /// What relays also speak to clients, and is no media.
    private static let http3Port: UInt16 = 443

    /// Nil where it is no media. An address of a relay says more than a port of one.
    @inline(__always)
    func match(_ packet: UDPPacket) -> Match? {
        guard let direction = direction(packet) else { return nil }
        let isOutbound = direction == .outbound
        let mediaClass = Int(classOfPort[Int(isOutbound ? packet.sourcePort : packet.destinationPort)])
        let relayPort = isOutbound ? packet.destinationPort : packet.sourcePort
        guard mediaClass < classes.count || relayPort != Self.http3Port else { return nil }
        let client = isOutbound ? packet.source : packet.destination
        return Match(direction: direction, client: client, mediaClass: mediaClass)
    }

    @inline(__always)
    private func direction(_ packet: UDPPacket) -> MediaDirection? {
        let toRange = addresses.contains(packet.destination)
        let fromRange = addresses.contains(packet.source)
        if toRange != fromRange { return toRange ? .outbound : .inbound }
        let toPort = relayPorts.contains(packet.destinationPort)
        let fromPort = relayPorts.contains(packet.sourcePort)
        guard toPort != fromPort else { return nil }
        return toPort ? .outbound : .inbound
    }

    /// What the kernel need not hand over is left out. IPv6 is not looked into as far as its extension headers, nor is
    /// PPPoE.
    public var filter: CaptureFilter {
        let nets = ranges.filter { $0.address.family == .ipv4 }.map { "net \($0)" }
        let ports = "portrange \(relayPorts.lowerBound)-\(relayPorts.upperBound)"
        let ipv4 = (["\(ports)"] + nets).joined(separator: " or ")
        return CaptureFilter(
            untagged: "(ip and udp and (\(ipv4))) or (ip6 and not ip6 proto 6 and not ip6 proto 58)"
        )
    }
}
