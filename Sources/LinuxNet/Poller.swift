import CLinux
import Glibc
import Units

/// Waits until a socket can be read, a moment has come, or another thread calls.
struct Poller: ~Copyable {
    /// What woke the waiting thread: the number that a descriptor was registered with.
    typealias Token = UInt32

    private let epoll: FileDescriptor
    private let events: UnsafeMutablePointer<epoll_event>
    private static let capacity = 64

    init() throws(SystemError) {
        epoll = try FileDescriptor("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
        events = .allocate(capacity: Self.capacity)
        events.initialize(repeating: epoll_event(), count: Self.capacity)
    }

    deinit { events.deallocate() }

    func add(_ descriptor: Int32, token: Token) throws(SystemError) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u32 = token
        _ = try valueOrError("epoll_ctl") { epoll_ctl(epoll.number, EPOLL_CTL_ADD, descriptor, &event) }
    }

    /// - Parameter timeout: nil waits for an event however long.
    /// - Returns: how many events there are, to be read with ``token(_:)``.
    @inline(__always)
    func wait(_ timeout: Nanoseconds?) -> Int {
        guard let timeout else {
            return max(0, Int(epoll_pwait2(epoll.number, events, Int32(Self.capacity), nil, nil)))
        }
        let length = max(0, timeout.count)
        var time = timespec(tv_sec: Int(length / 1_000_000_000), tv_nsec: Int(length % 1_000_000_000))
        return max(0, Int(epoll_pwait2(epoll.number, events, Int32(Self.capacity), &time, nil)))
    }

    @inline(__always)
    func token(_ index: Int) -> Token { events[index].data.u32 }

    /// Whether the error queue has something.
    @inline(__always)
    func hasError(_ index: Int) -> Bool { events[index].events & EPOLLERR.rawValue != 0 }

    @inline(__always)
    func isReadable(_ index: Int) -> Bool { events[index].events & EPOLLIN.rawValue != 0 }
}

/// Lets one thread wake another that waits in a ``Poller``.
struct Waker: ~Copyable {
    private let descriptor: FileDescriptor

    var number: Int32 { descriptor.number }

    init() throws(SystemError) {
        descriptor = try FileDescriptor("eventfd") {
            eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        }
    }

    func wake() {
        var one: UInt64 = 1
        _ = write(descriptor.number, &one, MemoryLayout<UInt64>.size)
    }

    func clear() {
        var value: UInt64 = 0
        _ = read(descriptor.number, &value, MemoryLayout<UInt64>.size)
    }
}
