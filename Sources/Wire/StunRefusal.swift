/// Why a datagram is no response to a STUN transaction. Each refusal is counted under its ``code``; the raw values are
/// dense, so that they can index an array of counters.
public enum StunRefusal: UInt8, Error, Hashable, CaseIterable, Sendable {
    /// Shorter than the header of 20 octets (RFC 8489 §5).
    case tooShort
    /// The first two bits are not zero, or the magic cookie does not stand at offset 4 (RFC 8489 §5).
    case notStun
    /// The length is not a multiple of four, or not what the datagram has behind its header (RFC 8489 §5).
    case wrongLength
    /// A request or an indication: only responses answer a transaction (RFC 8489 §6.3).
    case notAResponse
    /// A response to a method that was not asked for.
    case foreignMethod
    /// An attribute runs past the end of the message (RFC 8489 §14).
    case attributeOverrun
    /// An address whose family or length cannot be (RFC 8489 §14.1).
    case malformedAddress
    /// An error response without an ERROR-CODE, or with one outside 300 to 699 (RFC 8489 §14.8).
    case malformedErrorCode
    /// FINGERPRINT does not match the message, or is not its last attribute (RFC 8489 §14.7).
    case wrongFingerprint
    /// The transaction identifier is of no request that was sent, or of one too long ago (RFC 8489 §6.3).
    case unknownTransaction

    /// Stable; fit for a metric's label.
    public var code: String {
        switch self {
        case .tooShort: "stun_too_short"
        case .notStun: "not_stun"
        case .wrongLength: "stun_wrong_length"
        case .notAResponse: "stun_not_a_response"
        case .foreignMethod: "stun_foreign_method"
        case .attributeOverrun: "stun_attribute_overrun"
        case .malformedAddress: "stun_malformed_address"
        case .malformedErrorCode: "stun_malformed_error_code"
        case .wrongFingerprint: "stun_wrong_fingerprint"
        case .unknownTransaction: "stun_unknown_transaction"
        }
    }
}
