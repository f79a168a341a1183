/// Ethernet frames as they are on the wire, put together octet by octet.
enum SampleFrames {
    static let siteMAC: [UInt8] = [2, 0, 0, 0, 0, 1]
    static let farMAC: [UInt8] = [2, 0, 0, 0, 0, 2]
    static let ipv6Site: [UInt8] = [0xfd, 0x77] + [UInt8](repeating: 0, count: 13) + [1]
    static let ipv6Far: [UInt8] = [0xfd, 0x77] + [UInt8](repeating: 0, count: 13) + [2]

    /// 10.77.0.1:50000 to 10.77.0.2:3478; the header checksum was worked out independently.
    static func ipv4(trafficClass: UInt8 = 0xb8, payload: [UInt8] = [1, 2, 3, 4]) -> [UInt8] {
        let length = UInt8(28 + payload.count)
        var header: [UInt8] = [
            0x45, trafficClass, 0, length, 0x12, 0x34, 0x40, 0, 64, 17, 0, 0, 10, 77, 0, 1, 10, 77, 0, 2,
        ]
        let checksum = plainChecksum(header)
        header[10] = UInt8(checksum >> 8)
        header[11] = UInt8(checksum & 0xff)
        return farMAC + siteMAC + [8, 0] + header + udp(payload)
    }

    static func ipv6(trafficClass: UInt8 = 0xb8, payload: [UInt8] = [1, 2, 3, 4]) -> [UInt8] {
        let header: [UInt8] =
            [0x60 | trafficClass >> 4, trafficClass << 4 | 0x5, 0x43, 0x21, 0, UInt8(8 + payload.count), 17, 64]
            + ipv6Site + ipv6Far
        return farMAC + siteMAC + [0x86, 0xdd] + header + udp(payload)
    }

    static func udp(_ payload: [UInt8]) -> [UInt8] {
        [0xc3, 0x50, 0x0d, 0x96, 0, UInt8(8 + payload.count), 0xab, 0xcd] + payload
    }

    /// RFC 1071 the long way, apart from the link's own.
    static func plainChecksum(_ octets: [UInt8]) -> UInt16 {
        let padded = octets.count.isMultiple(of: 2) ? octets : octets + [0]
        var sum: UInt32 = 0
        for index in stride(from: 0, to: padded.count, by: 2) {
            sum += UInt32(padded[index]) * 256 + UInt32(padded[index + 1])
            if sum > 0xffff { sum -= 0xffff }
        }
        return UInt16(0xffff - sum)
    }
}
