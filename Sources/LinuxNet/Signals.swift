import CLinux
import Glibc
import Units

/// Signals taken as events by one thread, instead of interrupting any.
public struct Signals: ~Copyable {
    private let descriptor: FileDescriptor

    /// Must be made before any other thread is, so that all of them leave these signals alone.
    public init(_ numbers: [Int32]) throws(SystemError) {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        descriptor = try FileDescriptor("signalfd") {
            signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
        }
    }

    /// The next signal, or nil when none came within `timeout` (nil: however long).
    public func next(within timeout: Nanoseconds?) -> Int32? {
        var poll = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        let milliseconds = timeout.map { Int32(clamping: ($0.count + 999_999) / 1_000_000) } ?? -1
        guard Glibc.poll(&poll, 1, milliseconds) > 0 else { return nil }
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard read(descriptor.number, &information, size) == size else { return nil }
        return Int32(bitPattern: information.ssi_signo)
    }
}
