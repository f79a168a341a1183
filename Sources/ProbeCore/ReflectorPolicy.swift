import Units
import Wire

/// What a session-reflector allows, fixed while it runs.
public struct ReflectorPolicy: Sendable {
    /// Authenticated mode with this key is then mandatory; unauthenticated without.
    public var key: StampKey?
    /// Answers requests under 44 octets, as TWAMP-Light senders send them: the only replies longer than what they
    /// answer.
    public var allowsShortRequests: Bool
    /// The marks that a stranger may have on its replies (Class of Service TLV).
    public let allowedDSCP: Set<DSCP>
    /// Ports that this reflector listens on. A request from one of them would be another reflector's reply.
    public let ownPorts: Set<UInt16>

    /// Voice, video and sharing of Teams, and what is unmarked or of lower effort.
    public static let teamsMarks = Set([0, 8, 18, 34, 46].compactMap { DSCP($0) })

    /// Ports whose services answer anything (echo, daytime, quote, chargen) or answer a small request with a large
    /// reply, and STAMP's own.
    private static let reflectivePorts: Set<UInt16> = [
        7, 13, 17, 19, 53, 69, 111, 123, 137, 161, 389, 520, 862, 1900, 3478, 3479, 3480, 3481, 5353, 11211,
    ]

    public init(
        key: StampKey?,
        allowsShortRequests: Bool = false,
        allowedDSCP: Set<DSCP> = ReflectorPolicy.teamsMarks,
        ownPorts: Set<UInt16>
    ) {
        self.key = key
        self.allowsShortRequests = allowsShortRequests
        self.allowedDSCP = allowedDSCP
        self.ownPorts = ownPorts
        var refused = Array(repeating: false, count: 65_536)
        for port in Self.reflectivePorts.union(ownPorts) { refused[Int(port)] = true }
        refused[0] = true
        refusedSourcePorts = refused
        allowedMarks = (0..<64).map { value in DSCP(value).map { allowedDSCP.contains($0) } ?? false }
    }

    public var mode: StampMode { key == nil ? .unauthenticated : .authenticated }

    /// By port: whether a request from it is refused.
    let refusedSourcePorts: [Bool]
    /// By DSCP value.
    let allowedMarks: [Bool]
}

/// Why a session-reflector did not answer a datagram, beside the reasons that lie in its bytes (``StampRefusal``).
public enum ReflectorRefusal: Error, Hashable, Sendable {
    case packet(StampRefusal)
    /// Longer than the receive buffer: a reply would not be of the request's length (RFC 8762 §4.3).
    case truncated
    /// Source port 0, one of our own, or one whose service would answer our answer.
    case sourcePort
    /// A source or destination that no reply can or should go to or come from.
    case address
    /// The source sends more than its share.
    case rateLimited

    /// Every reason, in the order of ``index``.
    public static let all: [ReflectorRefusal] =
        [.truncated, .sourcePort, .address, .rateLimited] + StampRefusal.allCases.map { .packet($0) }

    /// Where this reason stands in ``all``. Worked out for every refused datagram, so without a list of all cases.
    public var index: Int {
        switch self {
        case .truncated: 0
        case .sourcePort: 1
        case .address: 2
        case .rateLimited: 3
        case .packet(let refusal): 4 + Int(refusal.rawValue)
        }
    }

    /// Stable; fit for a log or a metric's label.
    public var code: String {
        switch self {
        case .packet(let refusal): refusal.code
        case .truncated: "truncated"
        case .sourcePort: "source_port"
        case .address: "address"
        case .rateLimited: "rate_limited"
        }
    }
}

/// How often a session-reflector did what.
public struct ReflectorCounters: Hashable, Sendable {
    public var received = 0
    public var answered = 0
    /// By ``ReflectorRefusal/index``.
    public var refused = Array(repeating: 0, count: ReflectorRefusal.all.count)
    /// Replies that the kernel would not send.
    public var sendFailures = 0
    /// Requests that the sockets' receive buffers dropped.
    public var socketDrops = 0

    public init() {}

    /// The reasons that occurred, by their code, most frequent first.
    public var refusals: [(code: String, count: Int)] {
        zip(ReflectorRefusal.all, refused).filter { $0.1 > 0 }.map { ($0.0.code, $0.1) }.sorted { $0.1 > $1.1 }
    }
}
