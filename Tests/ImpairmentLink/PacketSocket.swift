import CImpairmentLink
import Glibc
import Units

/// One of the two interfaces that the link joins.
struct PacketSocket: ~Copyable {
    let descriptor: Int32

    init(interface: String) throws(LinkFailure) {
        let index = if_nametoindex(interface)
        guard index != 0 else { throw .system("interface \(interface)") }
        let opened = link_open_packet_socket(Int32(index))
        guard opened >= 0 else { throw .system("packet socket on \(interface)") }
        descriptor = opened
    }

    deinit { close(descriptor) }

    struct Arrival {
        var length: Int
        var receivedAt: WallInstant?
        var isOutgoing: Bool
        var lacksChecksum: Bool
    }

    /// Nil when no frame is waiting, or when the interface just went down.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Arrival? {
        var arrival = link_arrival()
        let length = link_receive_frame(descriptor, buffer.baseAddress, buffer.count, &arrival)
        guard length >= 0 else { return nil }
        return Arrival(
            length: length,
            receivedAt: arrival.realtime_ns > 0
                ? WallInstant(nanosecondsSinceUnixEpoch: arrival.realtime_ns) : nil,
            isOutgoing: arrival.is_outgoing != 0,
            lacksChecksum: arrival.lacks_checksum != 0
        )
    }

    func send(_ frame: UnsafeRawBufferPointer) -> Bool {
        Glibc.send(descriptor, frame.baseAddress, frame.count, 0) == frame.count
    }

    /// Frames that the kernel had to drop because the link was too slow, since this was last asked.
    func takeDrops() throws(LinkFailure) -> Int {
        let drops = link_take_socket_drops(descriptor)
        guard drops >= 0 else { throw .system("PACKET_STATISTICS") }
        return Int(drops)
    }
}
