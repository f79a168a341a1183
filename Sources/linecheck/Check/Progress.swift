import Report
import Units

/// Running figures on standard error: one line that is written over on a terminal, a line every ten seconds
/// elsewhere, nothing when quiet.
struct Progress {
    private let quiet: Bool
    private let interval: Nanoseconds
    private var shownAt: MonotonicInstant?

    init(quiet: Bool) {
        self.quiet = quiet
        interval = Terminal.standardErrorIsTerminal ? .milliseconds(500) : .seconds(10)
    }

    func start(_ message: String) {
        if !quiet { Terminal.write(message + "\n") }
    }

    /// Whether it is time for the next figures.
    mutating func isDue(at now: MonotonicInstant) -> Bool {
        guard !quiet else { return false }
        guard let shownAt else {
            self.shownAt = now
            return false
        }
        guard now - shownAt >= interval else { return false }
        self.shownAt = now
        return true
    }

    func show(_ figures: RunningFigures) { show(ProgressLine.render(figures)) }

    func show(_ line: String) {
        Terminal.write(Terminal.standardErrorIsTerminal ? "\r\u{1b}[K\(line)" : line + "\n")
    }

    func note(_ message: String) {
        guard !quiet else { return }
        Terminal.write((Terminal.standardErrorIsTerminal ? "\r\u{1b}[K" : "") + message + "\n")
    }

    func end() {
        if !quiet, Terminal.standardErrorIsTerminal { Terminal.write("\r\u{1b}[K") }
    }
}
