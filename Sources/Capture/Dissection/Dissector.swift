import Units

/// Reads captured frames: octets in, a value out. It allocates nothing, and no frame can make it trap.
///
/// Only headers are needed, so that a capture may be cut behind them. Addresses and ports are the outermost ones: what
/// runs inside a tunnel is not looked at.
public struct Dissector: Sendable {
    public let linkType: LinkType

    public init(_ linkType: LinkType) { self.linkType = linkType }

    /// - Throws: ``DissectionRefusal`` where the frame holds no UDP packet with ports.
    public func packet(in frame: Span<UInt8>) throws(DissectionRefusal) -> UDPPacket {
        let link = try payload(of: frame)
        switch link.network {
        case .ipv4: return try ipv4(frame, link)
        case .ipv6: return try ipv6(frame, link)
        }
    }
}

/// Where the IP packet begins in a frame.
struct LinkPayload {
    enum Network {
        case ipv4, ipv6
    }

    var network: Network
    var offset: Int
    var vlan: UInt16?
}
