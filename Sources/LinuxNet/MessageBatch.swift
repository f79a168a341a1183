import CLinux
import Glibc
import Units

/// Datagrams for `recvmmsg` and `sendmmsg`, with all their buffers set aside once.
///
/// The same bytes serve both ways: a reflector answers in the buffer that the request came in.
struct MessageBatch: ~Copyable {
    static let controlLength = 512

    let capacity: Int
    let bufferLength: Int
    private let messages: UnsafeMutablePointer<mmsghdr>
    private let vectors: UnsafeMutablePointer<iovec>
    private let names: UnsafeMutablePointer<sockaddr_storage>
    private let control: UnsafeMutablePointer<UInt8>
    private let bytes: UnsafeMutablePointer<UInt8>
    /// How many headers, from the first, the last call may have changed: those alone are set up anew.
    private var used = 0

    init(capacity: Int, bufferLength: Int) {
        self.capacity = capacity
        self.bufferLength = bufferLength
        messages = .allocate(capacity: capacity)
        vectors = .allocate(capacity: capacity)
        names = .allocate(capacity: capacity)
        control = .allocate(capacity: capacity * Self.controlLength)
        bytes = .allocate(capacity: capacity * bufferLength)
        messages.initialize(repeating: mmsghdr(), count: capacity)
        vectors.initialize(repeating: iovec(), count: capacity)
        names.initialize(repeating: sockaddr_storage(), count: capacity)
        control.initialize(repeating: 0, count: capacity * Self.controlLength)
        bytes.initialize(repeating: 0, count: capacity * bufferLength)
        used = capacity
        for index in 0..<capacity {
            vectors[index].iov_base = UnsafeMutableRawPointer(bytes + index * bufferLength)
            messages[index].msg_hdr.msg_iov = vectors + index
            messages[index].msg_hdr.msg_iovlen = 1
            messages[index].msg_hdr.msg_name = UnsafeMutableRawPointer(names + index)
            messages[index].msg_hdr.msg_control = UnsafeMutableRawPointer(control + index * Self.controlLength)
        }
    }

    deinit {
        messages.deallocate()
        vectors.deallocate()
        names.deallocate()
        control.deallocate()
        bytes.deallocate()
    }

    /// Takes what is waiting, without blocking.
    ///
    /// - Returns: how many came; 0 when none wait or the socket has an error pending, which this call clears.
    @inline(__always)
    mutating func receive(from descriptor: Int32, flags: Int32 = 0) -> Int {
        for index in 0..<used {
            messages[index].msg_hdr.msg_iov.pointee.iov_len = bufferLength
            messages[index].msg_hdr.msg_namelen = socklen_t(MemoryLayout<sockaddr_storage>.size)
            messages[index].msg_hdr.msg_controllen = Self.controlLength
            messages[index].msg_hdr.msg_flags = 0
        }
        let count = recvmmsg(descriptor, messages, UInt32(capacity), Int32(MSG_DONTWAIT) | flags, nil)
        used = max(0, Int(count))
        return used
    }

    /// How many datagrams the last ``receive(from:flags:)`` took.
    var received: Int { used }

    /// How many octets came; more than `bufferLength` never: see ``isTruncated(_:)``.
    @inline(__always)
    func length(_ index: Int) -> Int { Int(messages[index].msg_len) }

    @inline(__always)
    func isTruncated(_ index: Int) -> Bool { messages[index].msg_hdr.msg_flags & Int32(MSG_TRUNC) != 0 }

    @inline(__always)
    func peer(_ index: Int) -> SocketAddress? {
        messages[index].msg_hdr.msg_namelen == 0 ? nil : SocketAddress(messages[index].msg_hdr.msg_name)
    }

    /// The first octets of message `index`, wherever ``exchange(_:_:)`` has put it.
    @inline(__always)
    func payload(_ index: Int, length: Int) -> UnsafeMutableBufferPointer<UInt8> {
        let base = messages[index].msg_hdr.msg_iov.pointee.iov_base
        return UnsafeMutableBufferPointer(start: base?.assumingMemoryBound(to: UInt8.self), count: length)
    }

    @inline(__always)
    func controlMessages(_ index: Int) -> ControlMessages { ControlMessages(&messages[index].msg_hdr) }

    /// Makes datagram `index` an answer to the one that came in its place.
    @inline(__always)
    func prepareReply(_ index: Int, length: Int, control write: (inout ControlWriter) -> Void) {
        messages[index].msg_hdr.msg_iov.pointee.iov_len = length
        var writer = ControlWriter(messages[index].msg_hdr.msg_control, capacity: Self.controlLength)
        write(&writer)
        messages[index].msg_hdr.msg_controllen = writer.length
        messages[index].msg_hdr.msg_flags = 0
    }

    /// Moves a prepared datagram to an earlier, free place, so that those to be sent lie together.
    @inline(__always)
    func exchange(_ first: Int, _ second: Int) {
        guard first != second else { return }
        swap(&messages[first], &messages[second])
    }

    /// Sends datagrams `first..<first + count`.
    ///
    /// - Returns: how many left, and why the next one did not.
    @inline(__always)
    func send(to descriptor: Int32, first: Int, count: Int) -> (sent: Int, errno: Int32) {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let sent = sendmmsg(descriptor, messages + first, UInt32(count), flags)
        return sent < 0 ? (0, errno) : (Int(sent), 0)
    }
}
