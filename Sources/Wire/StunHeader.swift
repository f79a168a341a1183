/// What a STUN message is about (RFC 8489 §18.2, RFC 8656 §17): a number of twelve bits.
public struct StunMethod: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let binding = StunMethod(rawValue: 0x001)
    public static let allocate = StunMethod(rawValue: 0x003)
    public static let refresh = StunMethod(rawValue: 0x004)
}

/// The class of a STUN message (RFC 8489 §5).
public enum StunClass: UInt8, Hashable, Sendable {
    case request, indication, success, error
}

/// The 96 bits by which a response names its request (RFC 8489 §5).
public struct StunTransactionID: Hashable, BitwiseCopyable, Sendable {
    /// The first four octets.
    public var high: UInt32
    /// The other eight.
    public var low: UInt64

    @inlinable
    public init(high: UInt32, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// The header of every STUN message (RFC 8489 §5): type, length, magic cookie, transaction identifier.
public struct StunHeader: Hashable, Sendable {
    public var method: StunMethod
    public var messageClass: StunClass
    public var transaction: StunTransactionID

    /// Octets of a header.
    public static let length = 20
    public static let transactionOffset = 8

    @inlinable
    public init(method: StunMethod, messageClass: StunClass, transaction: StunTransactionID) {
        self.method = method
        self.messageClass = messageClass
        self.transaction = transaction
    }

    /// Reads the header of a message that fills the datagram: what has octets before or behind it is no STUN message.
    public init(parsing bytes: Span<UInt8>) throws(StunRefusal) {
        guard bytes.count >= Self.length else { throw .tooShort }
        let type = bytes.bigEndian16(at: 0)
        guard type & 0xc000 == 0, StunCookie.stands(in: bytes) else { throw .notStun }
        let length = Int(bytes.bigEndian16(at: 2))
        guard length & 3 == 0, length == bytes.count - Self.length else { throw .wrongLength }
        self.init(type: type, transaction: Self.transaction(in: bytes))
    }

    private init(type: UInt16, transaction: StunTransactionID) {
        method = StunMethod(rawValue: type & 0x000f | (type & 0x00e0) >> 1 | (type & 0x3e00) >> 2)
        let number = UInt8(truncatingIfNeeded: (type >> 4) & 1 | (type >> 7) & 2)
        messageClass = StunClass(rawValue: number) ?? .request
        self.transaction = transaction
    }

    private static func transaction(in bytes: Span<UInt8>) -> StunTransactionID {
        StunTransactionID(
            high: bytes.bigEndian32(at: transactionOffset),
            low: bytes.bigEndian64(at: transactionOffset + 4)
        )
    }

    /// The transaction of our own request, as the kernel hands it back; nil when it is shorter than a header.
    public static func transaction(ofRequest bytes: Span<UInt8>) -> StunTransactionID? {
        bytes.count >= length ? transaction(in: bytes) : nil
    }

    /// The method's twelve bits around the class's two (RFC 8489 figure 3).
    var type: UInt16 {
        let (number, kind) = (method.rawValue, UInt16(messageClass.rawValue))
        let methodBits = number & 0x000f | (number & 0x0070) << 1 | (number & 0x0f80) << 2
        return methodBits | (kind & 1) << 4 | (kind & 2) << 7
    }

    /// - Parameter bodyLength: octets of attributes behind the header, a multiple of four.
    func write(into bytes: inout MutableSpan<UInt8>, bodyLength: Int) {
        bytes.store(type, at: 0)
        bytes.store(UInt16(truncatingIfNeeded: bodyLength), at: 2)
        bytes.store(StunCookie.value, at: 4)
        bytes.store(transaction.high, at: Self.transactionOffset)
        bytes.store(transaction.low, at: Self.transactionOffset + 4)
    }
}
