import CLinux
import Glibc
import ProbeCore
import Synchronization
import Units
import Wire

/// The reflector thread's loop: reads a batch of requests from a socket, turns each into its reply in place, stamps
/// them, and sends the batch back. Nothing is allocated once it runs.
struct ReflectorLoop: ~Copyable {
    /// One listening socket.
    private struct Listener {
        var descriptor: Int32
        var family: IPAddress.Family
        var port: UInt16
        var drops: UInt32 = 0
        /// The key that the kernel gives the next transmit timestamp (SOF_TIMESTAMPING_OPT_ID).
        var nextKey: UInt32 = 0
    }

    /// A reply whose transmit timestamp is awaited.
    private struct Awaited {
        var slot = 0
        var sequence: UInt32 = 0
        var sentAt = WallInstant(nanosecondsSinceUnixEpoch: 0)
    }

    private static let wakeToken = Poller.Token.max
    private static let batchSize = 64
    private static let bufferLength = 9_216
    /// How many replies per socket may await their transmit timestamp.
    private static let awaitedCount = 1_024

    private let signals: ReflectorSignals
    private let clock = SystemClock()
    private let poller: Poller
    private let wakeNumber: Int32
    private let sockets: SocketList
    private var listeners: [Listener]
    private var awaited: [Awaited]
    private var replies: [ReflectorReply?]
    private var batch = MessageBatch(capacity: batchSize, bufferLength: bufferLength)
    private var errors = MessageBatch(capacity: batchSize, bufferLength: 256)
    private var reflector: SessionReflector
    private let fixedClock: ReflectorClock?
    private var clockReadAt: MonotonicInstant
    private var clockReading: ReflectorClockReading

    init(_ plan: ReflectorPlan, signals: ReflectorSignals, waker: Int32) throws(SystemError) {
        let poller = try Poller()
        try poller.add(waker, token: Self.wakeToken)
        var sockets = SocketList()
        var listeners: [Listener] = []
        for address in plan.listen {
            let socket = try Self.open(address)
            try poller.add(socket.number, token: Poller.Token(listeners.count))
            listeners.append(
                Listener(descriptor: socket.number, family: address.address.family, port: address.port)
            )
            sockets.append(socket)
        }
        var generator = SystemRandomNumberGenerator()
        let now = clock.monotonic()
        var clockReading = ReflectorClockReading()
        let told = clockReading.clock(at: now)
        reflector = SessionReflector(
            policy: plan.policy,
            clock: plan.clock ?? told,
            sessions: SessionTable(
                capacity: plan.sessionCapacity,
                idleTimeout: plan.idleTimeout,
                using: &generator
            ),
            limiter: RateLimiter(packetsPerSecond: plan.packetsPerSecond, burst: plan.burst, using: &generator)
        )
        fixedClock = plan.clock
        clockReadAt = now
        self.clockReading = clockReading
        self.signals = signals
        self.poller = poller
        self.sockets = sockets
        self.listeners = listeners
        wakeNumber = waker
        awaited = Array(repeating: Awaited(), count: Self.awaitedCount * listeners.count)
        replies = Array(repeating: nil, count: Self.batchSize)
    }

    private static func open(_ address: SocketAddress) throws(SystemError) -> UDPSocket {
        let socket = try UDPSocket(family: address.address.family)
        if socket.family == .ipv6 {
            try socket.set(Int32(IPPROTO_IPV6), Int32(IPV6_V6ONLY), 1, "IPV6_V6ONLY")
            try socket.set(Int32(IPPROTO_IPV6), Int32(IPV6_RECVPKTINFO), 1, "IPV6_RECVPKTINFO")
        } else {
            try socket.set(Int32(IPPROTO_IP), Int32(IP_PKTINFO), 1, "IP_PKTINFO")
        }
        try socket.enableReception(transmitTimestamps: false)
        try socket.enableTransmitTimestampsOnRequest()
        try socket.mark(.bestEffort)
        socket.enlargeReceiveBuffer(4 << 20)
        try socket.bind(to: address)
        return socket
    }

    var status: ReflectorStatus {
        ReflectorStatus(
            counters: reflector.counters,
            sessions: reflector.sessionCount,
            evictedSessions: reflector.evictedSessions
        )
    }

    mutating func run() {
        while !signals.stopRequested.load(ordering: .acquiring) {
            // Without a time limit: arming a timer for every wait costs more than what it would be for.
            let events = poller.wait(nil)
            let now = clock.monotonic()
            refreshClock(now)
            for event in 0..<events {
                let token = poller.token(event)
                if token == Self.wakeToken {
                    publishStatus()
                } else {
                    if poller.hasError(event) { readTransmitTimestamps(Int(token)) }
                    if poller.isReadable(event) { serve(Int(token), now: now) }
                }
            }
        }
    }

    private func publishStatus() {
        var value: UInt64 = 0
        _ = read(wakeNumber, &value, MemoryLayout<UInt64>.size)
        let wanted = signals.statusWanted.load(ordering: .acquiring)
        guard signals.statusGiven.load(ordering: .relaxed) != wanted else { return }
        let status = status
        signals.status.withLock { $0 = status }
        signals.statusGiven.store(wanted, ordering: .releasing)
    }

    private mutating func refreshClock(_ now: MonotonicInstant) {
        guard fixedClock == nil, now - clockReadAt >= .seconds(1) else { return }
        clockReadAt = now
        reflector.clock = clockReading.clock(at: now)
    }

    // MARK: - Requests

    private mutating func serve(_ index: Int, now: MonotonicInstant) {
        let count = batch.receive(from: listeners[index].descriptor)
        guard count > 0 else { return }
        var ready = 0
        for message in 0..<count {
            guard let reply = reflect(message, listener: index, now: now) else { continue }
            batch.exchange(ready, message)
            replies[ready] = reply
            ready += 1
        }
        // Most drivers stamp a datagram inside the send call: reading now saves being woken for it.
        if sendReplies(ready, listener: index) { readTransmitTimestamps(index) }
    }

    /// - Returns: nil when the request is refused.
    private mutating func reflect(_ message: Int, listener: Int, now: MonotonicInstant) -> ReflectorReply? {
        let control = batch.controlMessages(message)
        if let drops = control.drops, drops != listeners[listener].drops {
            reflector.counters.socketDrops &+= Int(drops &- listeners[listener].drops)
            listeners[listener].drops = drops
        }
        guard !batch.isTruncated(message) else {
            reflector.refuseTruncated()
            return nil
        }
        guard let source = batch.peer(message), let destination = control.destination else { return nil }
        let context = RequestContext(
            source: source.address,
            sourcePort: source.port,
            destination: destination,
            destinationPort: listeners[listener].port,
            receivedAt: control.timestamp ?? clock.wall(),
            trafficClass: control.trafficClass ?? 0,
            timeToLive: control.timeToLive
        )
        let length = batch.length(message)
        let buffer = batch.payload(message, length: batch.bufferLength)
        var packet = buffer.mutableSpan
        guard let reply = reflector.reflect(&packet, length: length, context: context, now: now) else {
            return nil
        }
        batch.prepareReply(message, length: reply.length) { writer in
            writer.appendSource(destination, interface: control.interface)
            writer.appendTrafficClass(reply.trafficClass, family: destination.family)
            if reply.wantsTransmitTimestamp { writer.appendTransmitTimestampRequest() }
        }
        return reply
    }

    // MARK: - Replies

    /// - Returns: whether a transmit timestamp is wanted of any.
    private mutating func sendReplies(_ count: Int, listener: Int) -> Bool {
        var first = 0
        let wantsTimestamps = stamp(0..<count, listener: listener)
        while first < count {
            let (sent, reason) = batch.send(to: listeners[listener].descriptor, first: first, count: count - first)
            first += sent
            guard sent == 0 else { continue }
            // An ICMP error for an earlier reply fails one call without sending; everything else costs this reply.
            if reason == ECONNREFUSED || reason == EHOSTUNREACH || reason == EINTR { continue }
            reflector.counters.sendFailures &+= 1
            first += 1
        }
        return wantsTimestamps
    }

    /// - Returns: whether a transmit timestamp is wanted of any.
    private mutating func stamp(_ range: Range<Int>, listener: Int) -> Bool {
        var wantsTimestamps = false
        for index in range {
            guard let reply = replies[index] else { continue }
            let sentAt = clock.wall()
            var packet = batch.payload(index, length: reply.length).mutableSpan
            reflector.finish(&packet, reply: reply, sentAt: sentAt)
            guard reply.wantsTransmitTimestamp else { continue }
            wantsTimestamps = true
            let key = Int(listeners[listener].nextKey) & (Self.awaitedCount - 1)
            awaited[listener * Self.awaitedCount + key] = Awaited(
                slot: reply.slot,
                sequence: reply.sequence,
                sentAt: sentAt
            )
            listeners[listener].nextKey &+= 1
        }
        return wantsTimestamps
    }

    private mutating func readTransmitTimestamps(_ index: Int) {
        while true {
            let count = errors.receive(from: listeners[index].descriptor, flags: Int32(MSG_ERRQUEUE))
            for message in 0..<count {
                let control = errors.controlMessages(message)
                guard let error = control.error, let timestamp = control.timestamp,
                    Int32(error.ee_origin) == SO_EE_ORIGIN_TIMESTAMPING
                else { continue }
                note(timestamp, key: error.ee_data, listener: index)
            }
            // A batch that was not filled has emptied the queue.
            guard count == errors.capacity else { return }
        }
    }

    /// Takes a transmit timestamp only where it fits the reply it is said to be of: a send that failed may have
    /// shifted the kernel's keys against ours, and they are then set right.
    private mutating func note(_ timestamp: WallInstant, key: UInt32, listener: Int) {
        let entry = awaited[listener * Self.awaitedCount + Int(key) & (Self.awaitedCount - 1)]
        let delay = timestamp - entry.sentAt
        if delay > .microseconds(-1), delay < .milliseconds(10) {
            reflector.noteTransmission(slot: entry.slot, sequence: entry.sequence, at: timestamp)
        } else {
            listeners[listener].nextKey = key &+ 1
        }
    }
}
