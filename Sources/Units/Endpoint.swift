/// What a check measures against, as written: `[stamp://|turn://|stun://]HOST[:PORTS]`.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    public enum Scheme: String, CaseIterable, Sendable {
        /// A STAMP session-reflector (RFC 8762).
        case stamp
        /// A TURN server (RFC 8656), such as a Teams transport relay.
        case turn
        /// A STUN server (RFC 8489).
        case stun

        /// The ports where none are named.
        public var defaultPorts: PortSet { self == .stun ? .stunServer : .teamsRelays }
    }

    public var scheme: Scheme
    /// A name, an IPv4 address, or an IPv6 address without brackets (with `%interface` where it is link-local).
    public var host: String
    public var ports: PortSet

    public init(scheme: Scheme = .stamp, host: String, ports: PortSet? = nil) {
        self.scheme = scheme
        self.host = host
        self.ports = ports ?? scheme.defaultPorts
    }

    /// - Throws: ``TextRefusal`` naming the part that was wrong and what would be right.
    public init(_ text: String) throws(TextRefusal) {
        var rest = Substring(text)
        var scheme = Scheme.stamp
        if let separator = text.firstRange(of: "://") {
            let name = text[..<separator.lowerBound]
            guard let known = Scheme(rawValue: name.lowercased()) else {
                let all = Scheme.allCases.map { "\($0.rawValue)://" }.joined(separator: ", ")
                throw TextRefusal("endpoint '\(text)': the scheme '\(name)://' is not known; it can be \(all)")
            }
            scheme = known
            rest = text[separator.upperBound...]
        }
        let (host, ports) = try Self.split(rest, of: text)
        guard !host.isEmpty else { throw TextRefusal("endpoint '\(text)' names no host; write HOST or HOST:PORTS") }
        guard Self.isHost(host) else {
            throw TextRefusal("endpoint '\(text)': '\(host)' cannot be a host name or an address")
        }
        do {
            let ports = try ports.map { (written) throws(TextRefusal) in try PortSet(String(written)) }
            self.init(scheme: scheme, host: String(host), ports: ports)
        } catch {
            throw TextRefusal("endpoint '\(text)': \(error)")
        }
    }

    private static func split(
        _ rest: Substring,
        of text: String
    ) throws(TextRefusal) -> (host: Substring, ports: Substring?) {
        if rest.first == "[" {
            guard let close = rest.firstIndex(of: "]") else {
                throw TextRefusal("endpoint '\(text)': the bracket of the IPv6 address is not closed")
            }
            let host = rest[rest.index(after: rest.startIndex)..<close]
            let after = rest[rest.index(after: close)...]
            guard after.isEmpty || after.first == ":" else {
                throw TextRefusal("endpoint '\(text)': after the address comes ':' and the ports, not '\(after)'")
            }
            return (host, after.isEmpty ? nil : after.dropFirst())
        }
        let colons = rest.utf8.filter { $0 == UInt8(ascii: ":") }.count
        guard colons == 1, let colon = rest.firstIndex(of: ":") else { return (rest, nil) }
        return (rest[..<colon], rest[rest.index(after: colon)...])
    }

    /// Whether the resolver may be asked for it: the characters of a name or of an address, and a colon only where
    /// an IPv6 address has it.
    private static func isHost(_ host: Substring) -> Bool {
        guard host.utf8.count <= 255 else { return false }
        let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        let isIPv6 = parts[0].utf8.contains(UInt8(ascii: ":"))
        guard isIPv6 else { return parts.count == 1 && parts[0].utf8.allSatisfy(Self.isNameOctet) }
        let addressIsHex = parts[0].allSatisfy { $0 == ":" || $0 == "." || $0.isASCII && $0.isHexDigit }
        return addressIsHex && parts.dropFirst().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isNameOctet) }
    }

    private static func isNameOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Reads back as the same endpoint.
    public var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(scheme.rawValue)://\(name):\(ports)"
    }
}
