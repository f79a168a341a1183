import Units

extension StreamLog.Unreachable {
    /// What the ICMP error means (RFC 792, RFC 1812 §5.2.7, RFC 4443 §3).
    public var reason: String {
        switch (source.family, type, code) {
        case (.ipv4, 3, 0), (.ipv6, 1, 0): "no route to destination"
        case (.ipv4, 3, 1), (.ipv6, 1, 3): "host unreachable"
        case (.ipv4, 3, 2): "protocol unreachable"
        case (.ipv4, 3, 3), (.ipv6, 1, 4): "port unreachable"
        case (.ipv4, 3, 4), (.ipv6, 2, _): "packet too big"
        case (.ipv4, 3, 9), (.ipv4, 3, 10), (.ipv4, 3, 13), (.ipv6, 1, 1): "administratively prohibited"
        case (.ipv4, 11, _), (.ipv6, 3, _): "hop limit exceeded"
        case (.ipv6, 1, 5), (.ipv6, 1, 6): "refused by a routing policy"
        default: "ICMP type \(type) code \(code)"
        }
    }
}
