/// The requests that are sent here, each without credentials and as short as the protocol allows.
public enum StunRequest: Hashable, Sendable {
    /// STUN Binding (RFC 8489 §12): asks which transport address the server sees.
    case binding
    /// TURN Allocate (RFC 8656 §7.1) of a UDP relay. Without MESSAGE-INTEGRITY a server answers with 401 and its realm.
    case allocate
    /// TURN Refresh with a lifetime of zero (RFC 8656 §8.1): gives back what a server without authentication allocated.
    case release

    @inlinable
    public var method: StunMethod {
        switch self {
        case .binding: .binding
        case .allocate: .allocate
        case .release: .refresh
        }
    }

    /// Octets of the whole message.
    @inlinable
    public var length: Int { self == .binding ? StunHeader.length : StunHeader.length + 8 }

    /// UDP's protocol number, in the first of REQUESTED-TRANSPORT's four octets (RFC 8656 §18.7).
    private static let udp: UInt32 = 17 << 24

    /// Writes the whole request; what is behind it in `bytes` stays.
    public func write(into bytes: inout MutableSpan<UInt8>, transaction: StunTransactionID) {
        precondition(bytes.count >= length, "the buffer is shorter than the request")
        let header = StunHeader(method: method, messageClass: .request, transaction: transaction)
        header.write(into: &bytes, bodyLength: length - StunHeader.length)
        switch self {
        case .binding: break
        case .allocate: Self.write(.requestedTransport, Self.udp, into: &bytes)
        case .release: Self.write(.lifetime, 0, into: &bytes)
        }
    }

    private static func write(_ type: StunAttributeType, _ value: UInt32, into bytes: inout MutableSpan<UInt8>) {
        bytes.store(type.rawValue, at: StunHeader.length)
        bytes.store(4 as UInt16, at: StunHeader.length + 2)
        bytes.store(value, at: StunHeader.length + 4)
    }
}
