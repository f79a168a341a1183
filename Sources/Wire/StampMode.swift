/// How the base packet is laid out (RFC 8762 §4.2 and §4.3).
public enum StampMode: Hashable, Sendable, CaseIterable {
    case unauthenticated
    case authenticated

    /// The octets before the first TLV.
    @inlinable
    public var baseLength: Int { self == .unauthenticated ? 44 : 112 }

    /// The shortest request that can be parsed: a TWAMP-Light session-sender may stop after its error estimate
    /// (RFC 8762 §4.6), but an authenticated packet without its HMAC proves nothing.
    @inlinable
    public var minimumRequestLength: Int { self == .unauthenticated ? 14 : 112 }

    /// The shortest reply that can be parsed: it reaches up to the copy of the request's timestamp.
    @inlinable
    public var minimumReplyLength: Int { self == .unauthenticated ? 36 : 112 }
}

/// Where the fields stand, in octets from the start of the packet.
extension StampMode {
    var timestampOffset: Int { self == .unauthenticated ? 4 : 16 }
    var errorEstimateOffset: Int { self == .unauthenticated ? 12 : 24 }
    var ssidOffset: Int { self == .unauthenticated ? 14 : 26 }
    var receiveTimestampOffset: Int { self == .unauthenticated ? 16 : 32 }
    var senderSequenceOffset: Int { self == .unauthenticated ? 24 : 48 }
    var senderTimestampOffset: Int { self == .unauthenticated ? 28 : 64 }
    var senderErrorEstimateOffset: Int { self == .unauthenticated ? 36 : 72 }
    var senderTTLOffset: Int { self == .unauthenticated ? 40 : 80 }
}
