/// The base packet that a session-reflector answers with (RFC 8762 §4.3.1 and §4.3.2, with the SSID of RFC 8972 §3).
public struct SessionReflectorPacket: Hashable, Sendable {
    /// The request's from a stateless reflector; the reflector's own counter from a stateful one.
    public var sequence: UInt32
    /// T3: when the reply left the reflector, in the format that `errorEstimate` says.
    public var timestamp: StampTimestamp
    /// The reflector's own; it holds for T2 and T3.
    public var errorEstimate: ErrorEstimate
    /// The request's; 0 from a reflector that knows none.
    public var ssid: UInt16
    /// T2: when the request arrived at the reflector, in the format that `errorEstimate` says.
    public var receiveTimestamp: StampTimestamp
    /// The request's sequence number.
    public var senderSequence: UInt32
    /// T1, copied from the request, in the format that `senderErrorEstimate` says.
    public var senderTimestamp: StampTimestamp
    /// The request's; all zero when the reply is too short to hold it.
    public var senderErrorEstimate: ErrorEstimate
    /// The TTL or hop limit with which the request arrived. Nil when the reply is too short to hold it, or holds
    /// zero, with which no packet arrives. TWAMP reflectors that do not know it say 255 (RFC 5357 §4.2.1), and so
    /// does ``write(into:mode:)``.
    public var senderTTL: UInt8?

    @inlinable
    public init(
        sequence: UInt32,
        timestamp: StampTimestamp,
        errorEstimate: ErrorEstimate,
        ssid: UInt16,
        receiveTimestamp: StampTimestamp,
        senderSequence: UInt32,
        senderTimestamp: StampTimestamp,
        senderErrorEstimate: ErrorEstimate,
        senderTTL: UInt8?
    ) {
        self.sequence = sequence
        self.timestamp = timestamp
        self.errorEstimate = errorEstimate
        self.ssid = ssid
        self.receiveTimestamp = receiveTimestamp
        self.senderSequence = senderSequence
        self.senderTimestamp = senderTimestamp
        self.senderErrorEstimate = senderErrorEstimate
        self.senderTTL = senderTTL
    }

    /// Reads a reply. TWAMP-Light reflectors' replies of 36 octets and more will do: what is past their end reads as
    /// zero or nil. That the copies are of a packet that was sent is for the caller to check, and so is the HMAC.
    public init(parsing bytes: Span<UInt8>, mode: StampMode) throws(StampRefusal) {
        guard !StunCookie.stands(in: bytes) else { throw .stunCookie }
        guard bytes.count >= mode.minimumReplyLength else { throw .tooShort }
        self.init(unchecked: bytes, mode: mode)
        guard !isEchoedRequest else { throw .echoedRequest }
        guard errorEstimate.multiplier != 0 else { throw .zeroErrorEstimate }
        guard timestamp.isWellFormed(errorEstimate.format), receiveTimestamp.isWellFormed(errorEstimate.format) else {
            throw .malformedTimestamp
        }
    }

    private init(unchecked bytes: Span<UInt8>, mode: StampMode) {
        sequence = bytes.bigEndian32(at: 0)
        timestamp = StampTimestamp(rawValue: bytes.bigEndian64(at: mode.timestampOffset))
        errorEstimate = ErrorEstimate(rawValue: bytes.bigEndian16(at: mode.errorEstimateOffset))
        ssid = bytes.bigEndian16(at: mode.ssidOffset)
        receiveTimestamp = StampTimestamp(rawValue: bytes.bigEndian64(at: mode.receiveTimestampOffset))
        senderSequence = bytes.bigEndian32(at: mode.senderSequenceOffset)
        senderTimestamp = StampTimestamp(rawValue: bytes.bigEndian64(at: mode.senderTimestampOffset))
        let estimate = mode.senderErrorEstimateOffset
        senderErrorEstimate = ErrorEstimate(rawValue: bytes.count >= estimate + 2 ? bytes.bigEndian16(at: estimate) : 0)
        let ttl = bytes.count > mode.senderTTLOffset ? bytes[mode.senderTTLOffset] : 0
        senderTTL = ttl == 0 ? nil : ttl
    }

    /// A request has zeros where a reply has T2 and the copies. A reflector without a clock may leave T2 zero, but
    /// it copies.
    private var isEchoedRequest: Bool {
        !receiveTimestamp.isAvailable && senderSequence == 0 && !senderTimestamp.isAvailable
    }

    /// Writes the whole base packet: octets that must be zero, and an HMAC field of zeros in authenticated mode.
    public func write(into bytes: inout MutableSpan<UInt8>, mode: StampMode) {
        precondition(bytes.count >= mode.baseLength, "the buffer is shorter than the base packet")
        bytes.zero(0..<mode.baseLength)
        bytes.store(sequence, at: 0)
        bytes.store(timestamp.rawValue, at: mode.timestampOffset)
        bytes.store(errorEstimate.rawValue, at: mode.errorEstimateOffset)
        bytes.store(ssid, at: mode.ssidOffset)
        bytes.store(receiveTimestamp.rawValue, at: mode.receiveTimestampOffset)
        bytes.store(senderSequence, at: mode.senderSequenceOffset)
        bytes.store(senderTimestamp.rawValue, at: mode.senderTimestampOffset)
        bytes.store(senderErrorEstimate.rawValue, at: mode.senderErrorEstimateOffset)
        bytes[mode.senderTTLOffset] = senderTTL ?? 255
    }
}

extension SessionReflectorPacket {
    /// Whether a datagram that arrived as a request is in truth a reply: T2 before T3 by less than an hour, both error
    /// estimates filled in, and zeros in the five octets between them that must be zero. A request has zeros instead
    /// of T2; the random padding of a TWAMP-Light sender passes less than once in 2⁴⁰.
    ///
    /// Nothing in a STAMP packet counts hops, so two reflectors that answer each other's replies never stop.
    public static func isReply(_ bytes: Span<UInt8>, mode: StampMode) -> Bool {
        let ttl = mode.senderTTLOffset
        guard bytes.count >= mode.minimumReplyLength, bytes.count > ttl else { return false }
        // Nearly every request ends here.
        guard bytes.bigEndian64(at: mode.receiveTimestampOffset) != 0 else { return false }
        let packet = SessionReflectorPacket(unchecked: bytes, mode: mode)
        guard packet.timestamp.isAvailable, packet.receiveTimestamp.isAvailable,
            packet.errorEstimate.multiplier != 0, packet.senderErrorEstimate.multiplier != 0
        else { return false }
        // Both formats count whole seconds in the upper half.
        let residence = Int64(bitPattern: packet.timestamp.rawValue &- packet.receiveTimestamp.rawValue)
        guard (0..<(3_600 << 32)).contains(residence) else { return false }
        // Some reflectors put a second copy of the SSID here.
        let afterEstimate = bytes.bigEndian16(at: mode.senderErrorEstimateOffset + 2)
        guard afterEstimate == 0 || afterEstimate == packet.ssid else { return false }
        for offset in (ttl + 1)..<min(ttl + 4, bytes.count, mode.baseLength) where bytes[offset] != 0 { return false }
        return true
    }
}
