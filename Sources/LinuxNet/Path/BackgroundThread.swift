import CLinux
import Glibc
import Synchronization
import Units

/// A thread for work that may wait: it runs when no other thread wants the processor.
///
/// `@unchecked Sendable` is sound because the handle is written once, before anybody else can see the object, and
/// `pthread_join` is called at most once, guarded by `joined`.
final class BackgroundThread: @unchecked Sendable {
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
                // Signals are for the thread that waits for them.
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_SETMASK, &all, nil)
                var priority = sched_param()
                _ = pthread_setschedparam(pthread_self(), SCHED_BATCH, &priority)
                // Of this thread alone: on Linux a priority belongs to a thread.
                _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(gettid()), 19)
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

    /// Waits until the work has ended.
    func join() {
        guard !joined.exchange(true, ordering: .acquiringAndReleasing) else { return }
        pthread_join(handle, nil)
    }
}

/// Lets one thread end another's wait.
///
/// `@unchecked Sendable` is sound because the mutex and the condition are made once, in memory that stays where it is
/// until nobody holds the object, and `isSet` is only touched while the mutex is held.
final class StopFlag: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isSet = false

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func set() {
        pthread_mutex_lock(mutex)
        isSet = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Waits until then, or until it is set.
    ///
    /// - Returns: whether it is set.
    func wait(until instant: MonotonicInstant) -> Bool {
        let nanoseconds = max(0, instant.nanoseconds)
        var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isSet {
            if pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT { break }
        }
        return isSet
    }
}
