import Units

/// Why an LLDP data unit was not understood.
public enum LinkDiscoveryRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// The Ethernet type is another than 0x88cc, behind at most two VLAN tags.
    case notLinkDiscovery = "not LLDP"
    /// A TLV's length runs past the frame.
    case truncated = "truncated"
    /// The three that must come first did not, in their order.
    case mandatoryMissing = "mandatory TLV missing"
    /// An identifier that has no subtype, is empty, or is longer than 255 octets.
    case badIdentifier = "bad identifier"
}

/// What a switch says of itself and of the port that this host is on (IEEE 802.1AB-2016 clause 8).
public struct LinkDiscoveryFrame: Hashable, Sendable {
    /// The switch: mostly a hardware address.
    public var chassis: String
    /// The port: a name or number as the switch has it.
    public var port: String
    /// Seconds for which this may be believed; 0 takes it back.
    public var timeToLive: UInt16
    public var portDescription: String?
    public var systemName: String?
    public var systemDescription: String?
    public var managementAddress: IPAddress?
    /// The VLAN of untagged frames (802.1 organisationally specific TLV, subtype 1).
    public var portVLAN: UInt16?

    public static let etherType: UInt16 = 0x88cc

    private enum Kind {
        static let end: UInt8 = 0
        static let chassis: UInt8 = 1
        static let port: UInt8 = 2
        static let timeToLive: UInt8 = 3
        static let portDescription: UInt8 = 4
        static let systemName: UInt8 = 5
        static let systemDescription: UInt8 = 6
        static let managementAddress: UInt8 = 8
        static let organizational: UInt8 = 127
    }

    /// - Parameter frame: from its destination address on.
    public init(ethernet frame: [UInt8]) throws(LinkDiscoveryRefusal) {
        var offset = 12
        let tags: Set<UInt16> = [0x8100, 0x88a8]
        for _ in 0..<2 {
            if let type = frame[...].network(UInt16.self, at: offset), tags.contains(type) { offset += 4 }
        }
        guard frame[...].network(UInt16.self, at: offset) == Self.etherType else { throw .notLinkDiscovery }
        try self.init(frame.dropFirst(offset + 2))
    }

    /// - Parameter unit: the TLVs. Octets behind the end TLV are padding.
    public init(_ unit: ArraySlice<UInt8>) throws(LinkDiscoveryRefusal) {
        var rest = unit
        guard let chassis = try Self.next(&rest), chassis.kind == Kind.chassis, let port = try Self.next(&rest),
            port.kind == Kind.port, let life = try Self.next(&rest), life.kind == Kind.timeToLive,
            let seconds = life.value.network(UInt16.self)
        else { throw .mandatoryMissing }
        self.chassis = try Self.identifier(chassis.value, Self.chassisSubtypes)
        self.port = try Self.identifier(port.value, Self.portSubtypes)
        timeToLive = seconds
        while let tlv = try Self.next(&rest), tlv.kind != Kind.end { take(tlv.kind, tlv.value) }
    }

    /// Seven bits of type, nine of length.
    private static func next(
        _ rest: inout ArraySlice<UInt8>
    ) throws(LinkDiscoveryRefusal) -> (kind: UInt8, value: ArraySlice<UInt8>)? {
        guard let head = rest.network(UInt16.self) else {
            guard rest.isEmpty else { throw .truncated }
            return nil
        }
        let length = Int(head & 0x1ff)
        guard rest.count - 2 >= length else { throw .truncated }
        let value = rest.dropFirst(2).prefix(length)
        rest = rest.dropFirst(2 + length)
        return (UInt8(head >> 9), value)
    }

    private mutating func take(_ kind: UInt8, _ value: ArraySlice<UInt8>) {
        func text() -> String? { value.name.isEmpty ? nil : value.name }
        switch kind {
        case Kind.portDescription: portDescription = portDescription ?? text()
        case Kind.systemName: systemName = systemName ?? text()
        case Kind.systemDescription: systemDescription = systemDescription ?? text()
        case Kind.managementAddress: managementAddress = managementAddress ?? Self.managementAddress(value)
        case Kind.organizational:
            // 00-80-C2 is IEEE 802.1's.
            if value.starts(with: [0x00, 0x80, 0xc2, 1]) { portVLAN = portVLAN ?? Self.vlan(value.dropFirst(4)) }
        default: break
        }
    }

    private static func vlan(_ value: ArraySlice<UInt8>) -> UInt16? {
        value.network(UInt16.self).flatMap { (1...4_094).contains($0) ? $0 : nil }
    }

    // MARK: Identifiers

    private enum Shape {
        case hardware, network, text
    }

    private static let chassisSubtypes: [UInt8: Shape] = [4: .hardware, 5: .network]
    private static let portSubtypes: [UInt8: Shape] = [3: .hardware, 4: .network]

    /// A subtype, which says what the rest is. What has no shape of its own is text.
    private static func identifier(
        _ value: ArraySlice<UInt8>,
        _ shapes: [UInt8: Shape]
    ) throws(LinkDiscoveryRefusal) -> String {
        guard let subtype = value.octet(at: 0), (2...256).contains(value.count) else { throw .badIdentifier }
        let octets = value.dropFirst()
        switch shapes[subtype] ?? .text {
        case .hardware where octets.count == 6: return HardwareAddress(octets)?.description ?? "00:00:00:00:00:00"
        case .network: if let address = address(octets) { return address.description }
        default: break
        }
        let text = octets.name
        guard text.isEmpty || text.contains("\u{fffd}") else { return text }
        return HardwareAddress(octets.prefix(32))?.description ?? "0"
    }

    /// An IANA address family, then the address.
    private static func address(_ value: ArraySlice<UInt8>) -> IPAddress? {
        switch (value.octet(at: 0), value.count) {
        case (1, 5), (2, 17): value.dropFirst().address
        default: nil
        }
    }

    /// How long family and address are, these two, then how the interface is numbered.
    private static func managementAddress(_ value: ArraySlice<UInt8>) -> IPAddress? {
        guard let length = value.octet(at: 0), value.count > Int(length) else { return nil }
        return address(value.dropFirst().prefix(Int(length)))
    }
}
