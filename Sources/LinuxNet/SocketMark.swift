import CLinux
import Glibc
import Units

/// Whether this host's sockets keep a mark.
public enum SocketMark {
    /// The mark that a UDP socket has after it was asked for this one; nil where that cannot be tried. A container or a
    /// sandbox may take the call and do nothing.
    public static func kept(of dscp: DSCP, family: IPAddress.Family) -> DSCP? {
        do throws(SystemError) {
            let socket = try UDPSocket(family: family)
            try socket.mark(dscp)
            var value: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            let (level, option) = family == .ipv4 ? (IPPROTO_IP, IP_TOS) : (IPPROTO_IPV6, IPV6_TCLASS)
            _ = try valueOrError("getsockopt") {
                getsockopt(socket.number, Int32(level), Int32(option), &value, &length)
            }
            return DSCP(trafficClass: UInt8(truncatingIfNeeded: value))
        } catch {
            return nil
        }
    }
}
