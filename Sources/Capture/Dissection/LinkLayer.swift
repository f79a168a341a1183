extension Dissector {
    /// Tags that one frame may have.
    private static let maximumTags = 4

    func payload(of frame: Span<UInt8>) throws(DissectionRefusal) -> LinkPayload {
        switch linkType {
        case .ethernet: try etherType(frame, at: 12)
        case .null, .loop: try loopback(frame)
        case .raw: try raw(frame)
        case .linuxCooked: try etherType(frame, at: 14)
        case .linuxCooked2: try cooked2(frame)
        case .ppp: try serialPPP(frame)
        case .pppoe: try pppoe(frame, at: 0, vlan: nil)
        }
    }

    /// Follows EtherTypes from `offset` on: VLAN tags (IEEE 802.1Q), then what they carry.
    private func etherType(_ frame: Span<UInt8>, at start: Int) throws(DissectionRefusal) -> LinkPayload {
        var offset = start
        var vlan: UInt16?
        for _ in 0...Self.maximumTags {
            guard frame.has(2, at: offset) else { throw .linkTruncated }
            let type = frame.word(at: offset)
            guard Self.isTag(type) else { return try payload(frame, of: type, at: offset + 2, vlan: vlan) }
            guard frame.has(4, at: offset) else { throw .linkTruncated }
            vlan = vlan ?? frame.word(at: offset + 2) & 0xfff
            offset += 4
        }
        throw .tooManyHeaders
    }

    /// 802.1Q, 802.1ad, and what QinQ used before that had a number.
    private static func isTag(_ type: UInt16) -> Bool { type == 0x8100 || type == 0x88a8 || type == 0x9100 }

    private func payload(
        _ frame: Span<UInt8>,
        of type: UInt16,
        at offset: Int,
        vlan: UInt16?
    ) throws(DissectionRefusal) -> LinkPayload {
        switch type {
        case 0x0800: LinkPayload(network: .ipv4, offset: offset, vlan: vlan)
        case 0x86dd: LinkPayload(network: .ipv6, offset: offset, vlan: vlan)
        case 0x8864: try pppoe(frame, at: offset, vlan: vlan)
        default: throw .notIP
        }
    }

    /// RFC 2516 §4: version and type 1, code 0, then session, length, and a PPP protocol.
    private func pppoe(
        _ frame: Span<UInt8>,
        at offset: Int,
        vlan: UInt16?
    ) throws(DissectionRefusal) -> LinkPayload {
        guard frame.has(8, at: offset) else { throw .linkTruncated }
        guard frame[offset] == 0x11, frame[offset + 1] == 0 else { throw .notIP }
        return try ppp(frame, at: offset + 6, vlan: vlan)
    }

    private func serialPPP(_ frame: Span<UInt8>) throws(DissectionRefusal) -> LinkPayload {
        guard frame.has(4, at: 0) else { throw .linkTruncated }
        // Address and control (RFC 1662 §3.1), unless they were negotiated away.
        return try ppp(frame, at: frame.word(at: 0) == 0xff03 ? 2 : 0, vlan: nil)
    }

    private func ppp(
        _ frame: Span<UInt8>,
        at offset: Int,
        vlan: UInt16?
    ) throws(DissectionRefusal) -> LinkPayload {
        switch frame.word(at: offset) {
        case 0x0021: LinkPayload(network: .ipv4, offset: offset + 2, vlan: vlan)
        case 0x0057: LinkPayload(network: .ipv6, offset: offset + 2, vlan: vlan)
        default: throw .notIP
        }
    }

    /// The protocol comes first, and the header is 20 octets long.
    private func cooked2(_ frame: Span<UInt8>) throws(DissectionRefusal) -> LinkPayload {
        guard frame.has(20, at: 0) else { throw .linkTruncated }
        let type = frame.word(at: 0)
        guard Self.isTag(type) else { return try payload(frame, of: type, at: 20, vlan: nil) }
        guard frame.has(4, at: 20) else { throw .linkTruncated }
        var inner = try etherType(frame, at: 22)
        inner.vlan = frame.word(at: 20) & 0xfff
        return inner
    }

    /// The numbers of IPv6's address family are those of Linux, FreeBSD, NetBSD and OpenBSD, and macOS.
    private func loopback(_ frame: Span<UInt8>) throws(DissectionRefusal) -> LinkPayload {
        guard frame.has(4, at: 0) else { throw .linkTruncated }
        let family = frame.doubleWord(at: 0)
        switch linkType == .null && family > 0xffff ? family.byteSwapped : family {
        case 2: return LinkPayload(network: .ipv4, offset: 4, vlan: nil)
        case 10, 24, 28, 30: return LinkPayload(network: .ipv6, offset: 4, vlan: nil)
        default: throw .notIP
        }
    }

    private func raw(_ frame: Span<UInt8>) throws(DissectionRefusal) -> LinkPayload {
        guard frame.has(1, at: 0) else { throw .linkTruncated }
        switch frame[0] >> 4 {
        case 4: return LinkPayload(network: .ipv4, offset: 0, vlan: nil)
        case 6: return LinkPayload(network: .ipv6, offset: 0, vlan: nil)
        default: throw .notIP
        }
    }
}
