import Foundation
import Synchronization
import Units

/// Delivers what the spool holds, on a thread of its own, until it is stopped.
///
/// The thread sleeps until something is due or ``wake()`` is called; nothing that happens to one batch keeps the next
/// one, the checks, or whoever calls here, from going on.
public final class Pusher: Sendable {
    private struct State {
        var isStarted = false
        var nextAttempt: MonotonicInstant?
        var succeeded = 0
        var failed = 0
    }

    private let spool: Spool
    private let settings: CollectorSettings
    private let backoff: Backoff
    private let userAgent: String
    private let clock: any ClockSource
    private let report: @Sendable (PushEvent) -> Void
    private let transport = CurlTransport()
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter report: called on the pushing thread.
    public init(
        spool: Spool,
        settings: CollectorSettings,
        backoff: Backoff = Backoff(),
        version: String,
        clock: any ClockSource,
        report: @escaping @Sendable (PushEvent) -> Void = { _ in }
    ) {
        self.spool = spool
        self.settings = settings
        self.backoff = backoff
        userAgent = "linecheck/\(version)"
        self.clock = clock
        self.report = report
    }

    /// Begins to deliver. Once only.
    public func start() {
        let wasStarted = state.withLock { state in
            defer { state.isStarted = true }
            return state.isStarted
        }
        precondition(!wasStarted, "a pusher starts once")
        let thread = Thread { self.run() }
        thread.name = "push"
        thread.start()
    }

    /// Tells that there is something new in the spool.
    public func wake() { transport.wake() }

    /// Stops in the middle of whatever it does, within a second. What was being sent stays in the spool, and is sent
    /// again by the next pusher; the collector tells by its id if it had arrived. Once only.
    public func stop() {
        transport.stop()
        guard state.withLock({ $0.isStarted }) else { return }
        ended.wait()
    }

    public var status: PushStatus {
        var status = PushStatus()
        status.spool = spool.status
        let now = clock.read()
        status.oldestPendingAge = status.spool.oldestPending.map { max(.zero, now.wall - $0) }
        state.withLock { state in
            status.nextAttemptIn = state.nextAttempt.map { max(.zero, $0 - now.monotonic) }
            status.succeeded = state.succeeded
            status.failed = state.failed
        }
        return status
    }

    private func run() {
        var delivery = Delivery(
            spool: spool,
            settings: settings,
            backoff: backoff,
            userAgent: userAgent,
            transport: transport,
            clock: clock
        )
        while !transport.hasStopped {
            let step = delivery.step()
            note(step)
            for event in step.events { report(event) }
            if step.wait > .zero { transport.wait(step.wait) }
        }
        ended.signal()
    }

    private func note(_ step: Delivery.Step) {
        state.withLock { state in
            state.nextAttempt = step.nextAttempt
            for event in step.events {
                switch event {
                case .delivered: state.succeeded += 1
                case .failed: state.failed += 1
                case .setAside: break
                }
            }
        }
    }
}
