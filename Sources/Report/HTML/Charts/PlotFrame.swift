/// A drawing with its axes: what every chart stands in.
///
/// The area is stretched to whatever room there is; labels stand beside it and keep their size.
package struct PlotFrame {
    /// The units of the area: its points are within these.
    package static let width = 1_000.0
    package static let height = 100.0

    /// What stands at a place along the time axis, 0...1.
    package typealias Label = (place: Double, text: String)

    package var title: String
    /// What is drawn, in which unit.
    package var detail: String
    /// What the drawing shows, for who cannot see it.
    package var spoken: String
    package var scale: PlotScale
    /// Of the vertical axis, without the unit.
    package var figure: @Sendable (Double) -> String
    package var along: [Label]
    package var target: Double?
    package var limit: Double?
    /// With its unit, for the bounds' names.
    package var boundText: @Sendable (Double) -> String

    package init(
        title: String,
        detail: String,
        spoken: String,
        scale: PlotScale,
        along: [Label],
        target: Double?,
        limit: Double?,
        figure: @escaping @Sendable (Double) -> String,
        boundText: @escaping @Sendable (Double) -> String
    ) {
        self.title = title
        self.detail = detail
        self.spoken = spoken
        self.scale = scale
        self.along = along
        self.target = target
        self.limit = limit
        self.figure = figure
        self.boundText = boundText
    }

    package func html(@HTMLBuilder area: () -> HTML) -> HTML {
        let content = area()
        return tag(.figure, .classes("plot")) {
            tag(.figcaption) {
                tag(.b) { title }
                tag(.span, .classes("muted")) { detail.isEmpty ? "" : " · \(detail)" }
            }
            tag(.div, .classes("frame"), .role("img"), .ariaLabel(spoken)) {
                valueAxis
                tag(.svg, .classes("area"), .viewBox(Int(Self.width), Int(Self.height)), .stretched) {
                    grid
                    content
                    bounds
                }
                boundNames
                timeAxis
            }
        }
    }

    // MARK: Axes

    private var valueAxis: HTML {
        tag(.svg, .classes("axis", "values")) {
            for tick in scale.ticks {
                tag(.text, .x(.percent(100)), .y(.percent(scale.place(tick) * 100)), .textAnchor("end")) {
                    figure(tick)
                }
            }
        }
    }

    private var timeAxis: HTML {
        tag(.svg, .classes("axis", "time")) {
            for label in along {
                tag(.text, .x(.percent(label.place * 100)), .y(15), .textAnchor("middle")) { label.text }
            }
        }
    }

    @HTMLBuilder private var grid: HTML {
        for tick in scale.ticks.dropFirst() { line("grid", scale.place(tick)) }
    }

    // MARK: Bounds

    @HTMLBuilder private var bounds: HTML {
        if let target, target != limit, target < scale.top { line("target", scale.place(target)) }
        if let limit, limit < scale.top { line("limit", scale.place(limit)) }
    }

    private func line(_ name: StaticString, _ place: Double) -> HTML {
        tag(
            .line,
            .classes(name),
            .x1(0),
            .x2(Length(Self.width)),
            .y1(Length(place * Self.height)),
            .y2(Length(place * Self.height))
        )
    }

    private var boundNames: HTML {
        tag(.svg, .classes("inside")) {
            if let target, target != limit, target < scale.top {
                name("target \(boundText(target))", target, "of-target")
            }
            if let limit, limit < scale.top { name("limit \(boundText(limit))", limit, "of-limit") }
        }
    }

    private func name(_ text: String, _ bound: Double, _ className: StaticString) -> HTML {
        tag(
            .text,
            .classes(className),
            .x(.percent(99.5)),
            .y(.percent(scale.place(bound) * 100)),
            .textAnchor("end")
        ) { text }
    }
}
