/// The two numbers of a rule, lower is better.
struct Bounds: Hashable {
    var target: Double
    var limit: Double
}

/// A grade reached on an interval.
///
/// Every grade claims only what the whole interval proves:
///
/// - `ready`: every value in it meets the target.
/// - `not_ready`: none meets the limit.
/// - `at_risk`: none meets the target. If some of it lies beyond the limit, that is left open: the miss is proven and
///   must not be hidden behind `inconclusive`, which counts as the milder grade; whether it is worse than a risk is
///   what `open` says has still to be settled.
/// - `inconclusive`: some of it meets the target and some does not. Nothing is proven, even when it reaches beyond
///   the limit.
///
/// So as an interval shrinks onto the true value a grade may get worse only from `inconclusive`, or from `at_risk`
/// with `open` set, both of which say so; `ready` and `not_ready` never change.
struct IntervalGrade: Hashable {
    enum Bound: Hashable {
        case target, limit
    }

    var grade: Grade
    /// The bound that the interval straddles; nil when the grade is settled.
    var open: Bound?

    /// - Parameter unboundedAbove: the sample was too small for the interval's upper end to mean anything.
    init(_ interval: ClosedRange<Double>, bounds: Bounds, unboundedAbove: Bool = false) {
        let high = unboundedAbove ? .infinity : interval.upperBound
        if interval.lowerBound >= bounds.limit {
            self.init(grade: .notReady, open: nil)
        } else if high < bounds.target {
            self.init(grade: .ready, open: nil)
        } else if interval.lowerBound < bounds.target {
            self.init(grade: .inconclusive, open: .target)
        } else {
            self.init(grade: .atRisk, open: high < bounds.limit ? nil : .limit)
        }
    }

    init(grade: Grade, open: Bound?) {
        self.grade = grade
        self.open = open
    }

    static let unmeasured = IntervalGrade(grade: .inconclusive, open: nil)
}

extension Bounds {
    subscript(bound: IntervalGrade.Bound) -> Double {
        switch bound {
        case .target: target
        case .limit: limit
        }
    }
}
