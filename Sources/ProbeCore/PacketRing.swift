import Synchronization
import Units

/// A ring of fixed-size records between exactly one writing and one reading thread: preallocated, no lock, and
/// nothing allocated or reference-counted per record.
///
/// `@unchecked Sendable` is sound because a slot is written only by the writer while it lies outside
/// [taken, written), and read only by the reader while it lies inside; the two counters are published with release
/// and read with acquire ordering.
public final class PacketRing: @unchecked Sendable {
    private let slots: UnsafeMutablePointer<PacketRecord>
    private let mask: Int
    private let written = Atomic<Int>(0)
    private let taken = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)

    /// - Parameter capacity: rounded up to a power of two.
    public init(capacity: Int) {
        var size = 2
        while size < capacity { size *= 2 }
        slots = .allocate(capacity: size)
        // Touched now, so that no page fault happens on the probe thread.
        let empty = PacketRecord(kind: .missed, stream: 0, at: WallInstant(nanosecondsSinceUnixEpoch: 0))
        slots.initialize(repeating: empty, count: size)
        mask = size - 1
    }

    deinit { slots.deallocate() }

    public var capacity: Int { mask + 1 }

    /// Records that found the ring full and were dropped. Anything but 0 makes a run's numbers void.
    public var overflow: Int { refused.load(ordering: .relaxed) }

    /// For the writing thread only. Counts the record as overflow when the reader is a whole ring behind.
    @inline(__always)
    public func push(_ record: PacketRecord) {
        let position = written.load(ordering: .relaxed)
        guard position &- taken.load(ordering: .acquiring) <= mask else {
            refused.add(1, ordering: .relaxed)
            return
        }
        slots[position & mask] = record
        written.store(position &+ 1, ordering: .releasing)
    }

    /// For the reading thread only: hands every record written so far to `body`, oldest first.
    public func drain(_ body: (PacketRecord) -> Void) {
        var position = taken.load(ordering: .relaxed)
        let end = written.load(ordering: .acquiring)
        while position != end {
            let record = slots[position & mask]
            position &+= 1
            taken.store(position, ordering: .releasing)
            body(record)
        }
    }
}
