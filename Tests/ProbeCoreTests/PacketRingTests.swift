import Foundation
import ProbeCore
import Synchronization
import Testing
import Units

/// One writer, one reader, nothing lost in silence.
@Suite struct PacketRingTests {
    private func record(_ number: Int) -> PacketRecord {
        var record = PacketRecord.sent(
            stream: UInt16(truncatingIfNeeded: number),
            sequence: UInt32(truncatingIfNeeded: number),
            at: WallInstant(nanosecondsSinceUnixEpoch: Int64(number)),
            lateness: Nanoseconds(Int64(number) * 3),
            measured: true
        )
        record.farSentAt = Int64(number) * 7
        return record
    }

    private func numbers(in ring: PacketRing) -> [Int] {
        var found: [Int] = []
        ring.drain { found.append(Int($0.at)) }
        return found
    }

    @Test(arguments: [(0, 2), (1, 2), (2, 2), (3, 4), (1_000, 1_024), (1_024, 1_024)])
    func capacityIsRoundedUpToAPowerOfTwo(asked: Int, given: Int) {
        #expect(PacketRing(capacity: asked).capacity == given)
    }

    @Test func recordsComeOutWholeAndInOrder() {
        let ring = PacketRing(capacity: 8)
        for number in 0..<5 { ring.push(record(number)) }
        var out: [PacketRecord] = []
        ring.drain { out.append($0) }
        #expect(out.map(\.sequence) == [0, 1, 2, 3, 4])
        #expect(out.map(\.value) == [0, 3, 6, 9, 12])
        #expect(out.map(\.farSentAt) == [0, 7, 14, 21, 28])
        #expect(out.allSatisfy { $0.kind == .sent && $0.flags == .measured })
        #expect(numbers(in: ring).isEmpty)
    }

    @Test func whatFindsTheRingFullIsCountedAndOverwritesNothing() {
        let ring = PacketRing(capacity: 4)
        for number in 0..<7 { ring.push(record(number)) }
        #expect(ring.overflow == 3)
        #expect(numbers(in: ring) == [0, 1, 2, 3])
        ring.push(record(7))
        #expect(numbers(in: ring) == [7])
        #expect(ring.overflow == 3)
    }

    @Test func theRingWrapsAround() {
        let ring = PacketRing(capacity: 4)
        var pushed = 0
        var drained: [Int] = []
        for round in 0..<100 {
            for _ in 0..<(round % 4 + 1) {
                ring.push(record(pushed))
                pushed += 1
            }
            drained += numbers(in: ring)
        }
        #expect(drained == Array(0..<pushed))
        #expect(ring.overflow == 0)
    }

    @Test func whatIsPushedWhileDrainingWaitsForTheNextDrain() {
        let ring = PacketRing(capacity: 4)
        for number in 0..<4 { ring.push(record(number)) }
        var first: [Int] = []
        ring.drain {
            first.append(Int($0.at))
            // The place of the record in hand is free again.
            ring.push(record(Int($0.at) + 4))
        }
        #expect(first == [0, 1, 2, 3])
        #expect(numbers(in: ring) == [4, 5, 6, 7])
        #expect(ring.overflow == 0)
    }

    @Test func aRecordFitsACacheLine() {
        #expect(MemoryLayout<PacketRecord>.stride <= 64)
    }
}

/// The ring between two threads that really run at once.
@Suite struct PacketRingThreadTests {
    private static let count = 2_000_000

    private final class Progress: Sendable {
        let taken = Atomic<Int>(0)
        let isDone = Atomic<Bool>(false)
    }

    private struct Received {
        var count = 0
        var checksum: UInt64 = 0
        var isInOrder = true
        private var last: Int64 = -1

        mutating func take(_ record: PacketRecord) {
            count += 1
            checksum = checksum &* 31 &+ UInt64(bitPattern: record.at &+ record.farSentAt)
            isInOrder = isInOrder && record.at > last && record.farSentAt == ~record.at
            last = record.at
        }
    }

    private static func record(_ number: Int) -> PacketRecord {
        var record = PacketRecord(kind: .reply, stream: 0, at: WallInstant(nanosecondsSinceUnixEpoch: Int64(number)))
        record.farSentAt = ~record.at
        return record
    }

    private func run(paced: Bool) -> (received: Received, overflow: Int) {
        let ring = PacketRing(capacity: 1_024)
        let progress = Progress()
        let writer = Thread {
            for number in 0..<Self.count {
                while paced, number - progress.taken.load(ordering: .acquiring) >= ring.capacity { sched_yield() }
                ring.push(Self.record(number))
            }
            progress.isDone.store(true, ordering: .releasing)
        }
        writer.start()
        var received = Received()
        var isDone = false
        repeat {
            isDone = progress.isDone.load(ordering: .acquiring)
            let before = received.count
            ring.drain { received.take($0) }
            progress.taken.store(received.count, ordering: .releasing)
            if received.count == before { sched_yield() }
        } while !isDone
        return (received, ring.overflow)
    }

    @Test func everyRecordOfAWriterThatWaitsArrivesOnceAndInOrder() {
        var expected = Received()
        for number in 0..<Self.count { expected.take(Self.record(number)) }
        let (received, overflow) = run(paced: true)
        #expect(received.count == Self.count)
        #expect(received.checksum == expected.checksum)
        #expect(received.isInOrder)
        #expect(overflow == 0)
    }

    @Test func everyRecordOfAWriterThatDoesNotWaitArrivesOrIsCounted() {
        let (received, overflow) = run(paced: false)
        #expect(received.count + overflow == Self.count)
        #expect(received.isInOrder)
    }
}
