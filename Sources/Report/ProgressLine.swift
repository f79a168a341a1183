import Readiness
import Units

/// A running check's figures so far.
public struct RunningFigures: Hashable, Sendable {
    public var elapsed: Nanoseconds
    public var total: Nanoseconds
    public var sent: Int
    public var answered: Int
    /// Share of the packets whose answer can no longer come; nil while there are none.
    public var lossRatio: Double?
    public var roundTripMedian: Nanoseconds?
    public var jitter: Nanoseconds?

    public init(
        elapsed: Nanoseconds,
        total: Nanoseconds,
        sent: Int,
        answered: Int,
        lossRatio: Double? = nil,
        roundTripMedian: Nanoseconds? = nil,
        jitter: Nanoseconds? = nil
    ) {
        self.elapsed = elapsed
        self.total = total
        self.sent = sent
        self.answered = answered
        self.lossRatio = lossRatio
        self.roundTripMedian = roundTripMedian
        self.jitter = jitter
    }
}

/// One line that a terminal overwrites while a check runs.
public enum ProgressLine {
    static let barWidth = 10

    /// At most 80 columns, without a line end; what does not fit is left out from the right.
    public static func render(_ figures: RunningFigures) -> String {
        let elapsed = max(0, Int(min(figures.elapsed.seconds, 1e9)))
        let total = max(0, Int(min(figures.total.seconds.rounded(.up), 1e9)))
        var parts = ["\(bar(figures)) \(elapsed)/\(total) s", "sent \(NumberText.count(figures.sent))"]
        parts.append("answered \(NumberText.count(figures.answered))")
        if let loss = figures.lossRatio { parts.append("loss \(FigureText.percent(loss)) %") }
        if let median = figures.roundTripMedian {
            parts.append("rtt \(FigureText.milliseconds(median.milliseconds)) ms")
        }
        if let jitter = figures.jitter { parts.append("jitter \(FigureText.milliseconds(jitter.milliseconds)) ms") }
        while parts.count > 1, parts.joined(separator: "  ").count > 80 { parts.removeLast() }
        return parts.joined(separator: "  ")
    }

    private static func bar(_ figures: RunningFigures) -> String {
        let share = figures.total > .zero ? figures.elapsed.seconds / figures.total.seconds : 0
        let filled = Int((max(0, min(1, share)) * Double(barWidth)).rounded(.down))
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled) + "]"
    }
}
