import Readiness
import Results
import Statistics
import Units

/// The packets of one incident in one direction: delay over time, what was lost, the windows that broke a bound.
struct IncidentPlot {
    private enum Way: String {
        case forward, reverse
        case roundTrip = "round trip"
    }

    private let record: IncidentRecord
    private let way: Way
    private let from: WallInstant
    private let span: PlotSpan

    /// One for each direction that is known, or one of the round trip.
    static func all(of record: IncidentRecord) -> [IncidentPlot] {
        guard let first = record.packets.first, let last = record.packets.last else { return [] }
        let isOneWay = record.packets.contains { $0.forward != nil }
        let length = (last.sentAt - first.sentAt).seconds
        return (isOneWay ? [Way.forward, .reverse] : [.roundTrip]).map {
            IncidentPlot(
                record: record,
                way: $0,
                from: first.sentAt,
                span: PlotSpan(from: 0, until: max(length, 0.001))
            )
        }
    }

    private func delay(_ packet: KeptPacket) -> Double? {
        switch way {
        case .forward: packet.forward?.milliseconds
        case .reverse: packet.reverse?.milliseconds
        case .roundTrip: packet.roundTrip?.milliseconds
        }
    }

    private func isLost(_ packet: KeptPacket) -> Bool {
        switch packet.fate {
        case .answered: false
        case .late: way == .roundTrip
        case .lostForward: way != .reverse
        case .lostReverse: way != .forward
        case .lostSomewhere: true
        }
    }

    private func seconds(_ instant: WallInstant) -> Double { (instant - from).seconds }

    private var bounds: (target: Double, limit: Double) {
        let (target, limit) = record.delayBounds
        return way == .roundTrip ? (2 * target, 2 * limit) : (target, limit)
    }

    // MARK: The drawing

    var html: HTML {
        let delays = record.packets.compactMap(delay)
        let scale = PlotScale(greatest: delays.max() ?? 0, target: bounds.target, limit: bounds.limit)
        return PlotFrame(
            title: way.rawValue.prefix(1).uppercased() + way.rawValue.dropFirst(),
            detail: "delay in ms, \(NumberText.count(record.packets.count(where: isLost))) packets lost",
            spoken: spoken(delays),
            scale: scale,
            along: labels,
            target: bounds.target,
            limit: bounds.limit,
            figure: { NumberText.figure($0, .milliseconds) },
            boundText: { NumberText.value($0, .milliseconds) }
        ).html {
            windows
            LineChart(points, span: span, scale: scale, gap: max(1, span.until / 60)).area
            losses
        }
    }

    /// As many stretches as a drawing can show; of each the median, the least and the greatest.
    private static let columns = 400

    private var points: [LineChart.Point] {
        var columns: [Int: [Double]] = [:]
        for packet in record.packets {
            guard let delay = delay(packet) else { continue }
            let place = span.place(seconds(packet.sentAt))
            columns[Int(place * Double(Self.columns - 1)), default: []].append(delay)
        }
        return columns.sorted { $0.key < $1.key }.map { column, delays in
            let sorted = delays.sorted()
            return LineChart.Point(
                at: (Double(column) + 0.5) / Double(Self.columns) * span.until,
                value: sorted[(sorted.count - 1) / 2],
                least: sorted.first,
                greatest: sorted.last
            )
        }
    }

    /// A tick at the top for each packet, those too close to be told apart once.
    @HTMLBuilder private var losses: HTML {
        let data = lossTicks
        if !data.isEmpty { tag(.path, .classes("lost"), .d(data)) }
    }

    private var lossTicks: PathData {
        var data = PathData()
        var last = -1.0
        for packet in record.packets where isLost(packet) {
            let x = (span.place(seconds(packet.sentAt)) * PlotFrame.width).rounded()
            guard x != last else { continue }
            data.move(x, 0)
            data.line(x, 9)
            last = x
        }
        return data
    }

    @HTMLBuilder private var windows: HTML {
        for window in record.incident.broken.prefix(24) where concerns(window) {
            let (start, end) = (span.place(seconds(window.from.instant)), span.place(seconds(window.until.instant)))
            tag(
                .rect,
                .classes("window"),
                .x(Length(start * PlotFrame.width)),
                .width(Length(max(0, end - start) * PlotFrame.width)),
                .height(Length(PlotFrame.height))
            )
        }
    }

    private func concerns(_ window: BrokenBoundDocument) -> Bool {
        window.direction == nil || way == .roundTrip || window.direction == way.rawValue
    }

    // MARK: In words

    /// At round moments, some six of them.
    private var labels: [PlotFrame.Label] {
        let rough = span.until / 6
        let step = [1, 5, 10, 15, 30].first { $0 >= rough } ?? (rough / 60).rounded(.up) * 60
        let first = Double(from.nanosecondsSinceUnixEpoch) / 1e9
        let start = (first / step).rounded(.up) * step
        return (0..<12).compactMap { index in
            let after = start + Double(index) * step - first
            let place = after / span.until
            guard (0.05...0.95).contains(place) else { return nil }
            // Half a millisecond makes up for what a number of seconds since 1970 cannot tell.
            return (place, String((from + .seconds(rounding: after + 0.000_5)).rfc3339.dropFirst(11).prefix(8)))
        }
    }

    private func spoken(_ delays: [Double]) -> String {
        let sorted = delays.sorted()
        let lost = record.packets.count(where: isLost)
        var text = "\(NumberText.count(record.packets.count)) packets \(way.rawValue): \(NumberText.count(lost)) lost"
        if let last = sorted.last {
            text += ", median delay \(NumberText.value(sorted[(sorted.count - 1) / 2], .milliseconds))"
            text += ", greatest \(NumberText.value(last, .milliseconds))"
        }
        return text
    }

    static var key: HTML {
        let samples: [(HTML, String)] = [
            (ChartKey.line("mean"), "median delay"), (ChartKey.area("spread"), "least to greatest"),
            (ChartKey.tick("lost"), "lost"), (ChartKey.area("window"), "a window that broke a bound"),
            (ChartKey.line("target"), "target"), (ChartKey.line("limit"), "limit"),
        ]
        return tag(.ul, .classes("key")) {
            for (sample, words) in samples {
                tag(.li) {
                    sample
                    words
                }
            }
        }
    }
}
