/// The base packet that a session-sender transmits (RFC 8762 §4.2.1 and §4.2.2, with the SSID of RFC 8972 §3).
public struct SessionSenderPacket: Hashable, Sendable {
    /// Starts at 0, one more with each packet, modulo 2³².
    public var sequence: UInt32
    /// T1: when the packet left, in the format that `errorEstimate` says.
    public var timestamp: StampTimestamp
    public var errorEstimate: ErrorEstimate
    /// The session identifier; 0 for none.
    public var ssid: UInt16

    @inlinable
    public init(sequence: UInt32, timestamp: StampTimestamp, errorEstimate: ErrorEstimate, ssid: UInt16) {
        self.sequence = sequence
        self.timestamp = timestamp
        self.errorEstimate = errorEstimate
        self.ssid = ssid
    }

    /// Reads a request. Below the 44 octets of the base packet, as TWAMP-Light senders may send, there is no SSID:
    /// whether such a one is let in is for the caller to decide. Octets that must be zero may be anything.
    ///
    /// The HMAC is not looked at: check it first, by ``StampKey/verifiesBase(_:)``.
    public init(parsing bytes: Span<UInt8>, mode: StampMode) throws(StampRefusal) {
        guard !StunCookie.stands(in: bytes) else { throw .stunCookie }
        guard bytes.count >= mode.minimumRequestLength else { throw .tooShort }
        sequence = bytes.bigEndian32(at: 0)
        timestamp = StampTimestamp(rawValue: bytes.bigEndian64(at: mode.timestampOffset))
        errorEstimate = ErrorEstimate(rawValue: bytes.bigEndian16(at: mode.errorEstimateOffset))
        ssid = bytes.count >= mode.baseLength ? bytes.bigEndian16(at: mode.ssidOffset) : 0
        guard errorEstimate.multiplier != 0 else { throw .zeroErrorEstimate }
        guard timestamp.isWellFormed(errorEstimate.format) else { throw .malformedTimestamp }
    }

    /// Writes the whole base packet: octets that must be zero, and an HMAC field of zeros in authenticated mode.
    public func write(into bytes: inout MutableSpan<UInt8>, mode: StampMode) {
        precondition(bytes.count >= mode.baseLength, "the buffer is shorter than the base packet")
        bytes.zero(0..<mode.baseLength)
        bytes.store(sequence, at: 0)
        bytes.store(timestamp.rawValue, at: mode.timestampOffset)
        bytes.store(errorEstimate.rawValue, at: mode.errorEstimateOffset)
        bytes.store(ssid, at: mode.ssidOffset)
    }
}

/// What tells a STUN message from a STAMP packet on a port that both may reach: no clock shows this second of 1917.
enum StunCookie {
    static let value: UInt32 = 0x2112_a442

    @inline(__always)
    static func stands(in bytes: Span<UInt8>) -> Bool { bytes.count >= 8 && bytes.bigEndian32(at: 4) == value }
}
