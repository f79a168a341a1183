import Units

/// Measuring without a pause, beside the checks by schedule.
public struct ContinuousSettings: Hashable, Sendable {
    public static let defaultKeep = Nanoseconds.seconds(600)
    public static let keeps = Nanoseconds.seconds(60)...Nanoseconds.seconds(3_600)

    public var enabled = false
    /// What to measure against; nil is every endpoint of the configuration.
    public var endpoints: [Endpoint]?
    /// How much of the past is kept packet by packet.
    public var keep = ContinuousSettings.defaultKeep

    public init() {}
}

/// How much is kept, packet by packet, around a window that breaks a bound.
public struct IncidentSettings: Hashable, Sendable {
    public static let defaultKeep = Nanoseconds.seconds(30)
    public static let keeps = Nanoseconds.seconds(1)...Nanoseconds.seconds(300)

    public var keepBefore = IncidentSettings.defaultKeep
    public var keepAfter = IncidentSettings.defaultKeep

    public init() {}
}

/// Where the check's own packets are looked at as they leave and arrive.
public enum CaptureSetting: Hashable, Sendable, CustomStringConvertible {
    /// The interface that the route to the endpoint takes, if it can be captured on.
    case automatic
    case off
    case interface(String)

    /// Linux's IFNAMSIZ, less the octet that ends a name.
    static let longestName = 15

    public init(_ text: String) throws(TextRefusal) {
        switch text {
        case "auto": self = .automatic
        case "off": self = .off
        default:
            let isName = text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "/") }
            guard isName, (1...Self.longestName).contains(text.utf8.count), text != ".", text != ".." else {
                throw TextRefusal("'\(text)' cannot be an interface; write auto, off, or a name as eth0")
            }
            self = .interface(text)
        }
    }

    public var description: String {
        switch self {
        case .automatic: "auto"
        case .off: "off"
        case .interface(let name): name
        }
    }
}

/// The least that is logged, by the names of syslog (RFC 5424 §6.2.1).
public enum LogLevel: String, CaseIterable, Hashable, Sendable {
    case debug, info, notice, warning, error

    public init(_ text: String) throws(TextRefusal) {
        guard let level = LogLevel(rawValue: text.lowercased()) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw TextRefusal("'\(text)' is not a level; it can be \(known)")
        }
        self = level
    }
}
