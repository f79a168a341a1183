import Foundation
import Readiness
import Results
import Statistics
import Units

/// Delay over time as a terminal shows it: in each column the median, and the greatest above it; losses beneath.
struct DelayPlot {
    struct Glyphs {
        var median: String
        var upTo: String
        var target: String
        var limit: String
        var axis: String
        var corner: String
        var floor: String
        var window: String

        static let unicode = Glyphs(
            median: "●",
            upTo: "│",
            target: "┄",
            limit: "━",
            axis: "┤",
            corner: "└",
            floor: "─",
            window: "▀"
        )
        static let ascii = Glyphs(
            median: "o",
            upTo: "|",
            target: "-",
            limit: "=",
            axis: "|",
            corner: "+",
            floor: "-",
            window: "^"
        )
    }

    static let columns = 64
    private static let rows = 10

    let packets: [KeptPacket]
    let delay: (KeptPacket) -> Nanoseconds?
    let isLost: (KeptPacket) -> Bool
    let bounds: (target: Double, limit: Double)
    let span: Range<WallInstant>
    let glyphs: Glyphs

    /// Packets by column.
    private var byColumn: [[KeptPacket]] {
        var columns = Array(repeating: [KeptPacket](), count: Self.columns)
        for packet in packets where span.contains(packet.sentAt) { columns[column(of: packet.sentAt)].append(packet) }
        return columns
    }

    func column(of instant: WallInstant) -> Int {
        let share = (instant - span.lowerBound).seconds / max(1e-9, (span.upperBound - span.lowerBound).seconds)
        return Int(min(Double(Self.columns - 1), max(0, share * Double(Self.columns))))
    }

    /// The greatest that is drawn: a round number above every delay, and above the target where that is not far. On a
    /// line far below its target one wants to see the delays, not the distance.
    private func top(_ greatest: Double) -> Double {
        let shown = greatest >= bounds.target / 2 ? max(greatest, bounds.target * 1.1) : greatest
        let steps: [Double] = [1, 2, 3, 4, 5, 6, 8, 10]
        var scale = 0.001
        while scale < 1e9 {
            if let step = steps.first(where: { $0 * scale >= shown }) { return step * scale }
            scale *= 10
        }
        return shown
    }

    /// From the top row to the line of losses, each without the report's indent.
    func lines() -> [Line] {
        let columns = byColumn
        let delays = columns.map { column in column.compactMap { delay($0)?.milliseconds }.sorted() }
        let top = top(delays.compactMap(\.last).max() ?? 0)
        var lines = (0..<Self.rows).map { row(Self.rows - 1 - $0, top: top, delays) }
        var floor = Line("        \(glyphs.corner)", .faint)
        floor.append(String(repeating: glyphs.floor, count: Self.columns), .faint)
        lines.append(floor)
        var lost = Line(Self.label("lost"), .faint)
        lost.append(" ")
        for column in columns {
            let count = column.count(where: isLost)
            lost.append(count == 0 ? " " : count < 10 ? "\(count)" : "#", .bad)
        }
        lines.append(lost)
        return lines
    }

    private func row(_ row: Int, top: Double, _ delays: [[Double]]) -> Line {
        let height = top / Double(Self.rows)
        let low = height * Double(row)
        let high = low + height
        let isTop = row == Self.rows - 1
        func holds(_ value: Double) -> Bool { low <= value && (value < high || isTop && value <= high) }
        let isTarget = holds(bounds.target)
        let isLimit = holds(bounds.limit)
        let label = isLimit ? bounds.limit : isTarget ? bounds.target : low
        var line = Line(Self.label(FigureText.milliseconds(label)), .faint)
        line.append(glyphs.axis, .faint)
        for values in delays {
            let median = values.isEmpty ? nil : values[(values.count - 1) / 2]
            if let median, holds(median) {
                line.append(glyphs.median, median >= bounds.limit ? .bad : median >= bounds.target ? .warning : .good)
            } else if let median, let greatest = values.last, median < low, greatest >= low {
                line.append(glyphs.upTo, low >= bounds.limit ? .bad : low >= bounds.target ? .warning : .plain)
            } else {
                line.append(isLimit ? glyphs.limit : isTarget ? glyphs.target : " ", .faint)
            }
        }
        if isLimit { line.append(" limit", .faint) } else if isTarget { line.append(" target", .faint) }
        return line
    }

    static func label(_ text: String) -> String {
        String(repeating: " ", count: max(0, 7 - text.count)) + text.prefix(7) + " "
    }
}
