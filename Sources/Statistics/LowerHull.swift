/// The lower convex hull of points, by Andrew's monotone chain: all that a line below every point can touch.
struct LowerHull {
    struct Point {
        var x: Double
        var y: Double
    }

    /// From left to right.
    var vertices: [Point] = []
    /// Of the edges between them; rising.
    var slopes: [Double] = []

    init(_ points: [Point]) {
        let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        for point in sorted {
            // Of points one above the other only the lowest counts, which came first.
            if let last = vertices.last, last.x == point.x { continue }
            while let edge = slopes.last, let last = vertices.last, Self.slope(last, point) <= edge {
                vertices.removeLast()
                slopes.removeLast()
            }
            if let last = vertices.last { slopes.append(Self.slope(last, point)) }
            vertices.append(point)
        }
    }

    private static func slope(_ left: Point, _ right: Point) -> Double { (right.y - left.y) / (right.x - left.x) }

    /// The intercept of the highest line of `slope` that passes above no point: min(y − slope·x).
    func support(_ slope: Double) -> Double {
        var low = 0
        var high = slopes.count
        while low < high {
            let middle = (low + high) / 2
            if slopes[middle] >= slope { high = middle } else { low = middle + 1 }
        }
        guard low < vertices.count else { return .infinity }
        return vertices[low].y - slope * vertices[low].x
    }

    /// The edge above or below `x`: the line under all points that comes closest to them on average, if `x` is
    /// their mean (Moon, Skelly and Towsley). Nil outside the hull.
    func edge(at x: Double) -> (slope: Double, length: Double)? {
        for (index, slope) in slopes.enumerated() where vertices[index].x <= x && x <= vertices[index + 1].x {
            return (slope, vertices[index + 1].x - vertices[index].x)
        }
        return nil
    }

    /// Moved by `distance`, with further points taken in.
    func raised(by distance: Double, including points: [Point] = []) -> LowerHull {
        LowerHull(vertices.map { Point(x: $0.x, y: $0.y + distance) } + points)
    }
}
