import ProbeCore
import Testing
import Units

/// The table against a list that does the same in the plainest way.
@Suite struct SessionTableTests {
    private struct NaiveTable {
        struct Entry {
            var key: SessionKey
            var replies: UInt32
            var lastSeen: MonotonicInstant
        }

        let capacity: Int
        let idleTimeout: Nanoseconds
        /// Longest silent first.
        var entries: [Entry] = []
        var evicted = 0
        var restarted = 0

        /// - Returns: how many replies the key's session had before.
        mutating func use(_ key: SessionKey, now: MonotonicInstant) -> UInt32 {
            var entry = Entry(key: key, replies: 0, lastSeen: now)
            if let index = entries.firstIndex(where: { $0.key == key }) {
                let old = entries.remove(at: index)
                let isIdle = now - old.lastSeen > idleTimeout
                restarted += isIdle ? 1 : 0
                entry.replies = isIdle ? 0 : old.replies
            } else if entries.count == capacity {
                if now - entries.removeFirst().lastSeen <= idleTimeout { evicted += 1 }
            }
            entry.replies += 1
            entries.append(entry)
            return entry.replies - 1
        }
    }

    /// Keys that differ in the upper half of one address only: by a hash made of zeros all fall into one bucket.
    private static func key(_ number: Int) -> SessionKey {
        SessionKey(
            source: IPAddress(ipv6High: UInt64(number) << 32, low: 1),
            destination: .example6(2),
            sourcePort: 40_000,
            destinationPort: 3478,
            ssid: 0
        )
    }

    private func compare(_ table: SessionTable, keys: Int, capacity: Int, seed: UInt64, operations: Int) {
        var table = table
        var model = NaiveTable(capacity: capacity, idleTimeout: .seconds(10))
        var generator = SeededGenerator(seed: seed)
        var now = MonotonicInstant(nanoseconds: 1)
        var slots: [Int: SessionKey] = [:]
        for operation in 0..<operations {
            let isPause = Int.random(in: 0..<500, using: &generator) == 0
            now = now + Nanoseconds(Int64.random(in: 0...(isPause ? 20_000_000_000 : 100_000_000), using: &generator))
            let key = Self.key(Int.random(in: 0..<keys, using: &generator))
            let expected = model.use(key, now: now)
            let slot = table.slot(for: key, now: now)
            let found = table[slot].nextSequence
            table[slot].nextSequence += 1
            slots[slot] = key
            guard found == expected, table.key(at: slot) == key, table.count == model.entries.count,
                table.evicted == model.evicted, (0..<capacity).contains(slot)
            else {
                Issue.record("operation \(operation) of seed \(seed): \(found) replies, not \(expected)")
                return
            }
        }
        #expect(slots.allSatisfy { table.key(at: $0.key) == $0.value })
        #expect(table.count == capacity)
        #expect(model.evicted > 0 && model.restarted > 0)
    }

    @Test(arguments: [(1, 3), (2, 3), (3, 5), (16, 40), (16, 17), (64, 100)])
    func aHundredThousandOperationsAgreeWithTheModel(capacity: Int, keys: Int) {
        let seed = UInt64(capacity * 1_000 + keys)
        var generator = SeededGenerator(seed: seed)
        let table = SessionTable(capacity: capacity, idleTimeout: .seconds(10), using: &generator)
        compare(table, keys: keys, capacity: capacity, seed: seed, operations: 100_000)
    }

    @Test(arguments: [(1, 3), (3, 5), (16, 40)])
    func sessionsOfOneBucketAreNotMixedUp(capacity: Int, keys: Int) {
        var constant = ConstantGenerator()
        let table = SessionTable(capacity: capacity, idleTimeout: .seconds(10), using: &constant)
        compare(table, keys: keys, capacity: capacity, seed: 1, operations: 20_000)
    }

    @Test func aKeyIsAllOfItsParts() {
        var generator = SeededGenerator(seed: 2)
        var table = SessionTable(capacity: 16, idleTimeout: .seconds(10), using: &generator)
        let now = MonotonicInstant(nanoseconds: 1)
        let key = Self.key(0)
        var keys = Array(repeating: key, count: 6)
        keys[1].source = .example(1)
        keys[2].destination = .example(1)
        keys[3].sourcePort += 1
        keys[4].destinationPort += 1
        keys[5].ssid += 1
        let slots = keys.map { table.slot(for: $0, now: now) }
        #expect(Set(slots).count == 6 && table.count == 6)
        #expect(keys.map { table.slot(for: $0, now: now) } == slots)
    }

    @Test func theTimeoutRunsFromTheLastPacketAndRestartsTheCounter() {
        var generator = SeededGenerator(seed: 3)
        var table = SessionTable(capacity: 2, idleTimeout: .seconds(10), using: &generator)
        let start = MonotonicInstant(nanoseconds: 0)
        for second in stride(from: 0, through: 100, by: 10) as StrideThrough<Int64> {
            let slot = table.slot(for: Self.key(1), now: start + .seconds(second))
            #expect(table[slot].nextSequence == UInt32(second / 10))
            table[slot].nextSequence += 1
        }
        let slot = table.slot(for: Self.key(1), now: start + .seconds(110) + Nanoseconds(1))
        #expect(table[slot].nextSequence == 0 && table[slot].received == 0)
        #expect(table.count == 1 && table.evicted == 0)
    }

    @Test func onlySessionsStillAliveCountAsEvicted() {
        var generator = SeededGenerator(seed: 4)
        var table = SessionTable(capacity: 1, idleTimeout: .seconds(10), using: &generator)
        let start = MonotonicInstant(nanoseconds: 0)
        _ = table.slot(for: Self.key(1), now: start)
        _ = table.slot(for: Self.key(2), now: start + .seconds(11))
        #expect(table.evicted == 0)
        _ = table.slot(for: Self.key(3), now: start + .seconds(12))
        #expect(table.evicted == 1)
    }

    @Test func strangersCannotFillOneBucket() {
        // With a seed of its own the table spreads even keys made to collide by another seed.
        var generator = SeededGenerator(seed: 5)
        var table = SessionTable(capacity: 4_096, idleTimeout: .seconds(10), using: &generator)
        let now = MonotonicInstant(nanoseconds: 1)
        for number in 0..<20_000 { _ = table.slot(for: Self.key(number), now: now) }
        #expect(table.count == 4_096)
        #expect(table.evicted == 20_000 - 4_096)
    }
}
