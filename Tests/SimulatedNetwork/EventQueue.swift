import Units

/// Events by the true time at which they happen; those of one moment in the order in which they were added.
struct EventQueue<Event> {
    private struct Entry {
        var at: Nanoseconds
        var order: Int
        var event: Event

        func isBefore(_ other: Entry) -> Bool { (at, order) < (other.at, other.order) }
    }

    /// A binary heap.
    private var entries: [Entry] = []
    private var added = 0

    mutating func add(_ event: Event, at instant: Nanoseconds) {
        entries.append(Entry(at: instant, order: added, event: event))
        added += 1
        var child = entries.count - 1
        while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The earliest; nil when there is none.
    mutating func next() -> (at: Nanoseconds, event: Event)? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return (first.at, first.event)
    }

    private mutating func sink() {
        var parent = 0
        while 2 * parent + 1 < entries.count {
            var child = 2 * parent + 1
            if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
            guard entries[child].isBefore(entries[parent]) else { return }
            entries.swapAt(parent, child)
            parent = child
        }
    }
}
