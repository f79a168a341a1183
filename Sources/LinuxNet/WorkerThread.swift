import CLinux
import Glibc
import Synchronization

/// A thread of its own for one piece of work.
///
/// `@unchecked Sendable` is sound because the handle is written once, before anybody else can see the object, and
/// `pthread_join` is called at most once, guarded by `joined`.
package final class WorkerThread: @unchecked Sendable {
    package enum Scheduling: Sendable {
        /// For a loop that keeps time: timer slack of 1 ns, and real-time scheduling where this process may have it.
        case realTime
        /// As the process is scheduled.
        case ordinary
        /// For work that may wait: it runs when no other thread wants the processor.
        case background
    }

    private var handle = pthread_t()
    private let joined = Atomic<Bool>(false)

    private final class Start {
        let name: String
        let scheduling: Scheduling
        let body: @Sendable () -> Void

        init(name: String, scheduling: Scheduling, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.scheduling = scheduling
            self.body = body
        }

        func run() {
            pthread_setname_np(pthread_self(), name)
            leaveSignalsToOthers()
            scheduling.apply()
            body()
        }

        /// Signals are for the thread that waits for them; those of a fault are this thread's own.
        private func leaveSignalsToOthers() {
            var signals = sigset_t()
            sigfillset(&signals)
            for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&signals, fault) }
            pthread_sigmask(SIG_SETMASK, &signals, nil)
        }
    }

    /// - Parameter name: at most 15 octets, as `top -H` shows it.
    package nonisolated init(
        name: String,
        scheduling: Scheduling,
        _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        let start = Unmanaged.passRetained(Start(name: name, scheduling: scheduling, body: body))
        let status = pthread_create(
            &handle,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run()
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
    package func join() {
        guard !joined.exchange(true, ordering: .acquiringAndReleasing) else { return }
        pthread_join(handle, nil)
    }
}

extension WorkerThread.Scheduling {
    /// Of the calling thread alone: on Linux a priority belongs to a thread.
    fileprivate func apply() {
        switch self {
        case .realTime:
            _ = CLinux_set_timer_slack(1)
            var priority = sched_param()
            priority.sched_priority = 10
            _ = pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority)
        case .ordinary:
            break
        case .background:
            var priority = sched_param()
            _ = pthread_setschedparam(pthread_self(), SCHED_BATCH, &priority)
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(gettid()), 19)
        }
    }
}
