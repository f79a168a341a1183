import Glibc
import ProbeCore
import Units
import Wire

/// One check over the simulated network, in virtual time: the session-senders as the probe thread runs them, and
/// the session-reflector behind two links.
public struct SimulatedCheck {
    /// What a check leaves behind.
    public struct Outcome: Sendable {
        public var log: ObservationLog
        public var truths: [PathTruth]
        public var measuredRounds: Int
        /// Places in the grid that passed by, sends that the kernel refused, and requests that met a closed port.
        public var missed = 0
        public var notSent = 0
        public var refused = 0
    }

    private enum Event {
        case slot
        case request(Flight)
        case reply(Flight)
    }

    /// A datagram on its way.
    private struct Flight {
        var octets: [UInt8]
        var stream: Int
        var sequence: Int
        /// When it entered the link.
        var leftAt: Nanoseconds
        /// For a reply, which request it answers and how long that stayed at the far end.
        var request = 0
        var stay = Nanoseconds.zero
    }

    static let key = StampKey(Array(1...32))
    public static let replyTimeout = Nanoseconds.seconds(3)
    /// This host's `CLOCK_MONOTONIC` at the true time 0.
    private static let boot = MonotonicInstant(nanoseconds: 77_000_000_000_000)
    /// The round of the lead-in whose packets are sent twice.
    private static let doubledRound = 1

    /// Whether the outcome has the whole run's log and the truth of every packet: a long run that is taken record by
    /// record needs neither.
    public var keepsLog = true
    private let scenario: Scenario
    public let origin: ClockReading
    private var plan: RunPlan
    private var grid: SendGrid
    private var streams: [SimulatedStream] = []
    private var forward: SimulatedLink
    private var reverse: SimulatedLink
    private var reflector: SimulatedReflector
    private var random: SeededRandom
    private var events = EventQueue<Event>()
    private let ring = PacketRing(capacity: 4_096)
    private var log: ObservationLog
    private var truths: [PathTruth]
    private var wallOffset: Nanoseconds
    private var missed = 0
    private var notSent = 0
    private var refused = 0
    /// Nil while packets are sent.
    private var deadline: Nanoseconds?

    public init(_ scenario: Scenario) throws(TextRefusal) {
        var random = SeededRandom(seed: scenario.seed)
        self.scenario = scenario
        forward = SimulatedLink(scenario.forward, random: random.split())
        reverse = SimulatedLink(scenario.reverse, random: random.split())
        reflector = SimulatedReflector(scenario, random: random.split())
        self.random = random.split()
        origin = Self.read(scenario, at: .zero)
        wallOffset = Self.wallOffset(origin)
        let perSecond = Int(1_000_000_000 / scenario.interval.count)
        plan = RunPlan(
            leadInRounds: max(5, perSecond / 5),
            measuredRounds: Int(scenario.duration.count / scenario.interval.count),
            tailLimit: max(5, perSecond)
        )
        grid = SendGrid(
            start: Self.boot + .milliseconds(20),
            interval: scenario.interval,
            streams: scenario.streams
        )
        log = ObservationLog(streams: scenario.streams, interval: scenario.interval, replyTimeout: Self.replyTimeout)
        truths = Array(repeating: PathTruth(replyTimeout: Self.replyTimeout), count: scenario.streams)
        for _ in 0..<scenario.streams { streams.append(try SimulatedStream(scenario)) }
    }

    private static func read(_ scenario: Scenario, at now: Nanoseconds) -> ClockReading {
        ClockReading(monotonic: boot + now, wall: scenario.localClock.reading(at: now))
    }

    private static func wallOffset(_ reading: ClockReading) -> Nanoseconds {
        Nanoseconds(reading.wall.nanosecondsSinceUnixEpoch) - Nanoseconds(reading.monotonic.nanoseconds)
    }

    // MARK: - The run

    /// - Parameter take: gets every record as it comes out of the ring.
    public mutating func run(_ take: (PacketRecord) -> Void = { _ in }) -> Outcome {
        events.add(.slot, at: grid.next.at - Self.boot)
        while let (now, event) = events.next() {
            if let deadline, now > deadline || !streams.contains(where: \.sender.awaitsReplies) { break }
            switch event {
            case .slot: takeSlot()
            case .request(let flight): arriveAtFarEnd(flight, at: now)
            case .reply(let flight): arriveHome(flight, at: now)
            }
            ring.drain { record in
                if keepsLog { log.append(record) }
                take(record)
            }
        }
        precondition(ring.overflow == 0)
        return Outcome(
            log: log,
            truths: truths,
            measuredRounds: plan.measuredRounds,
            missed: missed,
            notSent: notSent,
            refused: refused
        )
    }

    private mutating func takeSlot() {
        let slot = grid.next
        let tailsAnswered = streams.allSatisfy { !$0.wasAnswered || $0.tailAnswered }
        if slot.stream == 0, plan.ends(before: slot.round, tailsAnswered: tailsAnswered) {
            deadline = slot.at - Self.boot - scenario.interval + Self.replyTimeout
            return
        }
        send(slot)
        grid.advance()
        events.add(.slot, at: grid.next.at - Self.boot)
    }

    // MARK: - Sending

    private mutating func send(_ slot: SendGrid.Slot) {
        let index = slot.stream
        let part = plan.part(of: slot.round)
        if part == .tail, streams[index].tailStart == nil {
            streams[index].tailStart = streams[index].sender.nextSequence
        }
        let lateness = random.duration(upTo: scenario.timestamps.sendLateness)
        let now = slot.at - Self.boot + lateness
        let reading = Self.read(scenario, at: now)
        guard !fails(index, at: now, reading) else { return }
        noteStep(reading)
        let sequence = streams[index].sender.nextSequence
        let octets = streams[index].stamp(now: reading.wall, claim: scenario.localClaim)
        let stamped = now + random.duration(upTo: scenario.timestamps.processLatency)
        let leaves = stamped + random.duration(upTo: scenario.timestamps.kernel)
        truths[index].departures.append(leaves)
        depart(octets, stream: index, sequence: Int(sequence), at: leaves)
        if part == .leadIn, slot.round == Self.doubledRound {
            depart(octets, stream: index, sequence: Int(sequence), at: leaves + .microseconds(5))
        }
        streams[index].sender.commit()
        let number = UInt16(index)
        let at = origin.wall(at: reading.monotonic)
        ring.push(.sent(stream: number, sequence: sequence, at: at, lateness: lateness, measured: part == .measured))
        guard scenario.timestamps.localKernel else { return }
        let kernel = localTime(kernelStamp: stamped, readAt: stamped + .microseconds(5))
        ring.push(.transmitted(stream: number, sequence: sequence, at: kernel))
    }

    /// Whether this host fails to send, which is then recorded.
    private mutating func fails(_ stream: Int, at now: Nanoseconds, _ reading: ClockReading) -> Bool {
        let at = origin.wall(at: reading.monotonic)
        if scenario.probe.busy?.contains(now) ?? false {
            ring.push(PacketRecord(kind: .missed, stream: UInt16(stream), at: at))
            missed += 1
            return true
        }
        guard scenario.probe.interfaceDown?.contains(now) ?? false else { return false }
        noteStep(reading)
        ring.push(.sendFailed(stream: UInt16(stream), at: at, errno: ENETDOWN))
        notSent += 1
        return true
    }

    private mutating func depart(_ octets: [UInt8], stream: Int, sequence: Int, at now: Nanoseconds) {
        let arrivals = forward.carry(octets: octets.count, at: now)
        let flight = Flight(octets: octets, stream: stream, sequence: sequence, leftAt: now)
        for case let arrival? in [arrivals.first, arrivals.second] { events.add(.request(flight), at: arrival) }
    }

    private mutating func noteStep(_ reading: ClockReading) {
        let offset = Self.wallOffset(reading)
        let jump = offset - wallOffset
        wallOffset = offset
        guard jump.magnitude > .microseconds(200) else { return }
        var record = PacketRecord(kind: .clockStep, stream: 0, at: origin.wall(at: reading.monotonic))
        record.value = jump.count
        ring.push(record)
    }

    /// The run's own time of a kernel timestamp of this host, by the clocks as they were read later.
    private func localTime(kernelStamp: Nanoseconds, readAt now: Nanoseconds) -> WallInstant {
        let reading = Self.read(scenario, at: now)
        return origin.wall(at: reading.monotonic(at: scenario.localClock.reading(at: kernelStamp)))
    }

    // MARK: - Arrivals

    private mutating func arriveAtFarEnd(_ flight: Flight, at now: Nanoseconds) {
        guard let answer = reflector.answer(flight.octets, stream: flight.stream, at: now) else {
            refuse(flight.stream, at: now)
            return
        }
        var reply = flight
        reply.request = truths[flight.stream].requests.count
        reply.octets = answer.octets
        reply.leftAt = answer.leavesAt
        reply.stay = answer.leavesAt - now
        truths[flight.stream].requests.append(
            .init(sequence: flight.sequence, arrivedAt: now, delay: now - flight.leftAt)
        )
        let arrivals = reverse.carry(octets: reply.octets.count, at: reply.leftAt)
        for case let arrival? in [arrivals.first, arrivals.second] { events.add(.reply(reply), at: arrival) }
    }

    /// The far host says that nothing listens on the port.
    private mutating func refuse(_ stream: Int, at now: Nanoseconds) {
        let reading = Self.read(scenario, at: now)
        ring.push(
            .unreachable(
                stream: UInt16(stream),
                at: origin.wall(at: reading.monotonic),
                source: IPAddress(ipv4: 0xc000_0202),
                type: 3,
                code: 3,
                fromEndpoint: true
            )
        )
        refused += 1
    }

    private mutating func arriveHome(_ flight: Flight, at now: Nanoseconds) {
        if scenario.probe.interfaceDown?.contains(now) ?? false { return }
        let hasKernel = scenario.timestamps.localKernel
        let stamped = now + random.duration(upTo: scenario.timestamps.kernel)
        let readAt = stamped + random.duration(upTo: scenario.timestamps.processLatency)
        let reading = Self.read(scenario, at: readAt)
        noteStep(reading)
        let arrivedWall = hasKernel ? scenario.localClock.reading(at: stamped) : reading.wall
        let arrivedAt = origin.wall(at: reading.monotonic(at: arrivedWall))
        let number = UInt16(flight.stream)
        do throws(StampRefusal) {
            let reply = try streams[flight.stream].read(flight.octets, arrivedAt: arrivedWall)
            push(reply, stream: number, arrivedAt: arrivedAt, hasKernel: hasKernel)
            truths[flight.stream].replies.append(
                .init(
                    request: flight.request,
                    sequence: flight.sequence,
                    arrivedAt: now,
                    delay: now - flight.leftAt,
                    stay: flight.stay
                )
            )
        } catch {
            ring.push(.refused(stream: number, at: arrivedAt, reason: error))
        }
    }

    private func push(_ reply: SessionReply, stream: UInt16, arrivedAt: WallInstant, hasKernel: Bool) {
        ring.push(
            reply.record(
                stream: stream,
                arrivedAt: arrivedAt,
                kernelTimestamp: hasKernel,
                trafficClass: 46 << 2,
                timeToLive: 60
            )
        )
        if let followUp = reply.telemetry.followUp, let farSentAt = reply.followUpSentAt {
            ring.push(
                .farTransmitted(
                    stream: stream,
                    reflectorSequence: followUp.sequence,
                    at: arrivedAt,
                    farSentAt: farSentAt
                )
            )
        }
    }
}

/// One session-sender with its request buffer.
private struct SimulatedStream {
    var sender: SessionSender
    private var request: [UInt8]
    private(set) var wasAnswered = false
    var tailStart: UInt32?
    private(set) var tailAnswered = false

    init(_ scenario: Scenario) throws(TextRefusal) {
        let configuration = SessionSenderConfiguration(
            ssid: UInt16(truncatingIfNeeded: scenario.seed) | 1,
            payloadLength: 172,
            requestedDSCP: .expeditedForwarding,
            key: scenario.isAuthenticated ? SimulatedCheck.key : nil,
            interval: scenario.interval,
            replyTimeout: SimulatedCheck.replyTimeout
        )
        sender = try SessionSender(configuration)
        var octets = [UInt8](repeating: 0, count: configuration.payloadLength)
        var span = octets.mutableSpan
        sender.prepare(&span)
        request = octets
    }

    mutating func stamp(now: WallInstant, claim: Nanoseconds?) -> [UInt8] {
        let error = ErrorEstimate(synchronized: claim != nil, format: .ntp, error: claim ?? .seconds(16))
        var octets = request
        var span = octets.mutableSpan
        sender.stamp(&span, now: now, errorEstimate: error)
        request = octets
        return octets
    }

    mutating func read(_ octets: [UInt8], arrivedAt: WallInstant) throws(StampRefusal) -> SessionReply {
        let request = request
        let reply = try sender.read(octets.span, request: request.span, arrivedAt: arrivedAt)
        wasAnswered = true
        if let tailStart, Int32(bitPattern: reply.base.senderSequence &- tailStart) >= 0 { tailAnswered = true }
        return reply
    }
}
