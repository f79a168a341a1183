/// Why a datagram was refused. Each refusal is counted under its ``code``; the raw values are dense, so that they can
/// index an array of counters.
public enum StampRefusal: UInt8, Error, Hashable, CaseIterable, Sendable {
    /// Shorter than the fields that must be there (RFC 8762 §4.2, §4.3 and §4.6).
    case tooShort
    /// A request below the 44 octets of the base packet, where TWAMP-Light senders are not let in (RFC 8762 §4.6).
    case shortRequest
    /// The magic cookie of STUN stands at offset 4 (RFC 8489 §5), so this is no STAMP packet.
    case stunCookie
    /// A multiplier of zero makes the packet corrupt (RFC 4656 §4.1.2).
    case zeroErrorEstimate
    /// A PTP timestamp with 10⁹ nanoseconds or more (RFC 8186 §2.1, IEEE 1588).
    case malformedTimestamp
    /// The HMAC of the base packet does not verify (RFC 8762 §4.4).
    case authenticationFailed
    /// A request that is laid out like a reply: reflectors that answer each other never stop (RFC 8762 §4.3).
    case reflectedPacket
    /// Our own request came back as it was: an echo server stands on the port, not a session-reflector
    /// (RFC 8762 §4.3.1).
    case echoedRequest
    /// The session identifier is neither the session's nor zero (RFC 8972 §3).
    case foreignSession
    /// A reply to a sequence number that was never sent (RFC 8762 §4.3.1).
    case unknownSequence
    /// The copy of the request's timestamp differs from what was sent (RFC 8762 §4.3.1).
    case alteredCopy

    /// Stable; fit for a metric's label.
    public var code: String {
        switch self {
        case .tooShort: "too_short"
        case .shortRequest: "short_request"
        case .stunCookie: "stun_cookie"
        case .zeroErrorEstimate: "zero_error_estimate"
        case .malformedTimestamp: "malformed_timestamp"
        case .authenticationFailed: "authentication_failed"
        case .reflectedPacket: "reflected_packet"
        case .echoedRequest: "echoed_request"
        case .foreignSession: "foreign_session"
        case .unknownSequence: "unknown_sequence"
        case .alteredCopy: "altered_copy"
        }
    }
}
