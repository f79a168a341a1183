import CLinux
import Glibc
import ProbeCore
import Synchronization
import Units
import Wire

/// The probe thread's loop: sends on the grid, reads replies, transmit timestamps and ICMP errors, and writes a
/// record of each into the ring. Nothing is allocated once it runs.
struct ProbeLoop: ~Copyable {
    private static let wakeToken = Poller.Token.max
    /// How long before a slot the thread stops sleeping and watches the clock instead: about what a wake-up is late.
    private static let wakeMargin = Nanoseconds.microseconds(150)
    /// How long a dense run leaves what has come to a socket: several datagrams are then read with one call.
    private static let denseReading = Nanoseconds.milliseconds(80)
    private static let batchSize = 32
    /// The round of the lead-in whose packets are sent twice.
    private static let doubledRound = 1
    /// Link, network and transport headers that the kernel puts before a looped packet.
    private static let headerRoom = 128

    private let clock: SystemClock
    private let origin: ClockReading
    let ring: PacketRing
    private let signals: ProbeSignals
    private let poller: Poller
    private let wakeNumber: Int32
    private var batch: MessageBatch
    var streams: ProbeStreams
    private var plan: RunPlan
    private let interval: Nanoseconds
    /// The slots lie so close together that watching the clock before each would leave no time to read, nor for
    /// anything else: the kernel takes 50 ms a second from a real-time thread that never sleeps. Each socket is then
    /// read by turns instead, after every so many of its sends; nil where slots are not dense.
    private let roundsPerReading: Int?
    private let replyTimeout: Nanoseconds
    private let errorEstimate: ErrorEstimate
    /// Wall minus monotonic clock as last seen.
    private var wallOffset: Nanoseconds
    private var socketDrops = 0

    init(
        _ plan: ProbePlan,
        clock: SystemClock,
        origin: ClockReading,
        ring: PacketRing,
        signals: ProbeSignals,
        waker: Int32
    ) throws {
        precondition(!plan.streams.isEmpty && plan.streams.count <= Int(UInt16.max))
        let poller = try Poller()
        try poller.add(waker, token: Self.wakeToken)
        var streams = ProbeStreams(capacity: plan.streams.count)
        for stream in plan.streams {
            let index = streams.count
            streams.append(try ProbeStream(stream, interval: plan.interval, phase: index))
            try poller.add(streams[index].socket.number, token: Poller.Token(index))
        }
        self.clock = clock
        self.origin = origin
        self.ring = ring
        self.signals = signals
        self.plan = plan.run
        self.poller = poller
        self.streams = streams
        interval = plan.interval
        let isDense = plan.interval / Int64(plan.streams.count) < Self.wakeMargin * 2
        roundsPerReading = isDense ? max(1, Int(Self.denseReading.count / max(1, plan.interval.count))) : nil
        replyTimeout = plan.replyTimeout
        errorEstimate = plan.errorEstimate
        wakeNumber = waker
        wallOffset = Self.offset(origin)
        let longest = plan.streams.map(\.probe.payloadLength).max() ?? 0
        batch = MessageBatch(capacity: Self.batchSize, bufferLength: max(2_048, longest + Self.headerRoom))
    }

    private static func offset(_ reading: ClockReading) -> Nanoseconds {
        Nanoseconds(reading.wall.nanosecondsSinceUnixEpoch) - Nanoseconds(reading.monotonic.nanoseconds)
    }

    var localAddresses: [SocketAddress?] { (0..<streams.count).map { streams[$0].socket.localAddress() } }

    var outcome: ProbeOutcome { ProbeOutcome(measuredRounds: plan.measuredRounds, socketDrops: socketDrops) }

    var keptReplies: [[UInt8]?] { (0..<streams.count).map { streams[$0].relay?.keptReply } }

    // MARK: - The run

    mutating func run() {
        var grid = SendGrid(start: clock.monotonic() + .milliseconds(20), interval: interval, streams: streams.count)
        var lastSend = grid.start
        while !signals.abandonRequested.load(ordering: .acquiring) {
            let slot = grid.next
            if signals.stopRequested.load(ordering: .acquiring) { plan.cut(at: slot.round) }
            if slot.stream == 0, plan.ends(before: slot.round, tailsAnswered: tailsAnswered) { break }
            guard streams[slot.stream].isDue(in: slot.round) else {
                grid.advance()
                continue
            }
            wait(until: slot.at)
            if clock.monotonic() < slot.at { continue }
            send(slot)
            streams[slot.stream].tookTurn(in: slot.round)
            lastSend = slot.at
            grid.advance()
            if let rounds = roundsPerReading, (slot.round + slot.stream) % rounds == 0 {
                readErrors(slot.stream)
                readReplies(slot.stream)
            }
        }
        drain(until: lastSend + replyTimeout)
    }

    private var tailsAnswered: Bool {
        for index in 0..<streams.count {
            // One whose turn does not come in so short a time as the tail's is not waited for.
            let hasTail = streams[index].wasAnswered && streams[index].tailStart != nil
            if hasTail, !streams[index].tailAnswered { return false }
        }
        return true
    }

    private var awaitsReplies: Bool {
        for index in 0..<streams.count where streams[index].sender.awaitsReplies { return true }
        return false
    }

    /// Reads on until every packet is answered, or none can be any more.
    private mutating func drain(until deadline: MonotonicInstant) {
        while awaitsReplies, !signals.abandonRequested.load(ordering: .acquiring) {
            let left = deadline - clock.monotonic()
            guard left > .zero else { break }
            read(poller.wait(min(left, .milliseconds(100))))
        }
        // Transmit timestamps of the last packets may still lie in the error queues.
        for index in 0..<streams.count { readErrors(index) }
        for index in 0..<streams.count where streams[index].relay?.holdsAllocation == true { release(index) }
    }

    /// Reads what comes until shortly before the slot, then watches the clock. Returns early when told to stop.
    ///
    /// Where slots are dense it sleeps up to the slot itself, a wake-up's error late.
    private mutating func wait(until instant: MonotonicInstant) {
        while true {
            let left = instant - clock.monotonic()
            if left <= .zero { return }
            if roundsPerReading != nil {
                clock.sleep(until: instant)
            } else if left > Self.wakeMargin {
                read(poller.wait(left - Self.wakeMargin))
            } else {
                continue
            }
            if signals.stopRequested.load(ordering: .relaxed) || signals.abandonRequested.load(ordering: .relaxed) {
                return
            }
        }
    }

    // MARK: - Sending

    private mutating func send(_ slot: SendGrid.Slot) {
        let index = slot.stream
        let number = UInt16(truncatingIfNeeded: index)
        let part = plan.part(of: slot.round)
        if part == .tail, streams[index].tailStart == nil {
            streams[index].tailStart = streams[index].sender.nextSequence
        }
        let reading = clock.read()
        let at = origin.wall(at: reading.monotonic)
        let lateness = reading.monotonic - slot.at
        guard lateness < interval else {
            ring.push(PacketRecord(kind: .missed, stream: number, at: at))
            return
        }
        noteStep(reading)
        noteRequest(index, at: at)
        var packet = streams[index].request.octets.mutableSpan
        streams[index].sender.stamp(&packet, now: reading.wall, errorEstimate: errorEstimate)
        if let reason = transmit(index) {
            ring.push(.sendFailed(stream: number, at: at, errno: reason))
            return
        }
        // Twice with the same number, in a part that does not count: a stateful reflector's own numbers move ahead of
        // ours by one, a stateless one's never do. Only so can losses be told apart by direction from the first.
        if part == .leadIn, slot.round == Self.doubledRound, !streams[index].sender.isStun { _ = transmit(index) }
        let sequence = streams[index].sender.nextSequence
        streams[index].sender.commit()
        ring.push(
            .sent(stream: number, sequence: sequence, at: at, lateness: lateness, measured: part == .measured)
        )
    }

    /// Gives back what a server allocated, as well-behaved clients do; it may get lost, and then the server forgets.
    private mutating func release(_ index: Int) {
        var packet = streams[index].request.octets.mutableSpan
        guard packet.count >= StunRequest.release.length else { return }
        streams[index].sender.writeRelease(&packet)
        _ = transmit(index)
    }

    /// - Returns: nil when the packet left, else why not.
    private mutating func transmit(_ index: Int) -> Int32? {
        let request = streams[index].request.octets
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        var reason: Int32 = 0
        // An ICMP error for an earlier packet fails the next call, which does not send: once more then, as often as
        // several of them wait.
        for _ in 0..<4 {
            if Glibc.send(streams[index].socket.number, request.baseAddress, request.count, flags) >= 0 { return nil }
            reason = errno
            guard
                reason == ECONNREFUSED || reason == EHOSTUNREACH || reason == ENETUNREACH || reason == EINTR
                    || reason == EACCES || reason == EPROTO
            else { return reason }
        }
        return reason
    }

    /// The wall clock moves evenly with the monotonic one unless it is stepped.
    private mutating func noteStep(_ reading: ClockReading) {
        let offset = Self.offset(reading)
        let jump = offset - wallOffset
        wallOffset = offset
        guard jump.magnitude > .microseconds(200) else { return }
        var record = PacketRecord(kind: .clockStep, stream: 0, at: origin.wall(at: reading.monotonic))
        record.value = jump.count
        ring.push(record)
    }

    // MARK: - Receiving

    private mutating func read(_ events: Int) {
        for event in 0..<events {
            let token = poller.token(event)
            if token == Self.wakeToken {
                var value: UInt64 = 0
                _ = Glibc.read(wakeNumber, &value, MemoryLayout<UInt64>.size)
                continue
            }
            let index = Int(token)
            if poller.hasError(event) { readErrors(index) }
            if poller.isReadable(event) { readReplies(index) }
        }
    }

    private mutating func readReplies(_ index: Int) {
        let count = batch.receive(from: streams[index].socket.number)
        guard count > 0 else { return }
        let reading = clock.read()
        noteStep(reading)
        for message in 0..<count { readReply(message, of: index, reading: reading) }
    }

    private mutating func readReply(_ message: Int, of index: Int, reading: ClockReading) {
        let number = UInt16(truncatingIfNeeded: index)
        let control = batch.controlMessages(message)
        if let drops = control.drops, drops != streams[index].drops {
            socketDrops += Int(drops &- streams[index].drops)
            streams[index].drops = drops
            signals.socketDrops.store(socketDrops, ordering: .relaxed)
        }
        let arrivedWall = control.timestamp ?? reading.wall
        let arrivedAt = origin.wall(at: reading.monotonic(at: arrivedWall))
        let datagram = batch.payload(message, length: min(batch.length(message), batch.bufferLength))
        guard !streams[index].sender.isStun else {
            return readStunReply(datagram, of: index, arrivedAt: arrivedAt, control: control)
        }
        do throws(StampRefusal) {
            let read = try streams[index].sender.readStamp(
                datagram.span,
                request: streams[index].request.octets.span,
                arrivedAt: arrivedWall
            )
            guard let reply = read else { return }
            push(reply, arrivedAt: arrivedAt, control: control, stream: number)
            noteAnswer(index, sequence: reply.base.senderSequence)
            if let location = reply.telemetry.location, let address = location.source.address {
                let source = TransportAddress(address: address, port: location.sourcePort)
                noteReflexive(index, source, sequence: reply.base.senderSequence, at: arrivedAt)
            }
        } catch {
            ring.push(.refused(stream: number, at: arrivedAt, reason: error))
        }
    }

    mutating func noteAnswer(_ index: Int, sequence: UInt32) {
        streams[index].wasAnswered = true
        if let tail = streams[index].tailStart, Int32(bitPattern: sequence &- tail) >= 0 {
            streams[index].tailAnswered = true
        }
    }

    mutating func noteReflexive(
        _ index: Int,
        _ address: TransportAddress,
        sequence: UInt32,
        at: WallInstant
    ) {
        guard streams[index].reflexive.isNews(address, sequence: sequence) else { return }
        let number = UInt16(truncatingIfNeeded: index)
        ring.push(.reflexive(stream: number, sequence: sequence, at: at, address: address))
    }

    private func push(_ reply: SessionReply, arrivedAt: WallInstant, control: ControlMessages, stream: UInt16) {
        ring.push(
            reply.record(
                stream: stream,
                arrivedAt: arrivedAt,
                kernelTimestamp: control.timestamp != nil,
                trafficClass: control.trafficClass ?? 0,
                timeToLive: control.timeToLive ?? 0
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

    /// Transmit timestamps and ICMP errors.
    private mutating func readErrors(_ index: Int) {
        while true {
            let count = batch.receive(from: streams[index].socket.number, flags: Int32(MSG_ERRQUEUE))
            // Nothing there, yet woken for it: an error without a message, which would wake the thread for ever.
            guard count > 0 else { return streams[index].socket.clearError() }
            let reading = clock.read()
            for message in 0..<count { readError(message, of: index, reading: reading) }
            if count < batch.capacity { return }
        }
    }

    private mutating func readError(_ message: Int, of index: Int, reading: ClockReading) {
        let control = batch.controlMessages(message)
        guard let error = control.error else { return }
        let number = UInt16(truncatingIfNeeded: index)
        let isICMP = Int32(error.ee_origin) == SO_EE_ORIGIN_ICMP || Int32(error.ee_origin) == SO_EE_ORIGIN_ICMP6
        if Int32(error.ee_origin) == SO_EE_ORIGIN_TIMESTAMPING, let timestamp = control.timestamp {
            // The packet comes back with all its headers in front: its payload is what it ends with.
            let length = batch.length(message)
            let payload = streams[index].request.octets.count
            guard length >= payload, length <= batch.bufferLength else { return }
            let packet = batch.payload(message, length: length).span.extracting(last: payload)
            guard let sequence = streams[index].sender.sequence(ofRequest: packet) else { return }
            let at = origin.wall(at: reading.monotonic(at: timestamp))
            ring.push(.transmitted(stream: number, sequence: sequence, at: at))
        } else if isICMP, let offender = control.offender {
            ring.push(
                .unreachable(
                    stream: number,
                    at: origin.wall(at: reading.monotonic),
                    source: offender.address,
                    type: error.ee_type,
                    code: error.ee_code,
                    fromEndpoint: offender.address == streams[index].destination.address
                )
            )
        }
    }
}
