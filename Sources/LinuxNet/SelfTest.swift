import CLinux
import Glibc
import Units

/// Trials on this host's own loopback interface.
public enum SelfTest {
    public struct Timestamping: Hashable, Sendable {
        public var transmit: Bool
        public var receive: Bool
    }

    /// Sends datagrams from a socket to itself and looks for the kernel's timestamps of their leaving and arriving.
    /// The first ones may have none: the kernel turns timestamping on only a moment after a socket asks.
    ///
    /// - Throws: ``SystemError`` where loopback cannot be used.
    public static func timestamping() throws(SystemError) -> Timestamping {
        let socket = try UDPSocket(family: .ipv4)
        let loopback = SocketAddress(address: IPAddress(ipv4: 0x7f00_0001), port: 0)
        try socket.bind(to: loopback)
        guard let own = socket.localAddress() else { throw SystemError("getsockname", errno: errno) }
        try socket.connect(to: own)
        try socket.enableReception(transmitTimestamps: true)
        let datagram: [UInt8] = Array("linecheck".utf8)
        var batch = MessageBatch(capacity: 4, bufferLength: 256)
        var found = Timestamping(transmit: false, receive: false)
        for _ in 0..<50 where !(found.transmit && found.receive) {
            _ = try valueOrError("send") { send(socket.number, datagram, datagram.count, 0) }
            for message in 0..<batch.receive(from: socket.number) {
                if batch.controlMessages(message).timestamp != nil { found.receive = true }
            }
            for message in 0..<batch.receive(from: socket.number, flags: Int32(MSG_ERRQUEUE)) {
                if batch.controlMessages(message).timestamp != nil { found.transmit = true }
            }
            usleep(2_000)
        }
        return found
    }

    /// How late a sleeping thread of this process wakes up: the median and the 99th percentile of many short sleeps.
    public static func wakeUpError(sleeps: Int = 200) -> (median: Nanoseconds, p99: Nanoseconds) {
        _ = CLinux_set_timer_slack(1)
        let clock = SystemClock()
        var errors: [Nanoseconds] = []
        for _ in 0..<max(1, sleeps) {
            let due = clock.monotonic() + .milliseconds(1)
            var time = timespec(
                tv_sec: Int(due.nanoseconds / 1_000_000_000),
                tv_nsec: Int(due.nanoseconds % 1_000_000_000)
            )
            clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &time, nil)
            errors.append(clock.monotonic() - due)
        }
        errors.sort()
        return (errors[errors.count / 2], errors[min(errors.count - 1, errors.count * 99 / 100)])
    }

    /// The receive buffer that a socket of this process gets when it asks for this much: the kernel's own doubling
    /// for its bookkeeping taken out.
    public static func receiveBuffer(asking octets: Int32) throws(SystemError) -> Int {
        let socket = try UDPSocket(family: .ipv4)
        socket.enlargeReceiveBuffer(octets)
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        _ = try valueOrError("getsockopt SO_RCVBUF") {
            getsockopt(socket.number, SOL_SOCKET, SO_RCVBUF, &value, &length)
        }
        return Int(value) / 2
    }
}
