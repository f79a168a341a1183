import Foundation
import Units

/// Numbers as a result writes them: to a tenth of a microsecond, a ten-millionth of a share. What is measured is not
/// better than that, and fifteen digits are hard to read.
extension Double {
    /// So many decimals; values that are no numbers become 0, since JSON has none.
    func rounded(to places: Int) -> Double {
        guard isFinite else { return 0 }
        let scale = pow(10, Double(places))
        let scaled = (self * scale).rounded()
        return scaled.isFinite ? scaled / scale : self
    }

    /// Nil where it is no number, for what may be absent.
    func roundedIfFinite(to places: Int) -> Double? { isFinite ? rounded(to: places) : nil }

    var roundedRatio: Double { rounded(to: 7) }
}

extension Nanoseconds {
    var roundedMilliseconds: Double { milliseconds.rounded(to: 4) }
    var roundedSeconds: Double { seconds.rounded(to: 6) }
}

extension ClosedRange<Nanoseconds> {
    var roundedMilliseconds: [Double] { [lowerBound.roundedMilliseconds, upperBound.roundedMilliseconds] }
}
