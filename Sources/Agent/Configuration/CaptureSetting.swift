import Units

/// Whether a check captures its own packets on the wire, and where.
public enum CaptureSetting: Hashable, Sendable {
    /// On the interface that each endpoint's packets leave by.
    case auto
    case off
    case interface(String)

    /// - Throws: `TextRefusal` where it cannot be an interface's name (IFNAMSIZ, dev_valid_name of the kernel).
    public init(_ text: String) throws(TextRefusal) {
        switch text {
        case "auto": self = .auto
        case "off": self = .off
        default:
            let octets = text.utf8
            guard (1...15).contains(octets.count), text != ".", text != "..",
                octets.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") })
            else {
                throw TextRefusal(
                    "'\(text)' is not the name of an interface; write auto, off, or a name as ip link shows it"
                )
            }
            self = .interface(text)
        }
    }
}
