import Units

/// Why an ICMP message was not read as an error about a UDP datagram. Each refusal is counted under its ``code``.
public enum ICMPRefusal: UInt8, Error, Hashable, CaseIterable, Sendable {
    /// Shorter than the headers that must be there.
    case tooShort
    /// The IPv4 packet around it is none, or is not ICMP.
    case notICMP
    /// The ICMP checksum does not verify (RFC 792).
    case badChecksum
    /// Neither destination unreachable, time exceeded, packet too big nor parameter problem.
    case notAnError
    /// The quote ends before the UDP header does.
    case quoteTooShort
    /// The quoted packet is of another IP version.
    case quoteVersion
    /// The quoted IPv4 header says that it is shorter than 20 octets.
    case quoteHeaderLength
    case quoteNotUDP
    /// A fragment other than the first has no UDP header.
    case quoteFragment

    /// Stable; fit for a metric's label.
    public var code: String {
        switch self {
        case .tooShort: "too_short"
        case .notICMP: "not_icmp"
        case .badChecksum: "bad_checksum"
        case .notAnError: "not_an_error"
        case .quoteTooShort: "quote_too_short"
        case .quoteVersion: "quote_version"
        case .quoteHeaderLength: "quote_header_length"
        case .quoteNotUDP: "quote_not_udp"
        case .quoteFragment: "quote_fragment"
        }
    }
}

/// An ICMP error about a UDP datagram (RFC 792, RFC 4443 §3), with what it quotes of it.
public struct ICMPError: Hashable, Sendable {
    public var family: IPAddress.Family
    public var type: UInt8
    public var code: UInt8
    public var quote: ICMPQuote
    /// The MPLS label stack that the datagram arrived with, outermost first (RFC 4950); empty where none is told.
    public var labels: [MPLSLabel]

    private static let headerLength = 8

    /// Reads an ICMP message, which begins at its type.
    ///
    /// The checksum of an ICMPv6 message covers addresses that are not in it; kernels check it before they hand the
    /// message to anyone.
    public init(parsing message: Span<UInt8>, family: IPAddress.Family) throws(ICMPRefusal) {
        guard message.count >= Self.headerLength else { throw .tooShort }
        if family == .ipv4 {
            var checksum = InternetChecksum()
            checksum.add(message)
            guard checksum.value == 0 else { throw .badChecksum }
        }
        type = message[0]
        code = message[1]
        guard Self.errorTypes(family).contains(type) else { throw .notAnError }
        self.family = family
        let stated = Self.statedQuoteLength(message, family: family)
        let body = message.extracting(Self.headerLength...)
        let quoteEnd = min(body.count, stated ?? body.count)
        quote = try ICMPQuote(parsing: body.extracting(0..<quoteEnd), family: family)
        labels = Self.mayBeExtended(type, family) ? ICMPExtensions.labels(body, quoteLength: stated) : []
    }

    private static func errorTypes(_ family: IPAddress.Family) -> [UInt8] {
        family == .ipv4 ? [3, 11, 12] : [1, 2, 3, 4]
    }

    /// RFC 4884 §4: all of IPv4's three, of IPv6's destination unreachable and time exceeded.
    private static func mayBeExtended(_ type: UInt8, _ family: IPAddress.Family) -> Bool {
        family == .ipv4 || type == 1 || type == 3
    }

    private static func statedQuoteLength(_ message: Span<UInt8>, family: IPAddress.Family) -> Int? {
        guard mayBeExtended(message[0], family) else { return nil }
        return family == .ipv4
            ? ICMPExtensions.statedQuoteLength(message, units: 4, at: 5)
            : ICMPExtensions.statedQuoteLength(message, units: 8, at: 4)
    }
}

extension ICMPError {
    /// An error in the IPv4 packet that it came in, as raw sockets give it.
    ///
    /// - Returns: the error, and who sent it.
    public static func parse(ipv4Packet packet: Span<UInt8>) throws(ICMPRefusal) -> (ICMPError, sender: IPAddress) {
        guard packet.count >= 20 else { throw .tooShort }
        let headerLength = Int(packet[0] & 0xf) * 4
        guard packet[0] >> 4 == 4, headerLength >= 20, packet[9] == 1 else { throw .notICMP }
        guard packet.count >= headerLength else { throw .tooShort }
        let error = try ICMPError(parsing: packet.extracting(headerLength...), family: .ipv4)
        return (error, IPAddress(ipv4: packet.bigEndian32(at: 12)))
    }
}
