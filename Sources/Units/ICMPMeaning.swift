/// What an ICMP error means, in words.
public enum ICMPMeaning {
    /// Of destination unreachable, by its code (RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1, RFC 4443 §3.1, RFC 8883).
    public static func unreachable(_ family: IPAddress.Family, type: UInt8, code: UInt8) -> String {
        let names = family == .ipv4 ? ipv4 : ipv6
        let isKnown = type == (family == .ipv4 ? 3 : 1) && Int(code) < names.count
        return isKnown ? names[Int(code)] : "ICMP type \(type) code \(code)"
    }

    private static let ipv4 = [
        "network unreachable", "host unreachable", "protocol unreachable", "port unreachable",
        "fragmentation needed", "source route failed", "network unknown", "host unknown", "source host isolated",
        "network administratively prohibited", "host administratively prohibited",
        "network unreachable for this type of service", "host unreachable for this type of service",
        "communication administratively prohibited", "host precedence violation", "precedence cutoff in effect",
    ]

    private static let ipv6 = [
        "no route to destination", "communication administratively prohibited",
        "beyond the scope of the source address",
        "address unreachable", "port unreachable", "refused by a policy for the source address",
        "refused by a reject route", "error in the source routing header", "headers too long",
    ]

    /// Somebody forbids it, as opposed to not being able to.
    public static func isProhibition(_ family: IPAddress.Family, type: UInt8, code: UInt8) -> Bool {
        family == .ipv4 ? type == 3 && [9, 10, 13, 14, 15].contains(code) : type == 1 && [1, 5, 6].contains(code)
    }

    public static func isPortUnreachable(_ family: IPAddress.Family, type: UInt8, code: UInt8) -> Bool {
        family == .ipv4 ? type == 3 && code == 3 : type == 1 && code == 4
    }
}
