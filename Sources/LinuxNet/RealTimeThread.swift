import CLinux
import Glibc
import Synchronization

/// A thread of its own for one loop that keeps time: timer slack of 1 ns, and real-time scheduling where this
/// process may have it.
///
/// `@unchecked Sendable` is sound because the handle is written once, before anybody else can see the object, and
/// `pthread_join` is called at most once, guarded by `joined`.
final class RealTimeThread: @unchecked Sendable {
    private var handle = pthread_t()
    private let joined = Atomic<Bool>(false)

    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// - Parameter name: at most 15 octets, as `top -H` shows it.
    nonisolated init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        let status = pthread_create(
            &handle,
            nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                pthread_setname_np(pthread_self(), start.name)
                _ = CLinux_set_timer_slack(1)
                var priority = sched_param()
                priority.sched_priority = 10
                _ = pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority)
                start.body()
                return nil
            },
            start.toOpaque()
        )
        guard status == 0 else {
            start.release()
            throw SystemError("pthread_create", errno: status)
        }
    }

    /// Waits until the loop has ended.
    func join() {
        guard !joined.exchange(true, ordering: .acquiringAndReleasing) else { return }
        pthread_join(handle, nil)
    }
}
