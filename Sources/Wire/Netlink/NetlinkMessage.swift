/// Why something from a netlink socket was not understood.
public enum NetlinkRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// Fewer octets than a message header has.
    case truncatedHeader = "truncated header"
    /// The header's length is shorter than the header, or runs past what was read.
    case impossibleLength = "impossible length"
    /// Another type of message than was asked for.
    case unexpectedType = "unexpected type"
    /// The fixed part of the body is not all there.
    case truncatedBody = "truncated body"
    /// An attribute's length is shorter than its header, or runs past what holds it.
    case impossibleAttribute = "impossible attribute"
    /// An address family that is neither IPv4 nor IPv6.
    case unknownFamily = "unknown address family"
    /// An attribute without which the message means nothing is not there, or is too short.
    case missingAttribute = "missing attribute"
}

/// One netlink message (linux/netlink.h, `nlmsghdr`).
public struct NetlinkMessage: Hashable, Sendable {
    public var type: UInt16
    public var flags: UInt16
    public var sequence: UInt32
    /// To or from which socket; the kernel's own messages say to whom they go.
    public var port: UInt32
    public var body: ArraySlice<UInt8>

    public static let headerLength = 16

    /// What netlink itself says.
    public enum Control {
        public static let error: UInt16 = 2
        public static let done: UInt16 = 3
        /// The first type that belongs to a protocol.
        public static let lowestOwnType: UInt16 = 16
    }

    public enum Flag {
        public static let request: UInt16 = 1
        public static let multipart: UInt16 = 2
        public static let acknowledge: UInt16 = 4
        /// The kernel's table changed while it was being told: it must be asked for again.
        public static let dumpInterrupted: UInt16 = 0x10
        public static let dump: UInt16 = 0x300
    }

    /// The error number that an error or done message carries, positive; 0 is an acknowledgement. Nil for any other
    /// message.
    public var errorNumber: Int32? {
        guard type == Control.error || type == Control.done else { return nil }
        guard let code = body.host(UInt32.self) else { return type == Control.done ? 0 : nil }
        let number = Int32(bitPattern: code)
        return number == .min ? .max : -number
    }

    /// Whether the last message of an answer.
    public var endsAnswer: Bool { type == Control.done || type == Control.error || flags & Flag.multipart == 0 }
}

/// What one read from a netlink socket gave.
public struct NetlinkDatagram: Hashable, Sendable {
    public private(set) var messages: [NetlinkMessage] = []
    /// Why the rest was not read; nil when all was.
    public private(set) var refusal: NetlinkRefusal?

    public init(_ octets: [UInt8]) {
        var rest = octets[...]
        while !rest.isEmpty {
            guard let length = rest.host(UInt32.self).map(Int.init), let type = rest.host(UInt16.self, at: 4),
                let flags = rest.host(UInt16.self, at: 6), let sequence = rest.host(UInt32.self, at: 8),
                let port = rest.host(UInt32.self, at: 12)
            else {
                refusal = .truncatedHeader
                return
            }
            guard length >= NetlinkMessage.headerLength, length <= rest.count else {
                refusal = .impossibleLength
                return
            }
            let body = rest.prefix(length).dropFirst(NetlinkMessage.headerLength)
            messages.append(NetlinkMessage(type: type, flags: flags, sequence: sequence, port: port, body: body))
            rest = rest.dropFirst(length.paddedToFour)
        }
    }
}

extension Int {
    /// Messages and attributes begin at multiples of four octets.
    var paddedToFour: Int { (self &+ 3) & ~3 }
}
