import Units

/// A frame that waits for its time.
struct PendingFrame: Equatable, Sendable {
    var release: WallInstant
    /// Frames of one release instant leave in the order in which they were put in.
    var order: UInt64 = 0
    var direction: Direction
    var buffer: Int
    var length: Int
    /// The line of the log that tells of it; nil for frames that are not UDP.
    var record: Int?
}

/// A binary min-heap by release instant.
struct ReleaseQueue: Sendable {
    private var heap: [PendingFrame] = []
    private var nextOrder: UInt64 = 0

    init(capacity: Int) { heap.reserveCapacity(capacity) }

    var count: Int { heap.count }
    var nextRelease: WallInstant? { heap.first?.release }

    mutating func insert(_ frame: PendingFrame) {
        var frame = frame
        frame.order = nextOrder
        nextOrder += 1
        heap.append(frame)
        var child = heap.count - 1
        while child > 0, precedes(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes out the frame that is due first, if it is due by `now`.
    mutating func popDue(by now: WallInstant) -> PendingFrame? {
        guard let first = heap.first, first.release <= now else { return nil }
        return removeFirst()
    }

    private mutating func removeFirst() -> PendingFrame {
        heap.swapAt(0, heap.count - 1)
        let first = heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) {
                least = child
            }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].release, heap[left].order) < (heap[right].release, heap[right].order)
    }
}
