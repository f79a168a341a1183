import Units
import Wire

/// What a session-reflector is told of a datagram beside its bytes.
public struct RequestContext: Sendable {
    public var source: IPAddress
    public var sourcePort: UInt16
    /// The address and the port that the request was sent to.
    public var destination: IPAddress
    public var destinationPort: UInt16
    /// T2, by this host's wall clock.
    public var receivedAt: WallInstant
    public var trafficClass: UInt8
    /// TTL or hop limit as received; nil when the kernel did not say.
    public var timeToLive: UInt8?

    public init(
        source: IPAddress,
        sourcePort: UInt16,
        destination: IPAddress,
        destinationPort: UInt16,
        receivedAt: WallInstant,
        trafficClass: UInt8,
        timeToLive: UInt8?
    ) {
        self.source = source
        self.sourcePort = sourcePort
        self.destination = destination
        self.destinationPort = destinationPort
        self.receivedAt = receivedAt
        self.trafficClass = trafficClass
        self.timeToLive = timeToLive
    }
}

/// An answer, written over its request but for the time of sending.
public struct ReflectorReply: Sendable {
    public var length: Int
    /// TOS or traffic class that it shall leave with.
    public var trafficClass: UInt8
    /// The session's place in the table, for ``SessionReflector/noteTransmission(slot:sequence:at:)``.
    public var slot: Int
    public var sequence: UInt32
    /// The sender asked for Follow-Up Telemetry: the kernel's transmit timestamp of this reply is wanted.
    public var wantsTransmitTimestamp: Bool
    /// Where the reply's HMAC TLV stands, which has to be computed; nil for none.
    var hmac: TLV?
}

/// What this host says of its clock, in every reply.
public struct ReflectorClock: Hashable, Sendable {
    public var errorEstimate: ErrorEstimate
    public var source: SynchronizationSource

    public init(errorEstimate: ErrorEstimate, source: SynchronizationSource) {
        self.errorEstimate = errorEstimate
        self.source = source
    }
}

/// A stateful STAMP session-reflector (RFC 8762 §4.3, RFC 8972) as a state machine: it turns a request into its reply
/// in the same buffer, and never touches a clock or a socket.
///
/// It never makes a datagram longer but for short TWAMP-Light requests where they are allowed, answers nothing that
/// looks like an answer, and refuses what is over a source's rate.
public struct SessionReflector: Sendable {
    public let policy: ReflectorPolicy
    public var clock: ReflectorClock
    public var counters = ReflectorCounters()
    private var sessions: SessionTable
    private var limiter: RateLimiter

    public init(policy: ReflectorPolicy, clock: ReflectorClock, sessions: SessionTable, limiter: RateLimiter) {
        self.policy = policy
        self.clock = clock
        self.sessions = sessions
        self.limiter = limiter
    }

    public var sessionCount: Int { sessions.count }
    public var evictedSessions: Int { sessions.evicted }

    /// Turns the request in the first `length` octets of `packet` into its reply, all but the time of sending: that
    /// and the HMACs follow in ``finish(_:reply:sentAt:)``.
    ///
    /// `packet` has room for a base packet at least. Counts what it did.
    ///
    /// - Returns: nil when the request is refused.
    public mutating func reflect(
        _ packet: inout MutableSpan<UInt8>,
        length: Int,
        context: RequestContext,
        now: MonotonicInstant
    ) -> ReflectorReply? {
        counters.received &+= 1
        do {
            return try answer(&packet, length: length, context: context, now: now)
        } catch {
            counters.refused[error.index] &+= 1
            return nil
        }
    }

    /// Counts a datagram that was longer than the receive buffer.
    public mutating func refuseTruncated() {
        counters.received &+= 1
        counters.refused[ReflectorRefusal.truncated.index] &+= 1
    }

    private mutating func answer(
        _ packet: inout MutableSpan<UInt8>,
        length: Int,
        context: RequestContext,
        now: MonotonicInstant
    ) throws(ReflectorRefusal) -> ReflectorReply {
        let mode = policy.mode
        let request = try admit(packet.span.extracting(0..<length), context: context, now: now)
        let key = SessionKey(
            source: context.source,
            destination: context.destination,
            sourcePort: context.sourcePort,
            destinationPort: context.destinationPort,
            ssid: mode == .authenticated ? request.ssid : 0
        )
        let slot = sessions.slot(for: key, now: now)
        sessions[slot].received &+= 1
        let sequence = sessions[slot].nextSequence
        sessions[slot].nextSequence &+= 1
        sessions[slot].transmitted &+= 1
        var reply = ReflectorReply(
            length: max(length, mode.baseLength),
            trafficClass: context.trafficClass & 0b1111_1100,
            slot: slot,
            sequence: sequence,
            wantsTransmitTimestamp: false,
            hmac: nil
        )
        if length > mode.baseLength { answerTLVs(&packet, length: length, context: context, reply: &reply) }
        write(request, sequence: sequence, context: context, into: &packet)
        counters.answered &+= 1
        return reply
    }

    /// Every reason not to answer, the cheapest first.
    private mutating func admit(
        _ request: Span<UInt8>,
        context: RequestContext,
        now: MonotonicInstant
    ) throws(ReflectorRefusal) -> SessionSenderPacket {
        let mode = policy.mode
        guard !policy.refusedSourcePorts[Int(context.sourcePort)] else { throw .sourcePort }
        guard !context.source.isUnspecified, !context.source.isMulticastOrBroadcast,
            !context.destination.isMulticastOrBroadcast
        else { throw .address }
        let parsed: SessionSenderPacket
        do {
            parsed = try SessionSenderPacket(parsing: request, mode: mode)
        } catch {
            throw .packet(error)
        }
        guard request.count >= mode.baseLength || policy.allowsShortRequests else { throw .packet(.shortRequest) }
        guard !SessionReflectorPacket.isReply(request, mode: mode) else { throw .packet(.reflectedPacket) }
        guard limiter.admits(context.source, now: now) else { throw .rateLimited }
        if let key = policy.key, !key.verifiesBase(request) { throw .packet(.authenticationFailed) }
        return parsed
    }

    private func write(
        _ request: SessionSenderPacket,
        sequence: UInt32,
        context: RequestContext,
        into packet: inout MutableSpan<UInt8>
    ) {
        let reply = SessionReflectorPacket(
            sequence: sequence,
            timestamp: StampTimestamp(rawValue: 0),
            errorEstimate: clock.errorEstimate,
            ssid: request.ssid,
            receiveTimestamp: StampTimestamp(context.receivedAt, format: clock.errorEstimate.format),
            senderSequence: request.sequence,
            senderTimestamp: request.timestamp,
            senderErrorEstimate: request.errorEstimate,
            senderTTL: context.timeToLive
        )
        reply.write(into: &packet, mode: policy.mode)
    }

    /// Fills in T3 and, where the mode wants them, the HMACs: the last thing before the send call.
    public func finish(_ packet: inout MutableSpan<UInt8>, reply: ReflectorReply, sentAt: WallInstant) {
        let timestamp = StampTimestamp(sentAt, format: clock.errorEstimate.format)
        timestamp.writeAsTransmitTime(into: &packet, mode: policy.mode)
        guard let key = policy.key else { return }
        key.sealBase(&packet)
        if let hmac = reply.hmac { _ = key.sealTLVs(in: &packet, mode: policy.mode, hmacAt: hmac) }
    }

    /// The kernel's time of a reply's leaving, for the session's next Follow-Up Telemetry.
    public mutating func noteTransmission(slot: Int, sequence: UInt32, at instant: WallInstant) {
        guard slot < sessions.count, sequence < sessions[slot].nextSequence else { return }
        sessions[slot].previousSequence = sequence
        sessions[slot].previousSentAt = instant
    }
}

// MARK: - TLVs

extension SessionReflector {
    /// Answers the TLVs where they stand (RFC 8972 §4): U, M and I by the book, types, lengths and order unchanged.
    private mutating func answerTLVs(
        _ packet: inout MutableSpan<UInt8>,
        length: Int,
        context: RequestContext,
        reply: inout ReflectorReply
    ) {
        let mode = policy.mode
        var isTrusted = true
        switch TLVProtection(of: packet.span.extracting(0..<length), mode: mode) {
        case .notNeeded: break
        case .missing: isTrusted = mode == .unauthenticated
        case .misplaced: isTrusted = false
        case .hmac(let tlv):
            // Without a key nothing can be verified, and what cannot be verified has failed.
            let span = packet.span.extracting(0..<length)
            isTrusted = policy.key?.verifiesTLVs(in: span, mode: mode, hmacAt: tlv) ?? false
            if isTrusted { reply.hmac = tlv }
        }
        guard isTrusted else { return refuseTLVs(&packet, length: length) }
        var cursor = TLVCursor(from: mode.baseLength, to: length)
        while let tlv = cursor.next(in: packet.span) {
            let flags = answerTLV(tlv, in: &packet, context: context, reply: &reply)
            packet.setFlags(flags, of: tlv)
            // What stands behind a malformed TLV is copied as it came.
            if flags.contains(.malformed) { return }
        }
    }

    /// Copies all TLVs with I set in each: their HMAC is missing, misplaced or wrong (RFC 8972 §4.8).
    private func refuseTLVs(_ packet: inout MutableSpan<UInt8>, length: Int) {
        var cursor = TLVCursor(from: policy.mode.baseLength, to: length)
        while let tlv = cursor.next(in: packet.span) {
            packet.setFlags(tlv.flags.intersection(.unrecognized).union(.integrityFailed), of: tlv)
        }
    }

    /// - Returns: the flags that the TLV goes back with.
    private mutating func answerTLV(
        _ tlv: TLV,
        in packet: inout MutableSpan<UInt8>,
        context: RequestContext,
        reply: inout ReflectorReply
    ) -> TLVFlags {
        switch tlv.type {
        case .extraPadding, .hmac: return tlv.isTruncated ? .malformed : []
        case .classOfService:
            return answer(ClassOfService.self, tlv, in: &packet) { body in
                body.received = DSCP(trafficClass: context.trafficClass)
                body.receivedECN = ECN(trafficClass: context.trafficClass)
                let allowed = policy.allowedMarks[Int(body.requested.value)]
                body.reversePath = allowed ? 0 : 1
                body.reserved = 0
                if allowed { reply.trafficClass = body.requested.value << 2 }
            }
        case .timestampInformation:
            return answer(TimestampInformation.self, tlv, in: &packet) { body in
                body.sourceIn = clock.source
                body.sourceOut = clock.source
                body.methodIn = .softwareLocal
                body.methodOut = .softwareLocal
            }
        case .directMeasurement:
            let session = sessions[reply.slot]
            return answer(DirectMeasurement.self, tlv, in: &packet) { body in
                body.reflectorReceived = session.received
                body.reflectorTransmitted = session.transmitted
            }
        case .followUpTelemetry:
            reply.wantsTransmitTimestamp = true
            let session = sessions[reply.slot]
            return answer(FollowUpTelemetry.self, tlv, in: &packet) { body in
                guard session.previousSentAt.nanosecondsSinceUnixEpoch != 0 else { return body = .none }
                body.sequence = session.previousSequence
                body.timestamp = StampTimestamp(session.previousSentAt, format: clock.errorEstimate.format)
                body.method = .softwareLocal
            }
        case .location:
            // The address that a request was sent to, which a translator may hide, is only for those who proved
            // who they are.
            let isAnswered = Location.answer(
                in: &packet,
                at: tlv,
                destination: (policy.key == nil ? nil : context.destination, context.destinationPort),
                source: (context.source, context.sourcePort)
            )
            return isAnswered ? [] : .malformed
        default: return tlv.isTruncated ? [.unrecognized, .malformed] : .unrecognized
        }
    }

    private func answer<Body: TLVBody>(
        _: Body.Type,
        _ tlv: TLV,
        in packet: inout MutableSpan<UInt8>,
        _ change: (inout Body) -> Void
    ) -> TLVFlags {
        guard var body = Body(reading: packet.span, at: tlv) else { return .malformed }
        change(&body)
        body.write(into: &packet, at: tlv.valueOffset)
        return []
    }
}
