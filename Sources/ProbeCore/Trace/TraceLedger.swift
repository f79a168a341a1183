import Units
import Wire

/// Why a message is not the answer to a probe.
public enum TraceMismatch: String, Error, Hashable, CaseIterable, Sendable {
    /// An ICMP error about somebody else's datagram.
    case foreign = "foreign"
    /// About one of our ports, but not about anything that was sent from there.
    case unknownProbe = "unknown_probe"
    /// What is quoted fits more than one probe.
    case ambiguous = "ambiguous"
    /// The probe has been answered.
    case duplicate = "duplicate"
    /// It came after the time-out.
    case late = "late"
    /// An error that says nothing about the path, such as a packet too big.
    case irrelevant = "irrelevant"
}

/// The probes of a trace and what tells them apart, so that only an answer to one of them counts.
///
/// Where an error quotes enough of the payload, that alone identifies the probe: it holds a timestamp or a transaction
/// id that nobody off the path can know. That holds behind a NAT too, whatever it did to the quoted addresses. Where a
/// router quotes no more than the UDP header, the addresses, both ports, the length and the checksum must all be a
/// probe's, and only one's.
public struct TraceLedger: Sendable {
    private struct Mark: Sendable {
        var sentAt: MonotonicInstant
        /// The payload's first octets.
        var start: [UInt8]
        var length: UInt16
        var checksum: UInt16
    }

    /// As many quoted octets of payload identify a probe.
    public let identifyingOctets: Int

    public private(set) var observation: TraceObservation
    private let timeout: Nanoseconds
    private var marks: [Mark] = []
    private var byStart: [[UInt8]: Int] = [:]

    /// - Parameter identifyingOctets: no two probes' payloads begin with the same ones.
    public init(flows: [TraceFlow], timeout: Nanoseconds, identifyingOctets: Int = 16) {
        precondition((1...ICMPQuote.payloadKept).contains(identifyingOctets))
        self.identifyingOctets = identifyingOctets
        observation = TraceObservation(flows: flows)
        self.timeout = timeout
    }

    /// The UDP checksum that a payload will have on this flow.
    private func checksum(_ payload: Span<UInt8>, _ flow: TraceFlow) -> UInt16 {
        InternetChecksum.udp(
            payload,
            from: flow.source,
            port: flow.sourcePort,
            to: flow.destination,
            port: flow.destinationPort
        )
    }

    /// Whether no earlier probe looks the same to a router that quotes only the UDP header.
    public func isDistinct(_ payload: Span<UInt8>, flow: Int) -> Bool {
        let checksum = checksum(payload, observation.flows[flow])
        return !zip(observation.probes, marks).contains { $0.flow == flow && $1.checksum == checksum }
    }

    /// Enters a probe that is about to leave. Gives its number.
    public mutating func enter(_ send: TraceSend, payload: Span<UInt8>, at now: MonotonicInstant) -> Int {
        let number = observation.probes.count
        let start = (0..<min(payload.count, ICMPQuote.payloadKept)).map { payload[$0] }
        marks.append(
            Mark(
                sentAt: now,
                start: start,
                length: UInt16(truncatingIfNeeded: payload.count &+ 8),
                checksum: checksum(payload, observation.flows[send.flow])
            )
        )
        observation.probes.append(.init(send))
        byStart[Array(start.prefix(identifyingOctets))] = number
        return number
    }

    /// Takes the probe entered last off again: this host refused to send it.
    public mutating func withdrawLast(reason: String) {
        guard let probe = observation.probes.popLast(), let mark = marks.popLast() else { return }
        byStart[Array(mark.start.prefix(identifyingOctets))] = nil
        observation.notSent[probe.flow, default: 0] += 1
        observation.notSentReason = reason
    }

    /// Without the probes that may still be answered at `now`: whoever stops a trace early must not take them for lost.
    public func observation(settledAt now: MonotonicInstant) -> TraceObservation {
        var settled = observation
        settled.probes = zip(observation.probes, marks)
            .filter { $0.answer != nil || now - $1.sentAt >= timeout }
            .map(\.0)
        return settled
    }

    public mutating func ignore(_ code: String) { observation.ignored[code, default: 0] &+= 1 }

    // MARK: Answers

    /// The probe that an ICMP error quotes.
    public func probe(quotedBy quote: ICMPQuote) throws(TraceMismatch) -> Int {
        if quote.payload.count >= identifyingOctets {
            if let number = byStart[Array(quote.payload.prefix(identifyingOctets))] {
                guard marks[number].start.starts(with: quote.payload) else { throw .unknownProbe }
                return number
            }
            throw flow(of: quote) == nil ? .foreign : .unknownProbe
        }
        guard let flow = flow(of: quote) else { throw .foreign }
        let matches = marks.indices.filter { number in
            observation.probes[number].flow == flow && marks[number].checksum == quote.udpChecksum
                && marks[number].length == quote.udpLength && marks[number].start.starts(with: quote.payload)
        }
        guard let first = matches.first else { throw .unknownProbe }
        guard matches.count == 1 else { throw .ambiguous }
        return first
    }

    private func flow(of quote: ICMPQuote) -> Int? {
        observation.flows.firstIndex { flow in
            flow.sourcePort == quote.sourcePort && flow.destinationPort == quote.destinationPort
                && flow.source == quote.source && flow.destination == quote.destination
        }
    }

    /// The probe whose payload begins like `payload`, which the kernel's error queue gave back on a flow's own socket.
    public func probe(startingLike payload: [UInt8], flow: Int) throws(TraceMismatch) -> Int {
        guard payload.count >= identifyingOctets,
            let number = byStart[Array(payload.prefix(identifyingOctets))],
            observation.probes[number].flow == flow
        else { throw .unknownProbe }
        return number
    }

    /// Enters an answer. Gives the probe that it answers.
    public mutating func record(
        _ answer: TraceAnswer,
        to number: Int,
        at arrival: MonotonicInstant
    ) throws(TraceMismatch) -> TraceObservation.Probe {
        guard marks.indices.contains(number) else { throw .unknownProbe }
        guard observation.probes[number].answer == nil else { throw .duplicate }
        let delay = max(.zero, arrival - marks[number].sentAt)
        guard delay <= timeout else { throw .late }
        observation.probes[number].answer = answer
        observation.probes[number].delay = delay
        return observation.probes[number]
    }
}

extension TraceAnswer.Kind {
    /// What an ICMP error says about the path; nil for one that says nothing about it, such as a packet too big.
    public init?(_ family: IPAddress.Family, type: UInt8, code: UInt8) {
        switch (family, type, code) {
        case (.ipv4, 11, 0), (.ipv6, 3, 0): self = .timeExceeded
        case (.ipv4, 3, 4): return nil
        case (.ipv4, 3, _), (.ipv6, 1, _): self = .unreachable(type: type, code: code)
        default: return nil
        }
    }
}

extension TraceAnswer {
    /// Nil where the error says nothing about the path.
    public init?(_ error: ICMPError, from sender: IPAddress) {
        guard let kind = Kind(error.family, type: error.type, code: error.code) else { return nil }
        self.init(
            from: sender,
            kind: kind,
            trafficClass: error.quote.trafficClass,
            labels: error.labels
        )
    }
}
