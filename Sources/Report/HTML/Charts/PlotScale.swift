import Glibc

/// Values from zero up to the top of a drawing.
package struct PlotScale: Sendable {
    package let top: Double

    /// Up to the bounds where values come near them, and otherwise up to the values, so that what is far below its
    /// target still shows its shape. Never beyond three times the highest bound: a drawing of a five-second delay
    /// would show nothing else.
    package init(greatest: Double, target: Double?, limit: Double?) {
        let bounds = [target, limit].compactMap(\.self).filter { $0 > 0 && $0.isFinite }
        let value = greatest.isFinite && greatest > 0 ? greatest : 0
        var top = value * 1.1
        if let low = bounds.min(), let high = bounds.max() {
            if value > low * 0.5 { top = max(top, low * 1.25) }
            if value > low { top = max(top, high * 1.12) }
            top = min(max(top, low * 0.3), high * 3)
        }
        self.top = top > 0 ? top : 1
    }

    /// From the top, 0...1; what is above it is at the top.
    package func place(_ value: Double) -> Double {
        guard value.isFinite, value > 0 else { return value > 0 ? 0 : 1 }
        return 1 - min(1, value / top)
    }

    /// Round values, three to six of them, zero the first.
    package var ticks: [Double] {
        let rough = top / 4
        let magnitude = pow(10, floor(log10(rough)))
        let step = ([1, 2, 2.5, 5, 10].first { $0 * magnitude >= rough } ?? 10) * magnitude
        guard step > 0, step.isFinite else { return [0] }
        return (0...6).map { Double($0) * step }.filter { $0 <= top * 1.001 }
    }
}

/// Where a drawing's points lie from left to right.
package struct PlotSpan: Sendable {
    package let from: Double
    package let until: Double

    package init(from: Double, until: Double) {
        self.from = from
        self.until = until > from ? until : from + 1
    }

    /// 0...1; what lies outside is at the edge.
    package func place(_ value: Double) -> Double { min(1, max(0, (value - from) / (until - from))) }
}
