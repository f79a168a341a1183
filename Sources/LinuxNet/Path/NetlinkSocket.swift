import CLinux
import Glibc
import Wire

/// A netlink socket that asks and waits for the answer.
struct NetlinkSocket: ~Copyable {
    enum Subsystem {
        case route, transform, generic

        var number: Int32 {
            switch self {
            case .route: NETLINK_ROUTE
            case .transform: NETLINK_XFRM
            case .generic: NETLINK_GENERIC
            }
        }
    }

    /// What was not understood of all answers so far, by reason.
    private(set) var refusals: [NetlinkRefusal: Int] = [:]
    private let descriptor: FileDescriptor
    private var sequence: UInt32 = 0
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// How long the kernel may take for the next part of an answer.
    private static let patience = timeval(tv_sec: 2, tv_usec: 0)
    /// A table that changes all the time is told as it was at the last try.
    private static let tries = 3

    init(_ subsystem: Subsystem) throws(SystemError) {
        let opened = try FileDescriptor("socket AF_NETLINK") {
            socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), subsystem.number)
        }
        var patience = Self.patience
        _ = try valueOrError("setsockopt SO_RCVTIMEO") {
            setsockopt(opened.number, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        descriptor = opened
    }

    /// Everything that the kernel answers, each message as `parse` reads it; what it refuses is counted and left out.
    ///
    /// - Throws: ``SystemError`` with the kernel's reason where it says no.
    mutating func values<Value>(
        _ request: NetlinkRequest,
        _ call: String,
        _ parse: (NetlinkMessage) throws(NetlinkRefusal) -> Value
    ) throws(SystemError) -> [Value] {
        var values: [Value] = []
        for message in try messages(request, call) {
            do throws(NetlinkRefusal) {
                values.append(try parse(message))
            } catch {
                refusals[error, default: 0] += 1
            }
        }
        return values
    }

    private mutating func messages(_ request: NetlinkRequest, _ call: String) throws(SystemError) -> [NetlinkMessage] {
        for attempt in 1...Self.tries {
            let (found, isWhole) = try ask(request, call)
            if isWhole || attempt == Self.tries { return found }
        }
        return []
    }

    private mutating func ask(
        _ request: NetlinkRequest,
        _ call: String
    ) throws(SystemError) -> (messages: [NetlinkMessage], isWhole: Bool) {
        sequence &+= 1
        let octets = request.encoded(sequence: sequence)
        _ = try valueOrError(call) { send(descriptor.number, octets, octets.count, 0) }
        var found: [NetlinkMessage] = []
        var isWhole = true
        while true {
            for message in try receive(call) where message.sequence == sequence {
                if message.flags & NetlinkMessage.Flag.dumpInterrupted != 0 { isWhole = false }
                if let number = message.errorNumber {
                    guard number == 0 else { throw SystemError(call, errno: number) }
                    return (found, isWhole)
                }
                found.append(message)
                if message.endsAnswer { return (found, isWhole) }
            }
        }
    }

    /// One datagram's messages; none where it did not come from the kernel.
    private mutating func receive(_ call: String) throws(SystemError) -> [NetlinkMessage] {
        var sender = sockaddr_nl()
        var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        let count = try valueOrError(call) {
            withUnsafeMutablePointer(to: &sender) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor.number, &buffer, buffer.count, Int32(MSG_TRUNC), $0, &length)
                }
            }
        }
        guard sender.nl_pid == 0 else { return [] }
        guard count <= buffer.count else { throw SystemError(call, errno: EMSGSIZE) }
        let datagram = NetlinkDatagram(Array(buffer.prefix(count)))
        if let refusal = datagram.refusal { refusals[refusal, default: 0] += 1 }
        return datagram.messages
    }
}
