import Testing

@testable import Statistics

@Suite("Lines between two clouds of points")
struct FeasibleLinesTests {
    private typealias Point = LowerHull.Point

    /// Points above and, turned upside down, below the line 3 + slope·x, by at least 1 and on average much more.
    private func clouds(_ random: inout SeededRandom, slope: Double, count: Int) -> (above: [Point], below: [Point]) {
        var above: [Point] = []
        var below: [Point] = []
        for index in 0..<count {
            let x = Double(index) * 1000
            above.append(Point(x: x, y: 3 + slope * x + 1 + random.exponential(mean: 40)))
            below.append(Point(x: x + 5, y: -(3 + slope * (x + 5)) + 1 + random.exponential(mean: 20)))
        }
        return (above, below)
    }

    /// The extremes by trying every line through two bounds.
    private func bruteForce(_ above: [Point], _ below: [Point], at x: Double) -> (low: Double, high: Double)? {
        let bounds = above.map { ($0.x, $0.y, true) } + below.map { ($0.x, -$0.y, false) }
        var slopes = [-1e-3, 1e-3]
        for i in bounds.indices {
            for j in bounds.indices where bounds[i].0 < bounds[j].0 {
                slopes.append((bounds[j].1 - bounds[i].1) / (bounds[j].0 - bounds[i].0))
            }
        }
        var extremes: (low: Double, high: Double)?
        for slope in slopes where abs(slope) <= 1e-3 {
            let highest = above.map { $0.y - slope * $0.x }.min() ?? 0
            let lowest = below.map { -$0.y - slope * $0.x }.max() ?? 0
            guard highest >= lowest - 1e-9 else { continue }
            let low = min(extremes?.low ?? .infinity, lowest + slope * x)
            let high = max(extremes?.high ?? -.infinity, highest + slope * x)
            extremes = (low, high)
        }
        return extremes
    }

    @Test("extremes equal those of exhaustive search", arguments: 1...40)
    func extremes(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let slope = 8e-4 * (2 * random.unit() - 1)
        let (above, below) = clouds(&random, slope: slope, count: 30)
        let lines = try #require(FeasibleLines(below: LowerHull(above), above: LowerHull(below)))
        for x in [0.0, 12_345, 29_005] {
            let brute = try #require(bruteForce(above, below, at: x))
            #expect(abs(lines.highest(at: x) - brute.high) < 0.02, "seed \(seed)")
            #expect(abs(lines.lowest(at: x) - brute.low) < 0.02, "seed \(seed)")
        }
    }

    @Test("the centre passes between the clouds, with the slope wished for where it can", arguments: 1...40)
    func centre(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let slope = 4e-4 * (2 * random.unit() - 1)
        let (above, below) = clouds(&random, slope: slope, count: 200)
        let lines = try #require(FeasibleLines(below: LowerHull(above), above: LowerHull(below)))
        for wish in [slope, 0, 9e-4, -9e-4] {
            let line = lines.centre(preferring: wish)
            #expect(above.allSatisfy { line.value(at: $0.x) <= $0.y + 1e-6 }, "seed \(seed)")
            #expect(below.allSatisfy { line.value(at: $0.x) >= -$0.y - 1e-6 }, "seed \(seed)")
        }
        #expect(lines.centre(preferring: slope).slope == slope)
    }

    @Test("there is no line when the clouds cross")
    func infeasible() {
        let above = LowerHull([Point(x: 0, y: 1), Point(x: 1000, y: -2)])
        let below = LowerHull([Point(x: 0, y: 0), Point(x: 1000, y: 0)])
        // From between 0 and 1 to between 0 and -2 cannot be, since both must be at least 0.
        #expect(FeasibleLines(below: above, above: below) == nil)
        let steep = LowerHull([Point(x: 0, y: 1), Point(x: 1000, y: 101)])
        let steepBelow = LowerHull([Point(x: 0, y: 0), Point(x: 1000, y: -100)])
        // 100 ns in 1000 ns: no clock runs so wrong.
        #expect(FeasibleLines(below: steep, above: steepBelow) == nil)
    }

    @Test("the hull's edge under the mean is the line that lies closest below all points", arguments: 1...20)
    func edge(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let points = (0..<60).map { Point(x: Double($0), y: 0.3 * Double($0) + random.exponential(mean: 5)) }
        let mean = points.reduce(0) { $0 + $1.x } / Double(points.count)
        let edge = try #require(LowerHull(points).edge(at: mean))
        func gap(_ slope: Double) -> Double {
            let intercept = points.map { $0.y - slope * $0.x }.min() ?? 0
            return points.reduce(0) { $0 + $1.y - slope * $1.x - intercept }
        }
        for other in stride(from: -1.0, through: 1, by: 0.01) {
            #expect(gap(edge.slope) <= gap(other) + 1e-9, "seed \(seed)")
        }
    }

    @Test("support is the least of y − slope·x", arguments: 1...20)
    func support(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let points = (0..<50).map { _ in Point(x: (20 * random.unit()).rounded(), y: random.unit()) }
        let hull = LowerHull(points)
        for slope in stride(from: -2.0, through: 2, by: 0.05) {
            let least = points.map { $0.y - slope * $0.x }.min() ?? 0
            #expect(abs(hull.support(slope) - least) < 1e-12, "seed \(seed)")
        }
    }
}
