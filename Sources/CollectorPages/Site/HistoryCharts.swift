import CollectorStore
import Readiness
import Report
import Results
import Units

/// Delay, jitter and loss over time, a chart for each direction.
struct HistoryCharts {
    let series: [HistorySeries]
    let axis: TimeAxis
    let range: SiteRange
    let latest: ResultDocument?

    /// Where both directions are known the round trip says nothing more.
    private var shown: [HistorySeries] {
        let oneWay = series.filter { $0.direction != .roundTrip && has($0) }
        return oneWay.isEmpty ? series.filter(has) : oneWay
    }

    private func has(_ series: HistorySeries) -> Bool { series.points.contains { !$0.metrics.isEmpty } }

    var isEmpty: Bool { shown.isEmpty }

    @HTMLBuilder var html: HTML {
        for metric in Metric.drawn {
            let drawn = shown.filter { $0.points.contains { $0.metrics[metric] != nil } }
            if !drawn.isEmpty {
                let scale = scale(metric, drawn)
                tag(.h3) { "\(metric.title), \(metric.unit == .ratio ? "%" : "ms")" }
                tag(.div, .classes("chart-grid")) {
                    for series in drawn { chart(metric, series, scale) }
                }
            }
        }
        key
    }

    /// The same for both directions, so that they can be compared.
    private func scale(_ metric: Metric, _ drawn: [HistorySeries]) -> PlotScale {
        let bounds = MetricBounds(metric, latest)
        let values = drawn.flatMap(\.points).compactMap { $0.metrics[metric] }.map { max($0.maximum, $0.high) }
        return PlotScale(greatest: values.max() ?? 0, target: bounds.target, limit: bounds.limit)
    }

    private func chart(_ metric: Metric, _ series: HistorySeries, _ scale: PlotScale) -> HTML {
        let bounds = MetricBounds(metric, latest)
        let points = series.points.compactMap { point in point.metrics[metric].map { Self.point(point.at, $0) } }
        let unit = metric.unit
        return PlotFrame(
            title: series.direction.words.prefix(1).uppercased() + series.direction.words.dropFirst(),
            detail: detail(points, scale, bounds, unit),
            spoken: spoken(metric, series, points, bounds),
            scale: scale,
            along: axis.labels,
            target: bounds.target,
            limit: bounds.limit,
            figure: { NumberText.figure($0, unit) },
            boundText: { NumberText.value($0, unit) }
        ).html {
            LineChart(points, span: axis.span, scale: scale, gap: range.gap).area
        }
    }

    private static func point(_ at: UTCTime, _ spread: Spread) -> LineChart.Point {
        LineChart.Point(
            at: Double(at.microsecondsSinceUnixEpoch),
            value: spread.median,
            low: spread.low,
            high: spread.high,
            least: spread.minimum,
            greatest: spread.maximum
        )
    }

    /// The latest value, and the bounds that the drawing does not reach up to.
    private func detail(
        _ points: [LineChart.Point],
        _ scale: PlotScale,
        _ bounds: MetricBounds,
        _ unit: Criterion.Unit
    ) -> String {
        var parts = points.last.map { ["latest \(NumberText.value($0.value, unit))"] } ?? []
        if let target = bounds.target, target >= scale.top {
            parts.append("far below the target of \(NumberText.value(target, unit))")
        }
        let beyond = points.count { $0.value > scale.top }
        if beyond > 0 { parts.append("\(NumberText.count(beyond)) points are higher than this") }
        return parts.joined(separator: ", ")
    }

    // MARK: In words

    private func spoken(
        _ metric: Metric,
        _ series: HistorySeries,
        _ points: [LineChart.Point],
        _ bounds: MetricBounds
    ) -> String {
        let unit = metric.unit
        let sorted = points.map(\.value).sorted()
        guard let worst = points.max(by: { ($0.greatest ?? $0.value) < ($1.greatest ?? $1.value) }),
            let last = points.last
        else { return "nothing measured" }
        var text = "\(metric.title), \(series.direction.words), over \(range.words): "
        text += "median \(NumberText.value(sorted[sorted.count / 2], unit)), "
        text += "worst \(NumberText.value(worst.greatest ?? worst.value, unit)) at \(moment(worst.at)), "
        text += "latest \(NumberText.value(last.value, unit))"
        if let target = bounds.target {
            let over = points.count { ($0.greatest ?? $0.value) >= target }
            text += "; \(NumberText.count(over)) of \(NumberText.count(points.count)) points reach the target of "
            text += NumberText.value(target, unit)
        }
        if let limit = bounds.limit {
            let over = points.count { ($0.greatest ?? $0.value) >= limit }
            text += ", \(NumberText.count(over)) the limit of \(NumberText.value(limit, unit))"
        }
        return text
    }

    private func moment(_ microseconds: Double) -> String {
        TimeText.minute(UTCTime(microseconds: Int64(exactly: microseconds) ?? 0))
    }

    private var key: HTML {
        let isSingle = range.resolution == .raw
        return tag(.ul, .classes("key")) {
            tag(.li) {
                ChartKey.line("mean")
                isSingle ? "each check" : "median of the checks of \(range.resolution == .hour ? "an hour" : "a day")"
            }
            tag(.li) {
                ChartKey.area("band")
                isSingle ? "its uncertainty" : "a typical check's uncertainty"
            }
            if !isSingle {
                tag(.li) {
                    ChartKey.area("spread")
                    "least to greatest"
                }
            }
            tag(.li) {
                ChartKey.line("target")
                "target"
            }
            tag(.li) {
                ChartKey.line("limit")
                "limit"
            }
        }
    }
}
