import Units
import Wire

/// What one session-sender asks of its session-reflector, fixed for a run.
public struct SessionSenderConfiguration: Sendable {
    public var ssid: UInt16
    /// UDP payload octets of every request.
    public var payloadLength: Int
    /// The mark asked for on the replies (Class of Service TLV).
    public var requestedDSCP: DSCP
    /// Authenticated mode with this key; unauthenticated without.
    public var key: StampKey?
    public var interval: Nanoseconds
    public var replyTimeout: Nanoseconds

    public init(
        ssid: UInt16,
        payloadLength: Int,
        requestedDSCP: DSCP,
        key: StampKey?,
        interval: Nanoseconds,
        replyTimeout: Nanoseconds
    ) {
        self.ssid = ssid
        self.payloadLength = payloadLength
        self.requestedDSCP = requestedDSCP
        self.key = key
        self.interval = interval
        self.replyTimeout = replyTimeout
    }

    public var mode: StampMode { key == nil ? .unauthenticated : .authenticated }
}

/// A STAMP session-sender (RFC 8762 §4.2) as a state machine: it writes requests and reads replies, and never
/// touches a clock or a socket.
public struct SessionSender: Sendable {
    private struct Outstanding {
        /// The timestamp that the request carried.
        var timestamp: UInt64
        var answered: Bool
    }

    public let configuration: SessionSenderConfiguration
    public let layout: RequestLayout
    private var sentCount = 0
    /// The latest requests by sequence number modulo the count: twice as many as may still be answered.
    private var latest: [Outstanding]

    /// - Throws: ``TextRefusal`` when the payload is too short for the mode or too long.
    public init(_ configuration: SessionSenderConfiguration) throws(TextRefusal) {
        self.configuration = configuration
        layout = try RequestLayout(payloadLength: configuration.payloadLength, mode: configuration.mode)
        let wanted = (configuration.replyTimeout / max(1, configuration.interval.count) * 2).count
        var count = 64
        while count < wanted, count < 65_536 { count *= 2 }
        latest = Array(repeating: Outstanding(timestamp: 0, answered: true), count: count)
    }

    /// The sequence number of the next request.
    public var nextSequence: UInt32 { UInt32(truncatingIfNeeded: sentCount) }

    private func place(_ sequence: UInt32) -> Int { Int(sequence) & (latest.count - 1) }

    /// Writes everything of a request that stays the same from packet to packet. `packet` is `payloadLength` long.
    public func prepare(_ packet: inout MutableSpan<UInt8>) {
        layout.write(into: &packet, requestedDSCP: configuration.requestedDSCP)
    }

    /// Turns a prepared buffer into the next request, stamped with `now` by this host's wall clock.
    ///
    /// The sequence number is used up only by ``commit()``, so that a packet that the kernel refuses leaves no gap.
    public mutating func stamp(_ packet: inout MutableSpan<UInt8>, now: WallInstant, errorEstimate: ErrorEstimate) {
        let timestamp = StampTimestamp(now, format: .ntp)
        let base = SessionSenderPacket(
            sequence: nextSequence,
            timestamp: timestamp,
            errorEstimate: errorEstimate,
            ssid: configuration.ssid
        )
        base.write(into: &packet, mode: configuration.mode)
        if let key = configuration.key { layout.seal(&packet, key: key) }
        latest[place(nextSequence)] = Outstanding(timestamp: timestamp.rawValue, answered: true)
    }

    /// The request last stamped has left.
    public mutating func commit() {
        latest[place(nextSequence)].answered = false
        sentCount &+= 1
    }

    /// Which request a packet is, as the kernel hands it back; nil when it is too short to be one.
    public static func sequence(ofRequest packet: Span<UInt8>) -> UInt32? {
        guard packet.count >= 4 else { return nil }
        return UInt32(bigEndian: packet.bytes.unsafeLoadUnaligned(as: UInt32.self))
    }

    /// Whether any of the latest requests, as many as the reply timeout spans, has not been answered.
    public var awaitsReplies: Bool { latest.contains { !$0.answered } }

    /// Reads a datagram that came to this session's socket. A reply to a request so old that what it carried is no
    /// longer remembered, which is at least twice the reply timeout, is refused like one to a request never sent:
    /// nothing would tell it from a forgery.
    ///
    /// - Parameters:
    ///   - request: the session's request buffer, whose TLVs tell what must stand where.
    ///   - arrivedAt: T4 by this host's wall clock: decides only which era a far timestamp belongs to.
    /// - Throws: ``StampRefusal`` when it is not a reply to one of this session's requests.
    public mutating func read(
        _ datagram: Span<UInt8>,
        request: Span<UInt8>,
        arrivedAt: WallInstant
    ) throws(StampRefusal) -> SessionReply {
        if let key = configuration.key {
            guard datagram.count >= StampMode.authenticated.baseLength else { throw .tooShort }
            guard key.verifiesBase(datagram) else { throw .authenticationFailed }
        }
        let reply = try SessionReflectorPacket(parsing: datagram, mode: configuration.mode)
        guard reply.ssid == configuration.ssid || reply.ssid == 0 else { throw .foreignSession }
        // The oldest place is the next request's: stamping it writes there before it is sent.
        let age = Int(nextSequence &- reply.senderSequence)
        guard age > 0, age <= sentCount, age < latest.count else { throw .unknownSequence }
        guard reply.senderTimestamp.rawValue == latest[place(reply.senderSequence)].timestamp else {
            throw .alteredCopy
        }
        latest[place(reply.senderSequence)].answered = true
        return SessionReply(
            base: reply,
            arrivedAt: arrivedAt,
            telemetry: reply.ssid == 0 && configuration.ssid != 0
                ? .empty
                : ReplyTelemetry(reading: datagram, request: request, mode: configuration.mode, key: configuration.key),
            hasUnequalLength: datagram.count != configuration.payloadLength
        )
    }
}

/// A valid reply: what a session-sender read in it.
public struct SessionReply: Sendable {
    public var base: SessionReflectorPacket
    public var telemetry: ReplyTelemetry
    /// T2 and T3 by the far end's clock; nil when it gave none.
    public var farReceivedAt: WallInstant?
    public var farSentAt: WallInstant?
    /// When an earlier reply truly left the far end, by its clock (Follow-Up Telemetry).
    public var followUpSentAt: WallInstant?
    public var hasUnequalLength: Bool

    init(
        base: SessionReflectorPacket,
        arrivedAt: WallInstant,
        telemetry: ReplyTelemetry,
        hasUnequalLength: Bool
    ) {
        let format = base.errorEstimate.format
        self.base = base
        self.telemetry = telemetry
        self.hasUnequalLength = hasUnequalLength
        farReceivedAt = base.receiveTimestamp.wallInstant(format: format, near: arrivedAt)
        farSentAt = base.timestamp.wallInstant(format: format, near: arrivedAt)
        followUpSentAt = telemetry.followUp?.timestamp.wallInstant(format: format, near: arrivedAt)
    }

    /// The record of this reply, which arrived at `arrivedAt` by the run's own clock.
    public func record(
        stream: UInt16,
        arrivedAt: WallInstant,
        kernelTimestamp: Bool,
        trafficClass: UInt8,
        timeToLive: UInt8
    ) -> PacketRecord {
        var record = PacketRecord(kind: .reply, stream: stream, at: arrivedAt)
        record.sequence = base.senderSequence
        record.reflectorSequence = base.sequence
        record.trafficClass = trafficClass
        record.timeToLive = timeToLive
        record.farTimeToLive = base.senderTTL ?? 0
        if kernelTimestamp { record.flags.insert(.kernelTimestamp) }
        if hasUnequalLength { record.flags.insert(.unequalLength) }
        if let farReceivedAt, let farSentAt {
            record.flags.insert(.farTimestamps)
            record.farReceivedAt = farReceivedAt.nanosecondsSinceUnixEpoch
            record.farSentAt = farSentAt.nanosecondsSinceUnixEpoch
        }
        if base.errorEstimate.synchronized, let error = UInt32(exactly: base.errorEstimate.error.count) {
            record.flags.insert(.farSynchronized)
            record.farClockError = error
        }
        if let marks = telemetry.classOfService {
            record.flags.insert(.farTrafficClass)
            record.farTrafficClass = marks.received.value << 2 | marks.receivedECN.value
            if marks.reversePath != 0 { record.flags.insert(.markRefusedByPolicy) }
        }
        record.reflexivePort = telemetry.location?.sourcePort ?? 0
        return record
    }
}
