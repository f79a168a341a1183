/// What a captured frame begins with: the link-layer header types of pcap (LINKTYPE_ and DLT_ values) that are read.
public enum LinkType: Hashable, Sendable, CaseIterable {
    /// Ethernet, with any VLAN tags (802.1Q, 802.1ad) and PPPoE.
    case ethernet
    /// BSD loopback: an address family in the byte order of whoever captured.
    case null
    /// OpenBSD loopback: an address family in network byte order.
    case loop
    /// IPv4 or IPv6 without anything in front: tunnels.
    case raw
    /// Linux "cooked" capture, version 1, as of the interface `any`.
    case linuxCooked
    /// Linux "cooked" capture, version 2.
    case linuxCooked2
    /// PPP, with or without address and control octets.
    case ppp
    /// PPPoE without Ethernet in front.
    case pppoe

    /// From libpcap's number (DLT_); nil for one that is not read.
    public init?(number: Int32) {
        switch number {
        case 1: self = .ethernet
        case 0: self = .null
        case 108: self = .loop
        // DLT_RAW is 12 on Linux and 14 on OpenBSD; 101 is what files say; 228 and 229 are IPv4 and IPv6 alone.
        case 12, 14, 101, 228, 229: self = .raw
        case 113: self = .linuxCooked
        case 276: self = .linuxCooked2
        case 9, 50: self = .ppp
        case 51: self = .pppoe
        default: return nil
        }
    }
}
