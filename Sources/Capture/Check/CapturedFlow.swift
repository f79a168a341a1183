import Units

/// Where one stream of a check sends from and to, and how its packets are numbered.
public struct CapturedFlow: Hashable, Sendable {
    /// Where a packet's number stands in its UDP payload.
    public enum Numbering: Hashable, Sendable {
        /// In the first four octets of a request; in a reply where RFC 8762 §4.3.1 and §4.3.2 have the session-sender's.
        case stamp(authenticated: Bool)
        /// In the first four octets of a transaction's identifier (RFC 8489 §5), in requests and in their answers alike,
        /// under a mask that is the stream's own; the first request that leaves is number 0.
        case stun
    }

    public struct Address: Hashable, Sendable {
        public var address: IPAddress
        public var port: UInt16

        public init(address: IPAddress, port: UInt16) {
            self.address = address
            self.port = port
        }
    }

    public var local: Address
    public var remote: Address
    public var numbering: Numbering

    public init(local: Address, remote: Address, numbering: Numbering) {
        self.local = local
        self.remote = remote
        self.numbering = numbering
    }

    /// The number of a packet whose payload begins at `offset`; nil where it has none or it was not captured.
    @inline(__always)
    func number(in frame: Span<UInt8>, payloadAt offset: Int, isReply: Bool) -> UInt32? {
        let place =
            switch numbering {
            case .stamp(let authenticated): offset + (isReply ? (authenticated ? 48 : 24) : 0)
            case .stun: offset + 8
            }
        return frame.has(4, at: place) ? frame.doubleWord(at: place) : nil
    }
}

/// Finds the stream that a packet belongs to.
struct FlowTable {
    struct Match {
        var stream: Int
        var isReply: Bool
    }

    private struct Key: Hashable {
        var local: CapturedFlow.Address
        var remote: CapturedFlow.Address
    }

    private let streams: [Key: Int]

    /// - Parameter flows: by stream; nil where a stream is not captured.
    init(_ flows: [CapturedFlow?]) {
        var streams: [Key: Int] = [:]
        for (stream, flow) in flows.enumerated() {
            if let flow { streams[Key(local: flow.local, remote: flow.remote)] = stream }
        }
        self.streams = streams
    }

    func match(_ packet: UDPPacket) -> Match? {
        let source = CapturedFlow.Address(address: packet.source, port: packet.sourcePort)
        let destination = CapturedFlow.Address(address: packet.destination, port: packet.destinationPort)
        if let stream = streams[Key(local: source, remote: destination)] {
            return Match(stream: stream, isReply: false)
        }
        return streams[Key(local: destination, remote: source)].map { Match(stream: $0, isReply: true) }
    }
}

extension CaptureFilter {
    /// A check's own packets: one term for each pair of addresses, so that many streams do not make it too long for the
    /// kernel; what it lets through beside them is told apart later.
    static func flows(_ flows: [CapturedFlow]) -> CaptureFilter {
        struct Pair: Hashable {
            var local: IPAddress
            var remote: IPAddress
        }
        let pairs = Dictionary(grouping: flows) { Pair(local: $0.local.address, remote: $0.remote.address) }
        let terms = pairs.map { pair, flows in
            let family = pair.remote.family == .ipv4 ? "ip" : "ip6"
            return "(\(family) and udp and host \(pair.local) and host \(pair.remote) and "
                + "portrange \(range(flows.map(\.local.port))) and portrange \(range(flows.map(\.remote.port))))"
        }
        return CaptureFilter(untagged: terms.sorted().joined(separator: " or "))
    }

    private static func range(_ ports: [UInt16]) -> String { "\(ports.min() ?? 0)-\(ports.max() ?? 0)" }
}
