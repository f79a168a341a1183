/// The rate of the far clock against the local one, from the floors of both directions (Moon, Skelly and Towsley).
///
/// Skew tilts both directions' least delays alike, one up and the other down. What tilts only one, such as a queue
/// that grows throughout the run, is the network.
struct ClockSkew {
    /// Nanoseconds per nanosecond, positive when the far clock runs fast.
    var slope: Double
    /// Half-width of the estimate; nil when the run is too short or too noisy to call it one.
    var uncertainty: Double?

    private static let shortestSpan = 10e9
    private static let fewestPairs = 50
    /// An estimate worse than 20 ppm is none.
    private static let worstUncertainty = 20e-6

    /// The two directions' points: far time against forward transit and against reverse transit, in nanoseconds,
    /// pairs in the order of sending; timestamps right to within `timestampError` together.
    init(forward: [LowerHull.Point], reverse: [LowerHull.Point], timestampError: Double) {
        guard let up = Self.floorEdge(forward), let down = Self.floorEdge(reverse) else {
            slope = 0
            return
        }
        let mean = (up.slope - down.slope) / 2
        let all = [up.slope, -down.slope] + Self.estimatesFromParts(forward, reverse)
        let spread = all.map { abs($0 - mean) }.max() ?? 0
        let half = spread + 2 * timestampError / min(up.length, down.length)
        let span = (forward.last?.x ?? 0) - (forward.first?.x ?? 0)
        if span >= Self.shortestSpan, forward.count >= Self.fewestPairs, half <= Self.worstUncertainty {
            slope = mean
            uncertainty = half
        } else {
            slope = Self.common(all)
        }
    }

    /// As much tilt as all estimates show.
    private static func common(_ slopes: [Double]) -> Double {
        if slopes.allSatisfy({ $0 > 0 }) { return slopes.min() ?? 0 }
        if slopes.allSatisfy({ $0 < 0 }) { return slopes.max() ?? 0 }
        return 0
    }

    private static func floorEdge(_ points: [LowerHull.Point]) -> (slope: Double, length: Double)? {
        guard !points.isEmpty else { return nil }
        let mean = points.reduce(0) { $0 + $1.x } / Double(points.count)
        return LowerHull(points).edge(at: mean)
    }

    /// What each direction's even and odd pairs, and its first and second half, would estimate alone: the first two
    /// differ by chance, the last two also where the floor is no straight line.
    private static func estimatesFromParts(_ forward: [LowerHull.Point], _ reverse: [LowerHull.Point]) -> [Double] {
        func parts(_ points: [LowerHull.Point]) -> [Double] {
            let alternate = (0...1).map { parity in
                stride(from: parity, to: points.count, by: 2).map { points[$0] }
            }
            let middle = points.count / 2
            let halves = [Array(points[..<middle]), Array(points[middle...])]
            return (alternate + halves).compactMap { floorEdge($0)?.slope }
        }
        return parts(forward) + parts(reverse).map { -$0 }
    }
}
