import ProbeCore
import Units
import Wire

/// A session-sender and a session-reflector without a network between them, with the default payload and TLVs.
struct Exchange {
    private static let payload = 182
    private static let epoch = WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_000_000_000)
    private static let interval = Nanoseconds.milliseconds(20)

    private var sender: SessionSender
    private var reflector: SessionReflector
    /// At a fixed place, as the probe thread has it. Never freed: the program ends with its work.
    private let request: UnsafeMutableBufferPointer<UInt8>

    private static func estimate() -> ErrorEstimate {
        ErrorEstimate(synchronized: true, format: .ntp, error: .milliseconds(1))
    }

    init(isAuthenticated: Bool) {
        let key = isAuthenticated ? StampKey(Array(0..<32)) : nil
        let configuration = SessionSenderConfiguration(
            ssid: 7,
            payloadLength: Self.payload,
            requestedDSCP: .bestEffort,
            key: key,
            interval: Self.interval,
            replyTimeout: .seconds(2)
        )
        guard let sender = try? SessionSender(configuration) else { fatalError("the default payload is too short") }
        self.sender = sender
        var generator = FixedGenerator(state: 1)
        reflector = SessionReflector(
            policy: ReflectorPolicy(key: key, ownPorts: [3478]),
            clock: ReflectorClock(errorEstimate: Self.estimate(), source: .ntp),
            sessions: SessionTable(capacity: 1_024, idleTimeout: .seconds(900), using: &generator),
            limiter: RateLimiter(packetsPerSecond: 1_000_000, burst: 1_000, using: &generator)
        )
        request = .allocate(capacity: Self.payload)
        request.initialize(repeating: 0)
        var span = request.mutableSpan
        sender.prepare(&span)
    }

    /// Stamps and commits a packet so often.
    consuming func send(_ count: Int) {
        for number in 0..<count { stamp(at: Self.epoch + Self.interval * Int64(number)) }
    }

    /// Reads the same reply, and makes its record, so often.
    consuming func read(_ count: Int) {
        stamp(at: Self.epoch)
        var reply = Array(request)
        answer(&reply, number: 0)
        for _ in 0..<count {
            guard let read = try? sender.read(reply.span, request: request.span, arrivedAt: Self.epoch) else {
                fatalError("a good reply was refused")
            }
            let record = read.record(
                stream: 0,
                arrivedAt: Self.epoch,
                kernelTimestamp: true,
                trafficClass: 0,
                timeToLive: 64
            )
            precondition(record.kind == .reply)
        }
    }

    /// Copies the same request into place and turns it into its reply so often.
    consuming func reflect(_ count: Int) {
        stamp(at: Self.epoch)
        var packet = Array(request)
        for number in 0..<count {
            for offset in packet.indices { packet[offset] = request[offset] }
            answer(&packet, number: number)
        }
    }

    private mutating func stamp(at instant: WallInstant) {
        var span = request.mutableSpan
        sender.stamp(&span, now: instant, errorEstimate: Self.estimate())
        sender.commit()
    }

    private mutating func answer(_ packet: inout [UInt8], number: Int) {
        let at = Self.epoch + Nanoseconds.microseconds(50) * Int64(number)
        let context = RequestContext(
            source: IPAddress(ipv4: 0x0a4d_0001),
            sourcePort: 50_000,
            destination: IPAddress(ipv4: 0x0a4d_0002),
            destinationPort: 3_478,
            receivedAt: at,
            trafficClass: 0,
            timeToLive: 255
        )
        let now = MonotonicInstant(nanoseconds: 1_000_000_000) + Nanoseconds.microseconds(50) * Int64(number)
        var span = packet.mutableSpan
        guard let reply = reflector.reflect(&span, length: Self.payload, context: context, now: now) else {
            fatalError("a good request was refused")
        }
        reflector.finish(&span, reply: reply, sentAt: at)
        reflector.noteTransmission(slot: reply.slot, sequence: reply.sequence, at: at)
    }
}
