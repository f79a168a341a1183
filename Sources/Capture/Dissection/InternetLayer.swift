import Units

extension Dissector {
    private static let udp: UInt8 = 17
    /// IPv6 extension headers that one packet may have.
    private static let maximumExtensions = 8

    /// RFC 791 §3.1.
    func ipv4(_ frame: Span<UInt8>, _ link: LinkPayload) throws(DissectionRefusal) -> UDPPacket {
        let start = link.offset
        guard frame.has(20, at: start) else { throw .ipTruncated }
        let headerLength = Int(frame[start] & 0xf) * 4
        let totalLength = Int(frame.word(at: start + 2))
        guard frame[start] >> 4 == 4, headerLength >= 20, totalLength >= headerLength else { throw .ipMalformed }
        let fragment = frame.word(at: start + 6)
        guard fragment & 0x1fff == 0 else { throw .laterFragment }
        guard frame[start + 9] == Self.udp else { throw .notUDP }
        return try udp(
            frame,
            at: start + headerLength,
            end: start + totalLength,
            isFragment: fragment & 0x2000 != 0,
            IPHeader(
                source: IPAddress(ipv4: frame.doubleWord(at: start + 12)),
                destination: IPAddress(ipv4: frame.doubleWord(at: start + 16)),
                trafficClass: frame[start + 1],
                length: totalLength,
                vlan: link.vlan
            )
        )
    }

    /// RFC 8200 §3.
    func ipv6(_ frame: Span<UInt8>, _ link: LinkPayload) throws(DissectionRefusal) -> UDPPacket {
        let start = link.offset
        guard frame.has(40, at: start) else { throw .ipTruncated }
        let first = frame.word(at: start)
        guard first >> 12 == 6 else { throw .ipMalformed }
        let length = 40 + Int(frame.word(at: start + 4))
        let upper = try upperLayer(frame, at: start, end: start + length)
        return try udp(
            frame,
            at: upper.offset,
            end: start + length,
            isFragment: upper.isFragment,
            IPHeader(
                source: IPAddress(ipv6High: frame.quadWord(at: start + 8), low: frame.quadWord(at: start + 16)),
                destination: IPAddress(ipv6High: frame.quadWord(at: start + 24), low: frame.quadWord(at: start + 32)),
                trafficClass: UInt8(truncatingIfNeeded: first >> 4),
                length: length,
                vlan: link.vlan
            )
        )
    }

    /// Follows extension headers (RFC 8200 §4) to the UDP header.
    private func upperLayer(
        _ frame: Span<UInt8>,
        at start: Int,
        end: Int
    ) throws(DissectionRefusal) -> (offset: Int, isFragment: Bool) {
        var next = frame[start + 6]
        var offset = start + 40
        var isFragment = false
        for _ in 0...Self.maximumExtensions {
            if next == Self.udp { return (offset, isFragment) }
            guard Self.isExtension(next) else { throw .notUDP }
            guard end - offset >= 8 else { throw .ipMalformed }
            guard frame.has(8, at: offset) else { throw .ipTruncated }
            if next == 44 {
                let fragment = frame.word(at: offset + 2)
                guard fragment >> 3 == 0 else { throw .laterFragment }
                isFragment = isFragment || fragment & 1 == 1
            }
            let length = Self.extensionLength(next, Int(frame[offset + 1]))
            next = frame[offset]
            offset += length
        }
        throw .tooManyHeaders
    }

    /// Hop-by-hop, routing, fragment, authentication, destination options, mobility, HIP, shim6.
    private static func isExtension(_ header: UInt8) -> Bool {
        switch header {
        case 0, 43, 44, 51, 60, 135, 139, 140: true
        default: false
        }
    }

    /// Units of 8 octets beyond the first, but for the fragment header, whose length is fixed, and for the
    /// authentication header, which counts 4 octets beyond the first two of them (RFC 4302 §2.2).
    private static func extensionLength(_ header: UInt8, _ field: Int) -> Int {
        switch header {
        case 44: 8
        case 51: (field + 2) * 4
        default: (field + 1) * 8
        }
    }

    /// RFC 768. A first fragment has the length of the whole datagram, of which it is a part.
    private func udp(
        _ frame: Span<UInt8>,
        at offset: Int,
        end: Int,
        isFragment: Bool,
        _ ip: IPHeader
    ) throws(DissectionRefusal) -> UDPPacket {
        guard end - offset >= 8 else { throw .udpMalformed }
        guard frame.has(8, at: offset) else { throw .udpTruncated }
        let length = Int(frame.word(at: offset + 4))
        guard length >= 8, isFragment || length <= end - offset else { throw .udpMalformed }
        return UDPPacket(
            source: ip.source,
            destination: ip.destination,
            sourcePort: frame.word(at: offset),
            destinationPort: frame.word(at: offset + 2),
            trafficClass: ip.trafficClass,
            vlan: ip.vlan,
            ipLength: ip.length,
            payloadOffset: offset + 8,
            payloadLength: length - 8
        )
    }
}

/// What an IP header says that a UDP packet keeps.
private struct IPHeader {
    var source: IPAddress
    var destination: IPAddress
    var trafficClass: UInt8
    var length: Int
    var vlan: UInt16?
}
