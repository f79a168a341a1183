/// Why a frame holds no UDP packet that can be read. Each is counted; none is an error of the capture.
public enum DissectionRefusal: UInt8, Error, Hashable, Sendable, CaseIterable {
    /// The frame ends within its link-layer header.
    case linkTruncated
    /// ARP, LLDP, spanning tree and the like.
    case notIP
    /// More VLAN tags or IPv6 extension headers than anybody sends.
    case tooManyHeaders
    /// The capture ends within the IP header or what extends it.
    case ipTruncated
    /// A version or a length that cannot be.
    case ipMalformed
    /// A fragment after the first, which has no ports.
    case laterFragment
    /// TCP, ICMP, ESP and the like.
    case notUDP
    /// The capture ends within the UDP header.
    case udpTruncated
    /// A UDP length that cannot be.
    case udpMalformed

    /// Stable, for results: `not_ip`.
    public var code: String {
        switch self {
        case .linkTruncated: "link_truncated"
        case .notIP: "not_ip"
        case .tooManyHeaders: "too_many_headers"
        case .ipTruncated: "ip_truncated"
        case .ipMalformed: "ip_malformed"
        case .laterFragment: "later_fragment"
        case .notUDP: "not_udp"
        case .udpTruncated: "udp_truncated"
        case .udpMalformed: "udp_malformed"
        }
    }
}

/// How many frames held no UDP packet, by reason.
public struct DissectionCounts: Hashable, Sendable {
    private var counts = [Int](repeating: 0, count: DissectionRefusal.allCases.count)

    public init() {}

    public mutating func count(_ reason: DissectionRefusal) { counts[Int(reason.rawValue)] &+= 1 }

    public subscript(_ reason: DissectionRefusal) -> Int { counts[Int(reason.rawValue)] }

    public var total: Int { counts.reduce(0, &+) }

    /// By ``DissectionRefusal/code``, without those that never happened.
    public var byCode: [String: Int] {
        let seen = DissectionRefusal.allCases.filter { self[$0] > 0 }
        return Dictionary(uniqueKeysWithValues: seen.map { ($0.code, self[$0]) })
    }
}
