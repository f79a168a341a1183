import Testing
import Units

@testable import impairment_link

@Suite("The release queue")
struct ReleaseQueueTests {
    @Test("Frames leave by time, and those of one instant in the order in which they came")
    func order() {
        var generator = SplitMix64(seed: 42)
        var queue = ReleaseQueue(capacity: 16)
        let releases = (0..<1_000).map { _ in Int64.random(in: 0..<100, using: &generator) }
        for (index, release) in releases.enumerated() { queue.insert(frame(index, at: release)) }
        var left: [PendingFrame] = []
        while let next = queue.popDue(by: instant(1_000)) { left.append(next) }
        let expected = releases.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
        #expect(left.map(\.buffer) == expected.map(\.offset))
        #expect(queue.count == 0)
    }

    @Test("Nothing leaves before its time")
    func notYet() {
        var queue = ReleaseQueue(capacity: 16)
        queue.insert(frame(1, at: 50))
        #expect(queue.popDue(by: instant(49)) == nil)
        #expect(queue.nextRelease == instant(50))
        #expect(queue.popDue(by: instant(50))?.buffer == 1)
        #expect(queue.nextRelease == nil)
    }

    private func instant(_ nanoseconds: Int64) -> WallInstant { WallInstant(nanosecondsSinceUnixEpoch: nanoseconds) }

    private func frame(_ buffer: Int, at nanoseconds: Int64) -> PendingFrame {
        PendingFrame(release: instant(nanoseconds), direction: .forward, buffer: buffer, length: 60, record: nil)
    }
}
