import Units

/// An Ethernet frame with a UDP datagram as it would have been on the wire, put together again. Its hardware addresses
/// are made up.
struct RebuiltDatagram {
    struct Place {
        var address: IPAddress
        var port: UInt16
    }

    var source: Place
    var destination: Place
    var trafficClass: UInt8
    var payload: [UInt8]

    /// Hop limit of what leaves a host.
    private static let timeToLive: UInt8 = 64
    private static let udp: UInt8 = 17
    /// Locally administered (IEEE 802): nobody's.
    private static let hardware: (source: [UInt8], destination: [UInt8]) = ([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2])

    var octets: [UInt8] {
        var datagram: [UInt8] = []
        datagram.append(big: source.port)
        datagram.append(big: destination.port)
        datagram.append(big: UInt16(clamping: 8 + payload.count))
        datagram.append(big: 0 as UInt16)
        datagram += payload
        let sum = Self.checksum(pseudoHeader(datagram.count) + datagram)
        // Zero would say that there is none.
        datagram.replaceSubrange(6..<8, with: [UInt8](big: sum == 0 ? .max : sum))
        return Self.hardware.destination + Self.hardware.source + [UInt8](big: etherType)
            + header(datagram.count) + datagram
    }

    private var etherType: UInt16 { source.address.family == .ipv4 ? 0x0800 : 0x86dd }

    private func header(_ length: Int) -> [UInt8] {
        var header: [UInt8] = []
        guard source.address.family == .ipv4 else {
            header.append(big: 6 << 28 | UInt32(trafficClass) << 20)
            header.append(big: UInt16(clamping: length))
            return header + [Self.udp, Self.timeToLive] + source.address.octets + destination.address.octets
        }
        header += [0x45, trafficClass]
        header.append(big: UInt16(clamping: 20 + length))
        // No identification, not to be fragmented.
        header += [0, 0, 0x40, 0, Self.timeToLive, Self.udp, 0, 0]
        header += source.address.octets + destination.address.octets
        header.replaceSubrange(10..<12, with: [UInt8](big: Self.checksum(header)))
        return header
    }

    /// RFC 768 and RFC 8200 §8.1.
    private func pseudoHeader(_ length: Int) -> [UInt8] {
        var header = source.address.octets + destination.address.octets
        if source.address.family == .ipv4 {
            header += [0, Self.udp]
            header.append(big: UInt16(clamping: length))
        } else {
            header.append(big: UInt32(clamping: length))
            header += [0, 0, 0, Self.udp]
        }
        return header
    }

    /// The Internet checksum (RFC 1071).
    private static func checksum(_ octets: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: octets.count, by: 2) {
            let low = index + 1 < octets.count ? octets[index + 1] : 0
            sum &+= UInt32(octets[index]) << 8 | UInt32(low)
        }
        while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
        return ~UInt16(truncatingIfNeeded: sum)
    }
}

extension IPAddress {
    fileprivate var octets: [UInt8] {
        switch family {
        case .ipv4: [UInt8](big: UInt32(truncatingIfNeeded: low))
        case .ipv6: [UInt8](big: high) + [UInt8](big: low)
        }
    }
}

extension [UInt8] {
    init(big number: some FixedWidthInteger & UnsignedInteger) {
        self.init()
        append(big: number)
    }

    mutating func append(big number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
