/// Builds the Ethernet frame of an ICMP destination-unreachable error about a UDP frame (RFC 792, RFC 4443).
struct ICMPError: Sendable {
    /// The address of the router on the path, for errors that do not come from the destination itself.
    static let routerIPv4: [UInt8] = [10, 77, 0, 254]
    static let routerIPv6: [UInt8] = [0xfd, 0x77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfe]

    var refusal: ICMPRefusal

    func answer(to frame: UnsafeRawBufferPointer, parsed: UDPFrame) -> [UInt8] {
        let (offset, length) = parsed.addresses
        let sender = Array(frame[offset..<offset + length])
        let target = Array(frame[offset + length..<offset + 2 * length])
        let router = parsed.isIPv6 ? Self.routerIPv6 : Self.routerIPv4
        let source = refusal == .portUnreachable ? target : router
        let ethernet = Array(frame[6..<12]) + Array(frame[0..<6]) + Array(frame[12..<14])
        let packet = Array(frame[UDPFrame.ethernetLength..<parsed.payloadOffset + parsed.payloadLength])
        return ethernet
            + (parsed.isIPv6
                ? ipv6(from: source, to: sender, about: packet) : ipv4(from: source, to: sender, about: packet))
    }

    private func ipv4(from source: [UInt8], to destination: [UInt8], about packet: [UInt8]) -> [UInt8] {
        let code: UInt8 = refusal == .portUnreachable ? 3 : 13
        // As much as fits into 576 octets (RFC 1812 §4.3.2.3).
        var message: [UInt8] = [3, code, 0, 0, 0, 0, 0, 0] + packet.prefix(576 - 28)
        message.replaceWord(at: 2, with: InternetChecksum.of(message))
        var header: [UInt8] = [0x45, 0xc0, 0, 0, 0, 0, 0, 0, 64, 1, 0, 0] + source + destination
        header.replaceWord(at: 2, with: UInt16(header.count + message.count))
        header.replaceWord(at: 10, with: InternetChecksum.of(header))
        return header + message
    }

    private func ipv6(from source: [UInt8], to destination: [UInt8], about packet: [UInt8]) -> [UInt8] {
        let code: UInt8 = refusal == .portUnreachable ? 4 : 1
        // As much as fits into the minimum MTU (RFC 4443 §2.4).
        var message: [UInt8] = [1, code, 0, 0, 0, 0, 0, 0] + packet.prefix(1280 - 48)
        let length = UInt16(message.count)
        let pseudoHeader = source + destination + [0, 0, UInt8(length >> 8), UInt8(length & 0xff), 0, 0, 0, 58]
        message.replaceWord(at: 2, with: InternetChecksum.of(pseudoHeader + message))
        var header: [UInt8] = [0x60, 0, 0, 0, 0, 0, 58, 64] + source + destination
        header.replaceWord(at: 4, with: length)
        return header + message
    }
}

extension [UInt8] {
    fileprivate mutating func replaceWord(at offset: Int, with word: UInt16) {
        self[offset] = UInt8(word >> 8)
        self[offset + 1] = UInt8(word & 0xff)
    }
}
