import CLinux
import Glibc
import ProbeCore
import Synchronization
import Units
import Wire

/// What a reflector serves and how.
public struct ReflectorPlan: Sendable {
    public var listen: [SocketAddress]
    public var policy: ReflectorPolicy
    /// The most sessions that are remembered at once.
    public var sessionCapacity: Int
    public var idleTimeout: Nanoseconds
    /// What one source may send, and how much at once after a silence.
    public var packetsPerSecond: Int
    public var burst: Int
    /// What this host says of its clock: nil asks the kernel, or its witness, again every second.
    public var clock: ReflectorClock?

    public init(
        listen: [SocketAddress],
        policy: ReflectorPolicy,
        sessionCapacity: Int = 65_536,
        idleTimeout: Nanoseconds = .seconds(900),
        packetsPerSecond: Int = 20_000,
        burst: Int = 4_000,
        clock: ReflectorClock? = nil
    ) {
        self.listen = listen
        self.policy = policy
        self.sessionCapacity = sessionCapacity
        self.idleTimeout = idleTimeout
        self.packetsPerSecond = packetsPerSecond
        self.burst = burst
        self.clock = clock
    }
}

/// A session-reflector's state at one moment.
public struct ReflectorStatus: Sendable {
    public var counters: ReflectorCounters
    public var sessions: Int
    public var evictedSessions: Int
}

/// Runs a session-reflector on a thread of its own.
///
/// `@unchecked Sendable` is sound because the loop is touched by its thread alone between start and join; everything
/// shared before that is atomic or behind a mutex.
public final class ReflectorThread: @unchecked Sendable {
    /// Where it listens.
    public let addresses: [SocketAddress]

    private let loop: UnsafeMutablePointer<ReflectorLoop>
    private let signals = ReflectorSignals()
    private let waker: Waker
    private var thread: WorkerThread?

    /// Opens the sockets.
    ///
    /// - Throws: ``SystemError`` naming the address that cannot be listened on.
    public init(_ plan: ReflectorPlan) throws(SystemError) {
        addresses = plan.listen
        let waker = try Waker()
        let loop = try ReflectorLoop(plan, signals: signals, waker: waker.number)
        self.waker = waker
        self.loop = .allocate(capacity: 1)
        self.loop.initialize(to: loop)
    }

    deinit {
        stop()
        loop.deinitialize(count: 1)
        loop.deallocate()
    }

    public func start() throws(SystemError) {
        thread = try WorkerThread(name: "reflector", scheduling: .realTime) { [unowned(unsafe) self] in
            loop.pointee.run()
        }
    }

    /// Ends the loop and waits for it.
    public func stop() {
        signals.stopRequested.store(true, ordering: .releasing)
        waker.wake()
        thread?.join()
        thread = nil
    }

    /// The state a moment ago: the thread publishes it when asked.
    public func status() -> ReflectorStatus {
        guard thread != nil else { return loop.pointee.status }
        let asked = signals.statusWanted.add(1, ordering: .acquiringAndReleasing).newValue
        waker.wake()
        while signals.statusGiven.load(ordering: .acquiring) < asked { usleep(500) }
        return signals.status.withLock { $0 } ?? loop.pointee.status
    }
}

/// What other threads ask of the reflector's thread, and its answer.
final class ReflectorSignals: Sendable {
    let stopRequested = Atomic<Bool>(false)
    let statusWanted = Atomic<Int>(0)
    let statusGiven = Atomic<Int>(0)
    let status = Mutex<ReflectorStatus?>(nil)
}
