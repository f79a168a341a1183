/// UDP ports in the order asked for, each once: what `3478-3481` or `3478,3480-3481` says.
public struct PortSet: Hashable, Sendable, CustomStringConvertible {
    public let ports: [UInt16]

    /// The ports of the Teams transport relays.
    public static let teamsRelays = PortSet(ports: [3478, 3479, 3480, 3481])
    /// The port of STUN (RFC 8489 §18.6).
    public static let stunServer = PortSet(ports: [3478])
    /// The most ports one endpoint may have.
    public static let maximumCount = 64

    private init(ports: [UInt16]) { self.ports = ports }

    /// - Throws: ``TextRefusal`` naming the part that was wrong, its value and the bound.
    public init(_ text: String) throws(TextRefusal) {
        var ports: [UInt16] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let low = Self.port(ends[0]), let high = Self.port(ends[ends.count - 1]) else {
                throw TextRefusal("'\(part)' is not a UDP port or a range of them (1-65535, as in 3478-3481)")
            }
            guard low <= high else { throw TextRefusal("the port range '\(part)' runs backwards") }
            guard Int(high) - Int(low) < Self.maximumCount else {
                throw TextRefusal("'\(part)' names \(Int(high) - Int(low) + 1) ports; at most \(Self.maximumCount)")
            }
            for port in low...high where !ports.contains(port) { ports.append(port) }
        }
        guard ports.count <= Self.maximumCount else {
            throw TextRefusal("'\(text)' names \(ports.count) ports; at most \(Self.maximumCount)")
        }
        self.ports = ports
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(text), port > 0 else {
            return nil
        }
        return port
    }

    /// The shortest text that reads back as the same ports.
    public var description: String {
        var parts: [String] = []
        var index = 0
        while index < ports.count {
            var end = index
            while end + 1 < ports.count, Int(ports[end + 1]) == Int(ports[end]) + 1 { end += 1 }
            parts.append(end == index ? "\(ports[index])" : "\(ports[index])-\(ports[end])")
            index = end + 1
        }
        return parts.joined(separator: ",")
    }
}

/// Why a text that a person wrote was refused: what was wrong, the value, and the bound.
public struct TextRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
