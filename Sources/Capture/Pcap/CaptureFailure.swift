/// Why packets cannot be captured or read.
public enum CaptureFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// This process may not: it lacks CAP_NET_RAW.
    case notPermitted(interface: String)
    case noInterface(String)
    /// The interface is there and not up.
    case interfaceDown(String)
    /// Frames begin with a header that is not read here.
    case unreadableLinkType(String, of: String)
    /// The file cannot be opened, or is no capture file, or ends within a packet.
    case badFile(String, reason: String)
    case other(String)

    public var description: String {
        switch self {
        case .notPermitted(let interface):
            "packets on '\(interface)' may not be captured: this process lacks CAP_NET_RAW"
        case .noInterface(let name): "there is no interface '\(name)'; ip link lists those that there are"
        case .interfaceDown(let name): "the interface '\(name)' is down; ip link set \(name) up"
        case .unreadableLinkType(let type, let source):
            "'\(source)' has frames of type \(type), which are not read here: Ethernet, Linux cooked, raw IP, PPP, "
                + "PPPoE and loopback are"
        case .badFile(let path, let reason): "the capture file '\(path)' cannot be read: \(reason)"
        case .other(let reason): reason
        }
    }
}
