import Foundation
import Readiness

/// Short names for the numbers of a report.
enum FigureText {
    /// Without the unit, to about three digits.
    static func milliseconds(_ value: Double) -> String { NumberText.figure(value, .milliseconds) }

    /// Per cent of a ratio, without the sign.
    static func percent(_ ratio: Double) -> String { NumberText.figure(ratio, .ratio) }

    /// Milliseconds with decimals that line up in a column.
    static func column(_ milliseconds: Double) -> String {
        let places = milliseconds.magnitude < 99.995 ? 2 : milliseconds.magnitude < 9_999.95 ? 1 : 0
        let text = String(format: "%.\(places)f", milliseconds.magnitude)
        return milliseconds < 0 ? "−" + text : text
    }
}
