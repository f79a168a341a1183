import Units

/// Where the parts of an Ethernet frame that carries UDP over IPv4 or IPv6 are.
struct UDPFrame: Equatable, Sendable {
    static let ethernetLength = 14

    var isIPv6: Bool
    /// Offsets from the start of the frame.
    var udpOffset: Int
    var payloadOffset: Int
    var payloadLength: Int
    var sourcePort: UInt16
    var destinationPort: UInt16
    var dscp: DSCP

    /// Nil when the frame carries anything else, a fragment of UDP included: such frames are not impaired.
    init?(_ frame: UnsafeRawBufferPointer) {
        guard frame.count >= Self.ethernetLength else { return nil }
        switch frame.bigEndian16(at: 12) {
        case 0x0800: self.init(ipv4: frame)
        case 0x86dd: self.init(ipv6: frame)
        default: return nil
        }
    }

    private init?(ipv4 frame: UnsafeRawBufferPointer) {
        let ip = Self.ethernetLength
        guard frame.count >= ip + 20, frame[ip] >> 4 == 4 else { return nil }
        let headerLength = Int(frame[ip] & 0xf) * 4
        // Bits 2 to 15: more fragments, and the fragment offset.
        let isFragment = frame.bigEndian16(at: ip + 6) & 0x3fff != 0
        guard headerLength >= 20, frame[ip + 9] == 17, !isFragment else { return nil }
        self.init(frame, isIPv6: false, udpOffset: ip + headerLength, trafficClass: frame[ip + 1])
    }

    private init?(ipv6 frame: UnsafeRawBufferPointer) {
        let ip = Self.ethernetLength
        guard frame.count >= ip + 40, frame[ip] >> 4 == 6, frame[ip + 6] == 17 else { return nil }
        let trafficClass = frame[ip] << 4 | frame[ip + 1] >> 4
        self.init(frame, isIPv6: true, udpOffset: ip + 40, trafficClass: trafficClass)
    }

    private init?(_ frame: UnsafeRawBufferPointer, isIPv6: Bool, udpOffset: Int, trafficClass: UInt8) {
        guard frame.count >= udpOffset + 8 else { return nil }
        let length = Int(frame.bigEndian16(at: udpOffset + 4))
        guard length >= 8, udpOffset + length <= frame.count else { return nil }
        self.isIPv6 = isIPv6
        self.udpOffset = udpOffset
        payloadOffset = udpOffset + 8
        payloadLength = length - 8
        sourcePort = frame.bigEndian16(at: udpOffset)
        destinationPort = frame.bigEndian16(at: udpOffset + 2)
        dscp = DSCP(trafficClass: trafficClass)
    }

    /// Offset and length of the source and the destination address; the latter follows the former.
    var addresses: (offset: Int, length: Int) {
        isIPv6 ? (Self.ethernetLength + 8, 16) : (Self.ethernetLength + 12, 4)
    }

    /// Writes `mark` into the frame; ECN stays, and an IPv4 header's checksum is made to fit (RFC 1624).
    mutating func remark(_ mark: DSCP, in frame: UnsafeMutableRawBufferPointer) {
        guard mark != dscp else { return }
        dscp = mark
        let ip = Self.ethernetLength
        if isIPv6 {
            let ecn = frame[ip + 1] >> 4 & 0b11
            let trafficClass = mark.value << 2 | ecn
            frame[ip] = 0x60 | trafficClass >> 4
            frame[ip + 1] = trafficClass << 4 | frame[ip + 1] & 0xf
        } else {
            let before = UnsafeRawBufferPointer(frame).bigEndian16(at: ip)
            frame[ip + 1] = mark.value << 2 | frame[ip + 1] & 0b11
            let after = UnsafeRawBufferPointer(frame).bigEndian16(at: ip)
            let old = UnsafeRawBufferPointer(frame).bigEndian16(at: ip + 10)
            let new = InternetChecksum.updated(old, replacing: before, with: after)
            frame[ip + 10] = UInt8(new >> 8)
            frame[ip + 11] = UInt8(truncatingIfNeeded: new)
        }
    }
}

/// The ones' complement checksum of IP, ICMP and UDP (RFC 1071).
enum InternetChecksum {
    static func folded(_ sum: UInt64) -> UInt16 {
        var sum = sum
        while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
        return UInt16(sum)
    }

    static func sum(_ octets: some Sequence<UInt8>) -> UInt64 {
        var sum: UInt64 = 0
        var isHigh = true
        for octet in octets {
            sum += isHigh ? UInt64(octet) << 8 : UInt64(octet)
            isHigh.toggle()
        }
        return sum
    }

    static func of(_ octets: some Sequence<UInt8>) -> UInt16 { ~folded(sum(octets)) }

    /// The checksum after one 16-bit word of what it covers changed: HC' = ~(~HC + ~m + m') (RFC 1624 eqn. 3).
    static func updated(_ checksum: UInt16, replacing old: UInt16, with new: UInt16) -> UInt16 {
        ~folded(UInt64(~checksum) + UInt64(~old) + UInt64(new))
    }
}

extension UnsafeRawBufferPointer {
    func bigEndian16(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }
}
