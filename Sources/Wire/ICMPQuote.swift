import Units

/// The UDP datagram that an ICMP error quotes, as it was when the sender of the error had it in hand: its IP header
/// tells the mark and the TTL with which it arrived there, unless that router rewrites before it quotes.
public struct ICMPQuote: Hashable, Sendable {
    public var source: IPAddress
    public var destination: IPAddress
    /// The whole TOS or traffic class octet.
    public var trafficClass: UInt8
    /// The TTL or hop limit.
    public var hopLimit: UInt8
    public var sourcePort: UInt16
    public var destinationPort: UInt16
    /// The UDP header's length and checksum fields.
    public var udpLength: UInt16
    public var udpChecksum: UInt16
    /// As much of the UDP payload's beginning as was quoted, at most ``payloadKept`` octets; many routers quote none.
    public var payload: [UInt8]

    /// The header of a STUN message, or of a STAMP packet up to its SSID and four octets more.
    public static let payloadKept = 32
    private static let udpHeaderLength = 8

    /// Reads the original datagram of an ICMP error, however much of it there is (RFC 792: the IP header and 64 bits;
    /// RFC 1812 §4.3.2.3 and RFC 4443 §2.4: more).
    public init(parsing octets: Span<UInt8>, family: IPAddress.Family) throws(ICMPRefusal) {
        guard octets.count > 0 else { throw .quoteTooShort }
        guard octets[0] >> 4 == family.rawValue else { throw .quoteVersion }
        switch family {
        case .ipv4: try self.init(ipv4: octets)
        case .ipv6: try self.init(ipv6: octets)
        }
    }

    private init(ipv4 octets: Span<UInt8>) throws(ICMPRefusal) {
        let headerLength = Int(octets[0] & 0xf) * 4
        guard headerLength >= 20 else { throw .quoteHeaderLength }
        guard octets.count >= headerLength + Self.udpHeaderLength else { throw .quoteTooShort }
        guard octets[9] == 17 else { throw .quoteNotUDP }
        guard octets.bigEndian16(at: 6) & 0x1fff == 0 else { throw .quoteFragment }
        self.init(
            source: IPAddress(ipv4: octets.bigEndian32(at: 12)),
            destination: IPAddress(ipv4: octets.bigEndian32(at: 16)),
            trafficClass: octets[1],
            hopLimit: octets[8],
            udp: octets.extracting(headerLength...)
        )
    }

    /// A header that says that another than UDP's follows is refused: our datagrams have no extension headers.
    private init(ipv6 octets: Span<UInt8>) throws(ICMPRefusal) {
        guard octets.count >= 40 + Self.udpHeaderLength else { throw .quoteTooShort }
        guard octets[6] == 17 else { throw .quoteNotUDP }
        self.init(
            source: IPAddress(ipv6High: octets.bigEndian64(at: 8), low: octets.bigEndian64(at: 16)),
            destination: IPAddress(ipv6High: octets.bigEndian64(at: 24), low: octets.bigEndian64(at: 32)),
            trafficClass: UInt8(truncatingIfNeeded: octets.bigEndian16(at: 0) >> 4),
            hopLimit: octets[7],
            udp: octets.extracting(40...)
        )
    }

    private init(
        source: IPAddress,
        destination: IPAddress,
        trafficClass: UInt8,
        hopLimit: UInt8,
        udp: Span<UInt8>
    ) {
        self.source = source
        self.destination = destination
        self.trafficClass = trafficClass
        self.hopLimit = hopLimit
        sourcePort = udp.bigEndian16(at: 0)
        destinationPort = udp.bigEndian16(at: 2)
        udpLength = udp.bigEndian16(at: 4)
        udpChecksum = udp.bigEndian16(at: 6)
        // What stands behind the datagram's own end is padding (RFC 4884 §3).
        let end = min(udp.count, max(Self.udpHeaderLength, Int(udpLength)), Self.udpHeaderLength + Self.payloadKept)
        payload = (Self.udpHeaderLength..<end).map { udp[$0] }
    }
}
