/// What an interface is, as far as it matters to the way that media takes.
public struct InterfaceKind: Hashable, Sendable {
    /// `ethernet`, `wifi`, `ppp`, or the kernel's own name for a kind of virtual device: `vlan`, `tun`, `wireguard`.
    public var name: String

    public init(name: String) { self.name = name }

    /// - Parameters:
    ///   - driver: the kernel's name for a virtual device; nil for hardware.
    ///   - hardwareType: ARPHRD, what the interface's packets are.
    public init(driver: String?, hardwareType: UInt16, isWireless: Bool) {
        if isWireless {
            name = "wifi"
        } else if driver == "tun" {
            // One driver makes both; a tap carries Ethernet frames.
            name = hardwareType == 1 ? "tap" : "tun"
        } else {
            name = driver ?? Self.names[hardwareType] ?? "unknown"
        }
    }

    /// Interfaces that older drivers make without naming their kind.
    private static let names: [UInt16: String] = [
        1: "ethernet", 32: "infiniband", 512: "ppp", 519: "cellular", 768: "ipip", 769: "ip6tnl", 772: "loopback",
        776: "sit", 778: "gre", 823: "ip6gre",
    ]

    /// Packets that leave by it are packed into others, and go first to where the tunnel ends.
    public var isTunnel: Bool { Self.tunnels.contains(name) }

    private static let tunnels: Set<String> = [
        "tun", "tap", "wireguard", "ovpn", "ppp", "gre", "gretap", "erspan", "ip6gre", "ip6gretap", "ip6erspan", "ipip",
        "ip6tnl", "sit", "vti", "vti6", "xfrm", "vxlan", "geneve", "gtp", "amt", "l2tpeth", "fou",
    ]
}
