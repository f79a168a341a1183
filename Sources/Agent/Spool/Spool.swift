import Synchronization
import Units

/// Where documents wait until the collector has them: a file that survives whatever is killed or cut when.
///
/// ``store(_:)`` has written and synced a document when it returns `.durable`. A document leaves the spool when the
/// collector says that it has it, or, counted and reported, for want of room. No call throws: a disk that is full, a
/// file system that is read-only and a damaged file are conditions to live with, told by ``status`` and by events.
///
/// Any thread may call; calls are brief and take turns.
public final class Spool: Sendable {
    private let keeper: Mutex<SpoolKeeper>
    private let clock: any ClockSource
    private let report: @Sendable (SpoolEvent) -> Void

    /// - Parameter report: called on the thread on which something happened, with no lock held.
    public init(
        _ settings: SpoolSettings,
        clock: any ClockSource,
        report: @escaping @Sendable (SpoolEvent) -> Void = { _ in }
    ) {
        self.clock = clock
        self.report = report
        keeper = Mutex(SpoolKeeper(settings))
        // Opens the file, or finds out why it cannot be opened.
        flush()
    }

    private func with<Value: Sendable>(_ work: (inout SpoolKeeper, WallInstant) -> Value) -> Value {
        let now = clock.read().wall
        let (value, events) = keeper.withLock { keeper in (work(&keeper, now), keeper.takeEvents()) }
        for event in events { report(event) }
        return value
    }

    /// Takes a document. One of an id that waits already changes nothing.
    ///
    /// - Returns: `.durable` when it is on the disk; else why it is not, and it waits in memory to be written as soon
    ///   as that can be.
    @discardableResult
    public func store(_ document: SpooledDocument) -> SpoolCondition {
        with { keeper, now in
            keeper.store(document, now: now)
            return keeper.condition
        }
    }

    /// Tries again to write what waits in memory.
    public func flush() { with { $0.flush(now: $1) } }

    public var status: SpoolStatus { with { $0.status(now: $1) } }

    /// Whether documents lie on the disk; cheaper than ``status``.
    public var condition: SpoolCondition { with { keeper, _ in keeper.condition } }

    /// What the collector refused, oldest first.
    public var setAside: [SetAsideDocument] { with { $0.setAside(now: $1) } }

    /// Puts all that was set aside back among what waits.
    ///
    /// - Returns: how many.
    @discardableResult
    public func releaseSetAside() -> Int { with { $0.releaseSetAside(now: $1) } }

    /// Writes what can be written and closes the file. A later call would open it again.
    public func close() { with { $0.close(now: $1) } }

    /// The documents that came last, of those that are still here, the latest first.
    public func latest(_ kind: DocumentKind, upTo count: Int) -> [SpooledDocument] {
        with { $0.latest(kind, upTo: count, now: $1) }
    }

    /// Whether the latest result of a schedule that was stored is that of this slot, wherever it is by now.
    public func isFilled(_ slot: RunningSlot) -> Bool { with { $0.isFilled(slot, now: $1) } }

    // MARK: - For the push

    func pending(
        _ kind: DocumentKind,
        upTo count: Int,
        octets: Int,
        excluding excluded: Set<String> = []
    ) -> [SpooledDocument] {
        with { $0.pending(kind, upTo: count, octets: octets, excluding: excluded, now: $1) }
    }

    func pending(ids: [String]) -> [SpooledDocument] { with { $0.pending(ids: ids, now: $1) } }

    /// Writes what became of documents, and when a push last succeeded.
    func settle(_ settlements: [String: Settlement], succeeded: Bool) {
        with { keeper, now in
            if succeeded { keeper.succeeded(at: now) }
            keeper.settle(settlements, now: now)
        }
    }

    func failed(_ reason: String) {
        with { keeper, now in keeper.failed(PushFailure(at: now, reason: reason), now: now) }
    }
}
