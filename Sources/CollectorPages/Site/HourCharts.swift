import CollectorStore
import Readiness
import Report
import Results
import Units

/// Delay, jitter and loss by hour of the day, which shows what daily business does to the line.
struct HourCharts {
    let series: [HistorySeries]
    let latest: ResultDocument?

    /// What one hour of the day was like.
    private struct Hour {
        var least: Double
        var median: Double
        var greatest: Double
    }

    @HTMLBuilder var html: HTML {
        let drawn = Metric.drawn.map { ($0, hours($0)) }.filter { $0.1.contains { $0 != nil } }
        if !drawn.isEmpty {
            tag(.div, .classes("chart-grid", "hours")) {
                for (metric, hours) in drawn { chart(metric, hours) }
            }
            tag(.ul, .classes("key")) {
                tag(.li) {
                    ChartKey.area("box")
                    "median, the worse direction"
                }
                tag(.li) {
                    ChartKey.line("whisker")
                    "least to greatest"
                }
            }
        }
    }

    /// Of the direction whose median over everything is the highest; of round trips where there is no other, since what
    /// is held against the bounds is one way.
    private func hours(_ metric: Metric) -> [Hour?] {
        let oneWay = series.filter { series in
            series.direction != .roundTrip && series.points.contains { $0.metrics[metric] != nil }
        }
        let all = (oneWay.isEmpty ? series : oneWay).map {
            ($0, $0.points.compactMap { $0.metrics[metric]?.median }.sorted())
        }
        .filter { !$0.1.isEmpty }
        let worse = all.max { $0.1[$0.1.count / 2] < $1.1[$1.1.count / 2] }
        var spreads: [[Spread]] = Array(repeating: [], count: 24)
        for point in worse?.0.points ?? [] {
            if let spread = point.metrics[metric] { spreads[Self.hour(point.at)].append(spread) }
        }
        return spreads.map { spreads in
            guard let least = spreads.map(\.minimum).min(), let greatest = spreads.map(\.maximum).max() else {
                return nil
            }
            return Hour(least: least, median: spreads.map(\.median).sorted()[spreads.count / 2], greatest: greatest)
        }
    }

    private static func hour(_ time: UTCTime) -> Int {
        let hours = time.microsecondsSinceUnixEpoch / 3_600_000_000 % 24
        return Int(hours < 0 ? hours + 24 : hours)
    }

    private func chart(_ metric: Metric, _ hours: [Hour?]) -> HTML {
        let bounds = MetricBounds(metric, latest)
        let unit = metric.unit
        let greatest = hours.compactMap { $0?.greatest }.max() ?? 0
        let scale = PlotScale(greatest: greatest, target: bounds.target, limit: bounds.limit)
        return PlotFrame(
            title: metric.title,
            detail: unit == .ratio ? "%" : "ms",
            spoken: spoken(metric, hours),
            scale: scale,
            along: stride(from: 0, through: 20, by: 4).map { (Self.place($0), Self.text($0)) },
            target: bounds.target,
            limit: bounds.limit,
            figure: { NumberText.figure($0, unit) },
            boundText: { NumberText.value($0, unit) }
        ).html {
            drawing(hours, scale)
        }
    }

    private static func place(_ hour: Int) -> Double { (Double(hour) + 0.5) / 24 }
    private static func text(_ hour: Int) -> String { (hour < 10 ? "0" : "") + "\(hour)" }

    @HTMLBuilder private func drawing(_ hours: [Hour?], _ scale: PlotScale) -> HTML {
        let (boxes, whiskers) = shapes(hours, scale)
        tag(.path, .classes("whisker"), .d(whiskers))
        tag(.path, .classes("box"), .d(boxes))
    }

    private func shapes(_ hours: [Hour?], _ scale: PlotScale) -> (boxes: PathData, whiskers: PathData) {
        var (boxes, whiskers) = (PathData(), PathData())
        for (index, hour) in hours.enumerated() {
            guard let hour else { continue }
            let x = Self.place(index) * PlotFrame.width
            let y = { (value: Double) in scale.place(value) * PlotFrame.height }
            whiskers.move(x, y(hour.least))
            whiskers.line(x, y(hour.greatest))
            boxes.rectangle(x - 12, min(y(hour.median) - 1.5, PlotFrame.height - 3), width: 24, height: 3)
        }
        return (boxes, whiskers)
    }

    private func spoken(_ metric: Metric, _ hours: [Hour?]) -> String {
        let known = hours.enumerated().compactMap { index, hour in hour.map { (index, $0) } }
        guard let worst = known.max(by: { $0.1.median < $1.1.median }),
            let best = known.min(by: { $0.1.median < $1.1.median })
        else { return "nothing measured" }
        return "\(metric.title) by hour of day: highest in the hour from \(Self.text(worst.0)):00 UTC with a median of "
            + "\(NumberText.value(worst.1.median, metric.unit)), lowest from \(Self.text(best.0)):00 with "
            + NumberText.value(best.1.median, metric.unit)
    }
}
