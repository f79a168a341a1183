import Report
import Results
import Units

/// Marks along a time axis in UTC.
struct TimeAxis {
    let from: UTCTime
    let until: UTCTime

    var span: PlotSpan {
        PlotSpan(from: Double(from.microsecondsSinceUnixEpoch), until: Double(until.microsecondsSinceUnixEpoch))
    }

    private static let day: Int64 = 86_400_000_000
    private static let hour: Int64 = 3_600_000_000

    /// At round moments, none so near an edge that it would be cut off.
    var labels: [PlotFrame.Label] {
        let (step, text) = steps
        let first = from.microsecondsSinceUnixEpoch
        let last = until.microsecondsSinceUnixEpoch
        guard last > first, first > -.max / 4, last < .max / 4 else { return [] }
        var labels: [PlotFrame.Label] = []
        var at = (first / step + 1) * step
        while at < last, labels.count < 16 {
            let place = span.place(Double(at))
            if (0.04...0.96).contains(place) { labels.append((place, text(Self.time(at)))) }
            at += step
        }
        return labels
    }

    private static func time(_ microseconds: Int64) -> UTCTime {
        UTCTime(WallInstant(nanosecondsSinceUnixEpoch: microseconds * 1_000))
    }

    private var steps: (Int64, (UTCTime) -> String) {
        let length = until.microsecondsSinceUnixEpoch &- from.microsecondsSinceUnixEpoch
        switch length {
        case ...(2 * Self.day): return (6 * Self.hour, { String($0.text.dropFirst(11).prefix(5)) })
        case ...(10 * Self.day): return (Self.day, Self.dayText)
        case ...(45 * Self.day): return (7 * Self.day, Self.dayText)
        default: return (61 * Self.day, Self.dayText)
        }
    }

    /// `24 Nov`.
    private static func dayText(_ time: UTCTime) -> String {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = Int(time.text.dropFirst(5).prefix(2)) ?? 1
        let day = Int(time.text.dropFirst(8).prefix(2)) ?? 1
        return "\(day) \(names[(month + 11) % 12])"
    }
}
