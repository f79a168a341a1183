import ProbeCore
import Testing
import Units

@Suite struct SendGridTests {
    private let start = MonotonicInstant(nanoseconds: 5_000_000_000)

    private func slots(_ count: Int, of grid: SendGrid) -> [SendGrid.Slot] {
        var grid = grid
        return (0..<count).map { _ in
            defer { grid.advance() }
            return grid.next
        }
    }

    @Test func streamsAreSpreadEvenlyWithinTheInterval() {
        let grid = SendGrid(start: start, interval: .milliseconds(20), streams: 4)
        let first = slots(9, of: grid)
        #expect(first.map(\.stream) == [0, 1, 2, 3, 0, 1, 2, 3, 0])
        #expect(first.map(\.round) == [0, 0, 0, 0, 1, 1, 1, 1, 2])
        let times = first.map { ($0.at - start).count / 1_000_000 }
        #expect(times == [0, 5, 10, 15, 20, 25, 30, 35, 40])
    }

    @Test func anIntervalThatDoesNotDivideIsRoundedWithinTheRoundOnly() {
        let grid = SendGrid(start: start, interval: Nanoseconds(10), streams: 3)
        let offsets = slots(7, of: grid).map { ($0.at - start).count }
        #expect(offsets == [0, 3, 6, 10, 13, 16, 20])
    }

    @Test func nothingAddsUpOverAMillionRounds() {
        var grid = SendGrid(start: start, interval: Nanoseconds(19_999_999), streams: 3)
        for _ in 0..<3_000_000 { grid.advance() }
        let slot = grid.next
        #expect(slot.round == 1_000_000)
        #expect(slot.stream == 0)
        #expect(slot.at == MonotonicInstant(nanoseconds: 5_000_000_000 + 19_999_999 * 1_000_000))
        grid.advance()
        #expect(grid.next.at - slot.at == Nanoseconds(6_666_666))
    }

    @Test func oneStreamHasTheIntervalToItself() {
        let grid = SendGrid(start: start, interval: .milliseconds(20), streams: 1)
        #expect(slots(3, of: grid).map { ($0.at - start).count } == [0, 20_000_000, 40_000_000])
        #expect(grid.offset(of: 0) == .zero)
    }
}
