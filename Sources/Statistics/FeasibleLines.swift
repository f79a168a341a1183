/// A straight line: a clock's offset over time, in nanoseconds.
struct OffsetLine {
    /// At x = 0.
    var intercept: Double
    /// Nanoseconds per nanosecond.
    var slope: Double

    func value(at x: Double) -> Double { intercept + slope * x }
}

/// All straight lines that pass above no point of one cloud and below no point of another.
///
/// For one slope the intercepts that do form an interval, the width of which is concave and piecewise linear in the
/// slope. It bends only at slopes of hull edges, so whatever is greatest or least over all lines is found exactly by
/// trying those.
struct FeasibleLines {
    /// Clocks that differ more than this in rate are broken, not skewed: 1000 ppm.
    static let steepest = 1e-3
    /// What rounding may make of an interval that is a single value, in nanoseconds.
    private static let rounding = 0.01

    /// Lines pass below these.
    private let ceiling: LowerHull
    /// Lines pass above these; turned upside down.
    private let floor: LowerHull
    /// Least and greatest slope of a feasible line, and all between at which anything bends.
    private let slopes: [Double]

    /// Nil when there is no such line. `floor` holds the points that lines must pass above with y negated.
    init?(below ceiling: LowerHull, above floor: LowerHull) {
        self.ceiling = ceiling
        self.floor = floor
        let bends = (ceiling.slopes + floor.slopes.map { -$0 }).filter { abs($0) < Self.steepest }
        let candidates = [-Self.steepest] + bends.sorted() + [Self.steepest]
        let widths = candidates.map { ceiling.support($0) + floor.support(-$0) }
        var feasible: [Double] = []
        for index in candidates.indices {
            if index > 0, let crossing = Self.zero(candidates, widths, between: index - 1, and: index) {
                feasible.append(crossing)
            }
            if widths[index] >= -Self.rounding { feasible.append(candidates[index]) }
        }
        if feasible.isEmpty { return nil }
        slopes = feasible
    }

    private static func zero(_ x: [Double], _ y: [Double], between i: Int, and j: Int) -> Double? {
        guard (y[i] < -rounding) != (y[j] < -rounding), y[i] != y[j] else { return nil }
        let share = min(max(y[i] / (y[i] - y[j]), 0), 1)
        return x[i] + share * (x[j] - x[i])
    }

    /// The feasible line closest to the middle: of the slope wished for if there is one, else of the middle slope.
    func centre(preferring slope: Double) -> OffsetLine {
        let least = slopes[0]
        let greatest = slopes[slopes.count - 1]
        let chosen = least <= slope && slope <= greatest ? slope : (least + greatest) / 2
        return OffsetLine(intercept: (ceiling.support(chosen) - floor.support(-chosen)) / 2, slope: chosen)
    }

    /// The greatest value of any feasible line at `x`.
    func highest(at x: Double) -> Double {
        slopes.reduce(-.infinity) { max($0, ceiling.support($1) + $1 * x) }
    }

    /// The least value of any feasible line at `x`.
    func lowest(at x: Double) -> Double {
        slopes.reduce(.infinity) { min($0, $1 * x - floor.support(-$1)) }
    }
}
