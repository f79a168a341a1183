/// What the kernel says of one network interface (/sys/class/net).
public struct LinkStatistics: Hashable, Sendable {
    /// Mbit/s; nil where the driver does not say.
    public var speed: Int?
    /// "full" or "half"; nil where the driver does not say.
    public var duplex: String?
    public var mtu: Int?
    public var receiveErrors: Int?
    public var transmitErrors: Int?
    public var receiveDrops: Int?
    public var isWireless: Bool

    public init(interface name: String) {
        let folder = "/sys/class/net/\(name)"
        func text(_ file: String) -> String? { TextFile.read("\(folder)/\(file)")?.trimmingNewline() }
        func number(_ file: String) -> Int? { text(file).flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }
        speed = number("speed").flatMap { $0 > 0 ? $0 : nil }
        duplex = text("duplex").flatMap { $0 == "unknown" || $0.isEmpty ? nil : $0 }
        mtu = number("mtu")
        receiveErrors = number("statistics/rx_errors")
        transmitErrors = number("statistics/tx_errors")
        receiveDrops = number("statistics/rx_dropped")
        isWireless = text("wireless/status") != nil || text("phy80211/name") != nil
    }
}
