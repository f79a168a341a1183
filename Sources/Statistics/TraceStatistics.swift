import ProbeCore
import Units

/// What one hop answered to one port's probes.
public struct TraceHop: Hashable, Sendable {
    public struct Answerer: Hashable, Sendable {
        public var address: IPAddress
        public var packets: Int

        public init(address: IPAddress, packets: Int) {
            self.address = address
            self.packets = packets
        }
    }

    /// Round trips to the hop and back.
    public struct Delay: Hashable, Sendable {
        public var min: Nanoseconds
        public var p50: Nanoseconds
        public var max: Nanoseconds

        /// Nil where there is none. With an even number the lower of the middle two is p50, so that it was measured.
        public init?(_ delays: [Nanoseconds]) {
            let sorted = delays.sorted()
            guard let first = sorted.first, let last = sorted.last else { return nil }
            (min, max) = (first, last)
            p50 = sorted[(sorted.count - 1) / 2]
        }
    }

    /// The TTL of the probes: 1 for the first router.
    public var hop: Int
    public var sent: Int
    public var answered: Int
    /// Who answered, the most frequent first.
    public var answerers: [Answerer]
    /// Nil where nobody did.
    public var delay: Delay?
    /// Probes by the mark that they arrived here with; empty where that is not known.
    public var marks: [DSCP: Int]
    /// The same by ECN codepoint.
    public var congestionMarks: [UInt8: Int]
    /// Each MPLS label stack that probes arrived with, in the order in which they were seen.
    public var labelStacks: [[MPLSLabel]]

    public var address: IPAddress? { answerers.first?.address }
    public var markedTotal: Int { marks.values.reduce(0, &+) }

    /// A hop that answered nothing.
    public init(hop: Int, sent: Int) {
        self.hop = hop
        self.sent = sent
        answered = 0
        answerers = []
        marks = [:]
        congestionMarks = [:]
        labelStacks = []
    }

    init(hop: Int, probes: [TraceObservation.Probe]) {
        self.init(hop: hop, sent: probes.count)
        let answers = probes.compactMap(\.answer)
        answered = answers.count
        var packets: [IPAddress: Int] = [:]
        for answer in answers { packets[answer.from, default: 0] += 1 }
        answerers = packets.map { Answerer(address: $0.key, packets: $0.value) }.sorted {
            $0.packets == $1.packets ? $0.address.description < $1.address.description : $0.packets > $1.packets
        }
        delay = Delay(probes.compactMap(\.delay))
        for answer in answers {
            if let trafficClass = answer.trafficClass {
                marks[DSCP(trafficClass: trafficClass), default: 0] += 1
                congestionMarks[ECN(trafficClass: trafficClass).value, default: 0] += 1
            }
            if !answer.labels.isEmpty, !labelStacks.contains(answer.labels) { labelStacks.append(answer.labels) }
        }
    }
}

/// How one port's way ends.
public enum TraceEnd: Hashable, Sendable {
    /// The destination answered, at this hop.
    case answered(hop: Int)
    /// The destination itself says that nothing listens on the port.
    case portUnreachable(hop: Int)
    /// An ICMP error says that it goes no further.
    case refused(hop: Int, by: IPAddress, type: UInt8, code: UInt8)
    /// Nothing came from beyond this hop; 0 where nothing came at all.
    case silent(after: Int)

    /// The last hop that is known to have had the probes.
    public var hop: Int {
        switch self {
        case .answered(let hop), .portUnreachable(let hop), .refused(let hop, _, _, _), .silent(let hop): hop
        }
    }

    /// Whether the probes got to the destination.
    public var isReached: Bool {
        switch self {
        case .answered, .portUnreachable: true
        case .refused, .silent: false
        }
    }
}

/// One port's way, hop by hop.
public struct TracePath: Hashable, Sendable {
    public var flow: TraceFlow
    /// From the first hop to where the way ends, or to where the longest of the ways does; none is left out.
    public var hops: [TraceHop]
    public var end: TraceEnd
    /// Probes that this host itself would not send.
    public var notSent: Int

    public init(flow: TraceFlow, hops: [TraceHop], end: TraceEnd, notSent: Int) {
        self.flow = flow
        self.hops = hops
        self.end = end
        self.notSent = notSent
    }

    public var port: UInt16 { flow.destinationPort }

    public func hop(_ number: Int) -> TraceHop? { hops.first { $0.hop == number } }
}

extension TraceObservation {
    /// The ways of all ports, in the order in which these were asked for.
    public func paths() -> [TracePath] {
        let ends = flows.indices.map(end)
        let furthest = ends.map(\.hop).max() ?? 0
        return flows.indices.map { flow in
            var shown = ends[flow].hop
            if case .silent = ends[flow] { shown = furthest }
            let hops = (1...max(1, shown)).compactMap { hop -> TraceHop? in
                let probes = probes.filter { $0.flow == flow && $0.hopLimit == hop }
                return probes.isEmpty ? nil : TraceHop(hop: hop, probes: probes)
            }
            return TracePath(flow: flows[flow], hops: hops, end: ends[flow], notSent: notSent[flow] ?? 0)
        }
    }

    private func end(of flow: Int) -> TraceEnd {
        let answered = probes.filter { $0.flow == flow && $0.answer != nil }.sorted { $0.hopLimit < $1.hopLimit }
        if let probe = answered.first(where: { $0.answer?.kind == .reply }) {
            return .answered(hop: Int(probe.hopLimit))
        }
        for probe in answered {
            guard let answer = probe.answer, case .unreachable(let type, let code) = answer.kind else { continue }
            let isDestination = answer.from == flows[flow].destination
            if isDestination, ICMPMeaning.isPortUnreachable(answer.from.family, type: type, code: code) {
                return .portUnreachable(hop: Int(probe.hopLimit))
            }
            let hop = hopOfRouter(answer.from) ?? Int(probe.hopLimit)
            return .refused(hop: min(hop, Int(probe.hopLimit)), by: answer.from, type: type, code: code)
        }
        return .silent(after: answered.last.map { Int($0.hopLimit) } ?? 0)
    }

    /// A router that refuses what it would have to forward is met with a TTL one greater than its own hop.
    private func hopOfRouter(_ address: IPAddress) -> Int? {
        probes.filter { $0.answer?.from == address && $0.answer?.kind == .timeExceeded }.map { Int($0.hopLimit) }.min()
    }
}
