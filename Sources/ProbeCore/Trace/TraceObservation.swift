import Units

/// What came back for a probe.
public struct TraceAnswer: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The TTL ran out at this hop.
        case timeExceeded
        /// The destination answered as the protocol has it.
        case reply
        /// An ICMP error says that the destination, its port, or the way there cannot be had.
        case unreachable(type: UInt8, code: UInt8)
    }

    public var from: IPAddress
    public var kind: Kind
    /// The TOS or traffic class octet with which the probe arrived at whoever answered; nil where it is not told.
    public var trafficClass: UInt8?
    /// Outermost first.
    public var labels: [MPLSLabel]

    public init(from: IPAddress, kind: Kind, trafficClass: UInt8? = nil, labels: [MPLSLabel] = []) {
        self.from = from
        self.kind = kind
        self.trafficClass = trafficClass
        self.labels = labels
    }
}

/// Everything that a trace saw.
public struct TraceObservation: Hashable, Sendable {
    public struct Probe: Hashable, Sendable {
        public var send: TraceSend
        /// Nil while there is none, and for good when none came in time.
        public var answer: TraceAnswer?
        /// Between sending and the answer's arrival, by this host's clocks.
        public var delay: Nanoseconds?

        public init(_ send: TraceSend) { self.send = send }

        public var flow: Int { send.flow }
        public var hopLimit: UInt8 { send.hopLimit }
    }

    public var flows: [TraceFlow]
    public var probes: [Probe] = []
    /// Messages that were not taken for answers, by the reason's code.
    public var ignored: [String: Int] = [:]
    /// Probes that this host itself would not send, by flow, and the reason it last gave.
    public var notSent: [Int: Int] = [:]
    public var notSentReason: String?

    public init(flows: [TraceFlow]) { self.flows = flows }
}
