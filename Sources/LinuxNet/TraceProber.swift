import CLinux
import Glibc
import ProbeCore
import Units
import Wire

/// Traces a path with real packets, on the thread that calls it.
public struct TraceProber: ~Copyable {
    /// How ICMP errors are heard.
    public enum Hearing: String, Hashable, Sendable {
        /// With what they quote of the IP header: the mark as it arrived at each hop is known.
        case rawICMP = "raw_icmp"
        /// Through the sockets' error queues, which any process may read: the mark at each hop is not known, and
        /// routers that quote no payload cannot be told from others' messages.
        case errorQueue = "error_queue"
    }

    public let plan: TracePlan
    public let hearing: Hearing
    private let icmp: TraceICMPSocket?
    private var sockets: TraceFlowSockets
    private var machine: TraceMachine
    private var ledger: TraceLedger
    private var batch = MessageBatch(capacity: 32, bufferLength: 2_048)
    private let poller: Poller
    private let clock = SystemClock()
    private static let icmpToken = Poller.Token.max

    /// - Parameters:
    ///   - payloads: one a port, in the order of `destinations`.
    ///   - seed: of the order in which hops are asked.
    public init(
        _ plan: TracePlan,
        destinations: [SocketAddress],
        dscp: DSCP,
        payloads: [any TracePayload],
        start: MonotonicInstant,
        seed: UInt64
    ) throws(SystemError) {
        precondition(destinations.count == plan.flows && payloads.count == plan.flows)
        let icmp = try Self.openRaw(family: destinations[0].address.family)
        let hearing: Hearing = icmp == nil ? .errorQueue : .rawICMP
        let poller = try Poller()
        var sockets = TraceFlowSockets(capacity: plan.flows)
        var flows: [TraceFlow] = []
        for (destination, payload) in zip(destinations, payloads) {
            let socket = try TraceFlowSocket(
                to: destination,
                dscp: dscp,
                payload: payload,
                usesErrorQueue: hearing == .errorQueue
            )
            try poller.add(socket.number, token: Poller.Token(flows.count))
            flows.append(socket.flow)
            sockets.append(socket)
        }
        if let icmp { try poller.add(icmp.number, token: Self.icmpToken) }
        self.plan = plan
        self.icmp = icmp
        self.hearing = hearing
        self.poller = poller
        self.sockets = sockets
        let identifying = payloads.map(\.identifyingOctets).max() ?? 16
        ledger = TraceLedger(flows: flows, timeout: plan.timeout, identifyingOctets: identifying)
        machine = TraceMachine(plan, start: start, seed: seed)
    }

    /// Nil where this process may not have a raw socket.
    private static func openRaw(family: IPAddress.Family) throws(SystemError) -> TraceICMPSocket? {
        do {
            return try TraceICMPSocket(family: family)
        } catch  where error.errno == EPERM || error.errno == EACCES {
            return nil
        }
    }

    /// What has been seen so far, without probes that may still be answered.
    public var observation: TraceObservation { ledger.observation(settledAt: clock.monotonic()) }
    public var position: (wave: Int, hop: Int) { machine.position }

    /// Does what is due and reads what has come, for at most `slice`. Gives whether the trace goes on.
    public mutating func run(for slice: Nanoseconds) -> Bool {
        let end = clock.monotonic() + slice
        while true {
            let now = clock.monotonic()
            switch machine.next(now) {
            case .finished: return false
            case .send(let send): transmit(send)
            case .wait(let until):
                guard now < end else { return true }
                receive(within: min(until, end) - now)
            }
        }
    }

    // MARK: Sending

    private mutating func transmit(_ send: TraceSend) {
        let octets = nextPayload(send)
        let number = ledger.enter(send, payload: octets.span, at: clock.monotonic())
        do {
            try sockets[send.flow].send(octets, hopLimit: send.hopLimit)
            sockets[send.flow].numbers[sockets[send.flow].payload.commit()] = number
        } catch {
            ledger.withdrawLast(reason: error.description)
            machine.notSent(send)
        }
    }

    /// The next probe, with a timestamp moved by as many microseconds as it takes to tell it from every other by its
    /// UDP checksum alone.
    private mutating func nextPayload(_ send: TraceSend) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: sockets[send.flow].payload.length)
        let now = clock.wall()
        for attempt in 0..<Int64(64) {
            var span = octets.mutableSpan
            sockets[send.flow].payload.write(into: &span, now: now + .microseconds(attempt))
            if ledger.isDistinct(octets.span, flow: send.flow) { break }
        }
        return octets
    }

    // MARK: Receiving

    private mutating func receive(within timeout: Nanoseconds) {
        let count = poller.wait(timeout)
        for index in 0..<count {
            let token = poller.token(index)
            if token == Self.icmpToken {
                readErrors()
            } else {
                if poller.hasError(index) { readErrorQueue(Int(token)) }
                if poller.isReadable(index) { readReplies(Int(token)) }
            }
        }
    }

    /// When message `index` of the batch came: by the kernel, or else now.
    private func arrival(_ control: ControlMessages) -> (monotonic: MonotonicInstant, wall: WallInstant) {
        let reading = clock.read()
        guard let timestamp = control.timestamp else { return (reading.monotonic, reading.wall) }
        return (reading.monotonic(at: timestamp), timestamp)
    }

    private mutating func readErrors() {
        guard let icmp else { return }
        while batch.receive(from: icmp.number) > 0 { readErrorBatch(icmp) }
    }

    private mutating func readErrorBatch(_ icmp: TraceICMPSocket) {
        for index in 0..<batch.received {
            let at = arrival(batch.controlMessages(index)).monotonic
            do throws(ICMPRefusal) {
                let (error, sender) = try icmp.read(batch, index)
                record(error, from: sender, at: at)
            } catch {
                ledger.ignore("icmp_" + error.code)
            }
        }
    }

    private mutating func record(_ error: ICMPError, from sender: IPAddress, at arrival: MonotonicInstant) {
        do throws(TraceMismatch) {
            let number = try ledger.probe(quotedBy: error.quote)
            guard let answer = TraceAnswer(error, from: sender) else { throw .irrelevant }
            try enter(answer, to: number, at: arrival)
        } catch {
            ledger.ignore(error.rawValue)
        }
    }

    private mutating func enter(
        _ answer: TraceAnswer,
        to number: Int,
        at arrival: MonotonicInstant
    ) throws(TraceMismatch) {
        let probe = try ledger.record(answer, to: number, at: arrival)
        machine.answered(probe.send, isEnd: answer.kind != .timeExceeded)
    }

    private mutating func readReplies(_ flow: Int) {
        let count = batch.receive(from: sockets[flow].number)
        for index in 0..<count {
            let (arrived, wall) = arrival(batch.controlMessages(index))
            let datagram = batch.payload(index, length: batch.length(index)).span
            switch sockets[flow].payload.answer(in: datagram, at: wall) {
            case .failure(let refusal): ledger.ignore(refusal.code)
            case .success(let reply):
                let answer = TraceAnswer(
                    from: sockets[flow].flow.destination,
                    kind: .reply,
                    trafficClass: reply.trafficClass
                )
                do throws(TraceMismatch) {
                    guard let number = sockets[flow].numbers[reply.number] else { throw .unknownProbe }
                    try enter(answer, to: number, at: arrived)
                } catch {
                    ledger.ignore(error.rawValue)
                }
            }
        }
        // What woke us may have been an error that only a read takes off.
        if count == 0 { sockets[flow].clearError() }
    }

    /// What ICMP errors left in a socket's error queue: who, what, and the payload of the datagram that met it.
    private mutating func readErrorQueue(_ flow: Int) {
        guard hearing == .errorQueue else { return sockets[flow].clearError() }
        while batch.receive(from: sockets[flow].number, flags: Int32(MSG_ERRQUEUE)) > 0 {
            for index in 0..<batch.received { readQueued(index, flow) }
        }
        sockets[flow].clearError()
    }

    private mutating func readQueued(_ index: Int, _ flow: Int) {
        let control = batch.controlMessages(index)
        guard let error = control.error, let offender = control.offender?.address,
            [Int(SO_EE_ORIGIN_ICMP), Int(SO_EE_ORIGIN_ICMP6)].contains(Int(error.ee_origin))
        else { return }
        let payload = Array(batch.payload(index, length: min(batch.length(index), ICMPQuote.payloadKept)))
        do throws(TraceMismatch) {
            let number = try ledger.probe(startingLike: payload, flow: flow)
            guard let kind = TraceAnswer.Kind(offender.family, type: error.ee_type, code: error.ee_code) else {
                throw .irrelevant
            }
            try enter(TraceAnswer(from: offender, kind: kind), to: number, at: arrival(control).monotonic)
        } catch {
            ledger.ignore(error.rawValue)
        }
    }
}
