import ProbeCore
import Units
import Wire

/// A session-sender with its request buffer, and arrays in place of spans.
struct ProbeSession {
    var sender: SessionSender
    var buffer: [UInt8]

    init(
        key: StampKey? = nil,
        payload: Int = 172,
        ssid: UInt16 = 0xbeef,
        requestedDSCP: DSCP = .expeditedForwarding,
        interval: Nanoseconds = .milliseconds(20),
        replyTimeout: Nanoseconds = .seconds(2)
    ) throws {
        let configuration = SessionSenderConfiguration(
            ssid: ssid,
            payloadLength: payload,
            requestedDSCP: requestedDSCP,
            key: key,
            interval: interval,
            replyTimeout: replyTimeout
        )
        let sender = try SessionSender(configuration)
        self.sender = sender
        buffer = zeros(payload).changed { sender.prepare(&$0) }
    }

    /// The next request, as it leaves.
    mutating func request(at now: WallInstant = .example, errorEstimate: ErrorEstimate = .example) -> [UInt8] {
        stampOnly(at: now, errorEstimate: errorEstimate)
        sender.commit()
        return buffer
    }

    /// A request that the kernel does not take.
    mutating func stampOnly(at now: WallInstant = .example, errorEstimate: ErrorEstimate = .example) {
        var octets = buffer
        var span = octets.mutableSpan
        sender.stamp(&span, now: now, errorEstimate: errorEstimate)
        buffer = octets
    }

    mutating func read(_ datagram: [UInt8], arrivedAt: WallInstant = .example) throws(StampRefusal) -> SessionReply {
        let request = buffer
        return try sender.read(datagram.span, request: request.span, arrivedAt: arrivedAt)
    }

    /// Nil where the datagram is taken for a reply.
    mutating func refusal(of datagram: [UInt8]) -> StampRefusal? {
        do throws(StampRefusal) {
            _ = try read(datagram)
            return nil
        } catch {
            return error
        }
    }
}

/// A reply as it leaves, and what the reflector says of it.
struct Answer {
    var octets: [UInt8]
    var reply: ReflectorReply
}

struct NotAnswered: Error, CustomStringConvertible {
    var description: String
}

extension StampKey {
    func verifiesBase(_ octets: [UInt8]) -> Bool { verifiesBase(octets.span) }
    func verifiesProtection(of octets: [UInt8], mode: StampMode) -> Bool {
        verifiesProtection(of: octets.span, mode: mode)
    }
}

extension RequestContext {
    static func example(
        source: IPAddress = .example(1),
        sourcePort: UInt16 = 40_000,
        destination: IPAddress = .example(2),
        destinationPort: UInt16 = 3478,
        receivedAt: WallInstant = .example + .milliseconds(20),
        trafficClass: UInt8 = 0,
        timeToLive: UInt8? = 64
    ) -> RequestContext {
        RequestContext(
            source: source,
            sourcePort: sourcePort,
            destination: destination,
            destinationPort: destinationPort,
            receivedAt: receivedAt,
            trafficClass: trafficClass,
            timeToLive: timeToLive
        )
    }
}

extension IPAddress {
    /// 192.0.2.n, set aside for examples.
    static func example(_ host: UInt32) -> IPAddress { IPAddress(ipv4: 0xc000_0200 | host) }
    /// 2001:db8::n, set aside for examples.
    static func example6(_ host: UInt64) -> IPAddress { IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: host) }
}

extension SessionReflector {
    static func example(
        key: StampKey? = nil,
        allowsShortRequests: Bool = false,
        capacity: Int = 64,
        packetsPerSecond: Int = 1_000_000,
        burst: Int = 1_000_000,
        clock: ReflectorClock = ReflectorClock(errorEstimate: .example, source: .ntp)
    ) -> SessionReflector {
        var generator = SeededGenerator(seed: 8762)
        return SessionReflector(
            policy: ReflectorPolicy(key: key, allowsShortRequests: allowsShortRequests, ownPorts: [3478, 50_000]),
            clock: clock,
            sessions: SessionTable(capacity: capacity, idleTimeout: .seconds(900), using: &generator),
            limiter: RateLimiter(packetsPerSecond: packetsPerSecond, burst: burst, sources: 16, using: &generator)
        )
    }

    /// Reflects a request in a buffer that still holds the octets of an earlier, longer datagram.
    mutating func answer(
        _ request: [UInt8],
        _ context: RequestContext = .example(),
        now: MonotonicInstant = MonotonicInstant(nanoseconds: 1_000_000_000),
        sentAt: WallInstant? = nil
    ) -> Answer? {
        var buffer = request + [UInt8](repeating: 0xee, count: 112)
        var span = buffer.mutableSpan
        guard let reply = reflect(&span, length: request.count, context: context, now: now) else { return nil }
        finish(&span, reply: reply, sentAt: sentAt ?? context.receivedAt + .milliseconds(1))
        return Answer(octets: Array(buffer.prefix(reply.length)), reply: reply)
    }

    /// The same, where a refusal would be a failure.
    mutating func mustAnswer(
        _ request: [UInt8],
        _ context: RequestContext = .example(),
        now: MonotonicInstant = MonotonicInstant(nanoseconds: 1_000_000_000),
        sentAt: WallInstant? = nil
    ) throws -> Answer {
        guard let answer = answer(request, context, now: now, sentAt: sentAt) else {
            throw NotAnswered(description: "refused: \(counters.refusals), \(request.count) octets")
        }
        return answer
    }

    /// The only reason for which anything was refused so far, and how often.
    var onlyRefusal: String? {
        counters.refusals.count == 1 ? counters.refusals.first.map { "\($0.code) \($0.count)" } : nil
    }

    var everyDatagramIsCounted: Bool {
        counters.received == counters.answered + counters.refused.reduce(0, +)
    }
}

/// Requests octet by octet, without the session-sender.
enum Request {
    /// Sequence number 5, T1 the example's, SSID 0xbeef, then `tlvs`.
    static func plain(sequence: UInt64 = 5, ssid: UInt64 = 0xbeef, _ tlvs: [UInt8] = []) -> [UInt8] {
        zeros(44).putting(sequence, 0..<4).putting(0xeef4_5080_1f9a_dd37, 4..<12).putting(0x1601, 12..<14)
            .putting(ssid, 14..<16) + tlvs
    }

    /// The same in authenticated mode, with both HMACs where `sealed` holds an HMAC TLV at that offset.
    static func authenticated(_ tlvs: [UInt8] = [], hmacAt offset: Int? = nil, key: StampKey = .example) -> [UInt8] {
        let base = zeros(112).putting(5, 0..<4).putting(0xeef4_5080_1f9a_dd37, 16..<24).putting(0x1601, 24..<26)
            .putting(0xbeef, 26..<28)
        return (base + tlvs).changed { packet in
            key.sealBase(&packet)
            guard let offset else { return }
            let tlv = TLV(flags: .unrecognized, type: .hmac, headerOffset: offset, length: 16)
            key.sealTLVs(in: &packet, mode: .authenticated, hmacAt: tlv)
        }
    }
}

/// One TLV of a packet as its header has it.
struct FoundTLV: Equatable {
    var flags: UInt8
    var type: UInt8
    var value: [UInt8]

    /// Walks the TLVs of a packet; what does not fit ends the walk.
    static func all(in packet: [UInt8], from start: Int) -> [FoundTLV] {
        var found: [FoundTLV] = []
        var offset = start
        while packet.count - offset >= 4 {
            let length = Int(packet.integer(offset + 2..<offset + 4))
            guard offset + 4 + length <= packet.count else { break }
            let value = Array(packet[offset + 4..<offset + 4 + length])
            found.append(FoundTLV(flags: packet[offset], type: packet[offset + 1], value: value))
            offset += 4 + length
        }
        return found
    }
}
