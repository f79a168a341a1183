import Units

/// An address of this host and a port, as `127.0.0.1:8480` or `[::]:443`.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    public var address: IPAddress
    public var port: UInt16

    public init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// - Throws: a text that says how it is written.
    public init(_ text: String) throws(TextRefusal) {
        let form = "write it as 127.0.0.1:8480 or [::1]:8480; 0.0.0.0 and [::] are all addresses"
        guard let colon = text.lastIndex(of: ":") else { throw TextRefusal("'\(text)' has no port; \(form)") }
        let digits = text[text.index(after: colon)...]
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw TextRefusal("'\(text)': an IPv6 address stands in brackets; \(form)")
        }
        guard let port = UInt16(digits), digits.allSatisfy(\.isNumber) else {
            throw TextRefusal("'\(text)': the port '\(digits)' is outside 0 to 65535; \(form)")
        }
        let address = host == "localhost" ? IPPrefix(.loopback, length: 32) : try? IPPrefix(String(host))
        guard !host.contains("/"), let address else {
            throw TextRefusal("'\(text)': '\(host)' is not an address; \(form)")
        }
        self.init(address.address, port: port)
    }

    public var isLoopback: Bool { address.isLoopback }

    public var host: String { "\(address)" }

    public var description: String { address.family == .ipv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

extension IPAddress {
    /// 127.0.0.1.
    public static let loopback = IPAddress(ipv4: 0x7f00_0001)
}
