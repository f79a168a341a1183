import Readiness
import Results

/// A criterion's interval and value against its target and its limit.
///
/// Every bar has its target and its limit at the same places, whatever they are, so that bars of milliseconds and of
/// per cent can be compared down a column. Between zero, target and limit it is linear; what is over twice the limit
/// ends at the edge.
package struct RangeBar {
    private let target: Double
    private let limit: Double

    /// Nil where there is nothing to hold a value against.
    package init?(target: Double?, limit: Double?) {
        guard let bound = limit ?? target, bound > 0, bound.isFinite else { return nil }
        self.limit = bound
        self.target = target.map { $0 > 0 && $0 < bound ? $0 : bound } ?? bound
    }

    private static let targetPlace = 0.4
    private static let limitPlace = 0.75

    /// Where a value stands, 0...1.
    func place(_ value: Double) -> Double {
        guard value > 0 else { return 0 }
        if value >= limit { return Self.limitPlace + (1 - Self.limitPlace) * min(1, (value - limit) / limit) }
        guard target < limit else { return Self.limitPlace * value / limit }
        guard value > target else { return Self.targetPlace * value / target }
        return Self.targetPlace + (Self.limitPlace - Self.targetPlace) * (value - target) / (limit - target)
    }

    /// - Parameter label: what the drawing says, for who cannot see it.
    package func drawing(value: Double?, interval: [Double]?, label: String) -> HTML {
        tag(.svg, .classes("range"), .role("img"), .ariaLabel(label)) {
            zones
            if let interval, interval.count == 2 { between(place(interval[0]), place(interval[1])) }
            if let value { self.value(place(value)) }
            bounds
        }
    }

    /// The names of the places, for the head of a column of bars.
    static var head: HTML {
        tag(.svg, .classes("range"), .ariaHidden) {
            for (name, place) in [("target", targetPlace), ("limit", limitPlace)] {
                tag(.text, .x(.percent(place * 100)), .y(18), .textAnchor("middle")) { name }
            }
        }
    }

    @HTMLBuilder private var zones: HTML {
        let first = target < limit ? Self.targetPlace : Self.limitPlace
        zone(0, first, "ok")
        if target < limit { zone(first, Self.limitPlace, "mid") }
        zone(Self.limitPlace, 1, "over")
    }

    private func zone(_ from: Double, _ to: Double, _ name: StaticString) -> HTML {
        tag(
            .rect,
            .classes(name),
            .x(.percent(from * 100)),
            .width(.percent((to - from) * 100)),
            .y(8),
            .height(6)
        )
    }

    /// Never so narrow that it cannot be seen.
    private func between(_ low: Double, _ high: Double) -> HTML {
        let width = max(0.006, high - low)
        return tag(
            .rect,
            .classes("between"),
            .x(.percent(min(low, 1 - width) * 100)),
            .width(.percent(width * 100)),
            .y(6),
            .height(10),
            .rx(2)
        )
    }

    private func value(_ place: Double) -> HTML {
        tag(
            .rect,
            .classes("value"),
            .x(.percent(min(place, 0.99) * 100)),
            .width(3),
            .y(3),
            .height(16),
            .rx(1.5)
        )
    }

    @HTMLBuilder private var bounds: HTML {
        for place in target < limit ? [Self.targetPlace, Self.limitPlace] : [Self.limitPlace] {
            tag(
                .line,
                .classes("bound"),
                .x1(.percent(place * 100)),
                .x2(.percent(place * 100)),
                .y1(5),
                .y2(17)
            )
        }
    }
}

/// A share of packets that should be all.
enum ShareBar {
    static func drawing(_ share: Double, _ standing: Standing, label: String) -> HTML {
        tag(.svg, .classes("range"), .role("img"), .ariaLabel(label)) {
            tag(.rect, .classes("track"), .width(.percent(100)), .y(8), .height(6))
            tag(
                .rect,
                .classes("share", standing.className),
                .width(.percent(min(max(share, 0), 1) * 100)),
                .y(8),
                .height(6)
            )
        }
    }
}
