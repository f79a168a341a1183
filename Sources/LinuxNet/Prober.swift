import CLinux
import Glibc
import ProbeCore
import Synchronization
import Units
import Wire

/// Runs a ``ProbePlan`` on a thread of its own; what happens is read from `ring`.
///
/// `@unchecked Sendable` is sound because the loop's state is touched by its thread alone once that has started;
/// everything shared is atomic, immutable, or the ring.
public final class Prober: @unchecked Sendable {
    public let ring: PacketRing
    /// Both clocks at the start: the origin of the run's own clock.
    public let origin: ClockReading
    /// Where each stream sends from.
    public let localAddresses: [SocketAddress?]

    private let loop: UnsafeMutablePointer<ProbeLoop>
    private let signals = ProbeSignals()
    private let waker: Waker
    private var thread: WorkerThread?

    /// Opens a socket for every stream.
    ///
    /// - Throws: ``SystemError`` naming the call that failed; `TextRefusal` where a packet cannot be made.
    public init(_ plan: ProbePlan, clock: SystemClock = SystemClock()) throws {
        // Room for two seconds of everything, should the reader be held up: three records a packet.
        let perSecond = plan.streams.count * Int(1_000_000_000 / max(1, plan.interval.count) + 1)
        ring = PacketRing(capacity: max(4_096, perSecond * 2 * 4))
        origin = clock.read()
        waker = try Waker()
        let loop = try ProbeLoop(plan, clock: clock, origin: origin, ring: ring, signals: signals, waker: waker.number)
        localAddresses = loop.localAddresses
        self.loop = .allocate(capacity: 1)
        self.loop.initialize(to: loop)
    }

    deinit {
        thread?.join()
        loop.deinitialize(count: 1)
        loop.deallocate()
    }

    public func start() throws(SystemError) {
        thread = try WorkerThread(name: "probe", scheduling: .realTime) { [unowned(unsafe) self] in
            loop.pointee.run()
            signals.finished.store(true, ordering: .releasing)
        }
    }

    /// Ends the measured part of the run now; its last packets may still be answered.
    public func stop() {
        signals.stopRequested.store(true, ordering: .releasing)
        waker.wake()
    }

    /// Ends the run without waiting for anything.
    public func abandon() {
        signals.abandonRequested.store(true, ordering: .releasing)
        waker.wake()
    }

    /// Replies that the sockets' receive buffers have dropped so far.
    public var socketDrops: Int { signals.socketDrops.load(ordering: .relaxed) }

    public var isFinished: Bool { signals.finished.load(ordering: .acquiring) }

    /// What the run came to; valid once finished.
    public var outcome: ProbeOutcome { loop.pointee.outcome }

    /// For each stream to a STUN or TURN server the reply that tells most about it: the first, or the first that names
    /// another server; valid once finished.
    public var keptReplies: [[UInt8]?] { loop.pointee.keptReplies }
}

/// What a run came to beside its records.
public struct ProbeOutcome: Hashable, Sendable {
    /// Rounds of the send grid that counted: fewer than planned when the run was stopped.
    public var measuredRounds: Int
    /// Replies that the sockets' receive buffers dropped.
    public var socketDrops: Int

    public init(measuredRounds: Int, socketDrops: Int) {
        self.measuredRounds = measuredRounds
        self.socketDrops = socketDrops
    }
}

/// What other threads tell the probe thread, and it them.
final class ProbeSignals: Sendable {
    let stopRequested = Atomic<Bool>(false)
    let abandonRequested = Atomic<Bool>(false)
    let finished = Atomic<Bool>(false)
    let socketDrops = Atomic<Int>(0)
}
