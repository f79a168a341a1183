/// A quantity along time, each point with what is known of its bounds.
package struct LineChart {
    package struct Point: Sendable {
        package var at: Double
        package var value: Double
        /// Between which the quantity lies; nil where nothing is known beside the value.
        package var low: Double?
        package var high: Double?
        /// The least and the greatest of what the point stands for, where it stands for several.
        package var least: Double?
        package var greatest: Double?

        package init(
            at: Double,
            value: Double,
            low: Double? = nil,
            high: Double? = nil,
            least: Double? = nil,
            greatest: Double? = nil
        ) {
            self.at = at
            self.value = value
            self.low = low
            self.high = high
            self.least = least
            self.greatest = greatest
        }
    }

    private let runs: [[Point]]
    private let span: PlotSpan
    private let scale: PlotScale

    /// - Parameter gap: two points farther apart are not joined, since nothing was measured between them.
    package init(_ points: [Point], span: PlotSpan, scale: PlotScale, gap: Double) {
        var runs: [[Point]] = []
        for point in points {
            if let last = runs.last?.last, point.at - last.at <= gap {
                runs[runs.count - 1].append(point)
            } else {
                runs.append([point])
            }
        }
        self.runs = runs
        self.span = span
        self.scale = scale
    }

    @HTMLBuilder package var area: HTML {
        path("spread", band(\.least, \.greatest))
        path("band", band(\.low, \.high))
        path("mean", line)
        path("dots", loneDots)
        path("beyond", beyond)
    }

    @HTMLBuilder private func path(_ name: StaticString, _ data: PathData) -> HTML {
        if !data.isEmpty { tag(.path, .classes(name), .d(data)) }
    }

    private func x(_ point: Point) -> Double { span.place(point.at) * PlotFrame.width }
    private func y(_ value: Double) -> Double { scale.place(value) * PlotFrame.height }

    private var line: PathData {
        var data = PathData()
        for run in runs where run.count > 1 {
            for (index, point) in run.enumerated() {
                if index == 0 { data.move(x(point), y(point.value)) } else { data.line(x(point), y(point.value)) }
            }
        }
        return data
    }

    private func band(_ low: KeyPath<Point, Double?>, _ high: KeyPath<Point, Double?>) -> PathData {
        var data = PathData()
        for run in runs where run.count > 1 && run.contains(where: { $0[keyPath: high] != nil }) {
            for (index, point) in run.enumerated() {
                let top = y(point[keyPath: high] ?? point.value)
                if index == 0 { data.move(x(point), top) } else { data.line(x(point), top) }
            }
            for point in run.reversed() { data.line(x(point), y(point[keyPath: low] ?? point.value)) }
            data.close()
        }
        return data
    }

    /// Points with nothing beside them, which a line would not show.
    private var loneDots: PathData {
        var data = PathData()
        for run in runs where run.count == 1 { data.dot(x(run[0]), y(run[0].value)) }
        return data
    }

    /// Marks at the top edge where values are higher than the drawing.
    private var beyond: PathData {
        var data = PathData()
        for point in runs.joined() where point.value > scale.top {
            data.move(max(0, x(point) - 2), 0)
            data.line(min(PlotFrame.width, x(point) + 2), 0)
        }
        return data
    }
}
