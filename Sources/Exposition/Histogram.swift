/// Counts of observations by upper bound, as Prometheus has them.
package struct Histogram: Sendable {
    private let bounds: [Double]
    /// One for each bound, and one for what is above the last.
    private var counts: [UInt64]
    package private(set) var sum = 0.0

    /// - Parameter bounds: ascending.
    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    package mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] &+= 1
        sum += value
    }

    package var count: UInt64 { counts.reduce(0, &+) }

    /// How many observations are at most each bound; the last is without one.
    var cumulative: [(bound: String, count: UInt64)] {
        var total: UInt64 = 0
        return zip(bounds.map(ExpositionPage.number) + ["+Inf"], counts).map { bound, count in
            total &+= count
            return (bound, total)
        }
    }
}
