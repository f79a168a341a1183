import CollectorStore
import Foundation
import LinuxNet
import Synchronization
import Units

/// What came of it, so far.
final class LoadTally: Sendable {
    struct Numbers: Sendable {
        var stored = 0
        var duplicates = 0
        var refused = 0
        /// Requests that were not answered, or not with 200.
        var failures = 0
        var answers: [Nanoseconds] = []
        var pages: [Nanoseconds] = []
        var lastAnswer = SystemClock().monotonic()
    }

    private let state = Mutex(Numbers())

    var numbers: Numbers { state.withLock { $0 } }
    var lastAnswer: MonotonicInstant { state.withLock { $0.lastAnswer } }

    func count(_ lots: LoadLots, took: Nanoseconds, at now: MonotonicInstant) {
        state.withLock { numbers in
            for item in lots.results {
                switch item.status {
                case "stored": numbers.stored += 1
                case "duplicate": numbers.duplicates += 1
                default: numbers.refused += 1
                }
            }
            numbers.answers.append(took)
            numbers.lastAnswer = now
        }
    }

    func countPage(_ took: Nanoseconds) { state.withLock { $0.pages.append(took) } }
    func countFailure() { state.withLock { $0.failures += 1 } }
}

struct LoadReport: Sendable {
    var tally: LoadTally.Numbers
    var took: Nanoseconds
    var asked: Int
    /// Of this process, while it played.
    var clientTime = Nanoseconds.zero

    /// Results stored a second.
    var rate: Double { Double(tally.stored) / max(took.seconds, 1e-9) }
    var isIncomplete: Bool { tally.stored + tally.duplicates < asked }

    var text: String {
        var lines = [
            "\(tally.stored) results stored in \(String(format: "%.1f", took.seconds)) s: \(Int(rate)) results/s",
            "duplicates \(tally.duplicates), refused \(tally.refused), requests to repeat \(tally.failures)",
            "answer to a batch: \(Self.quantiles(tally.answers))",
        ]
        if !tally.pages.isEmpty {
            lines.append("fleet page, \(tally.pages.count) loads: \(Self.quantiles(tally.pages))")
        }
        return lines.joined(separator: "\n")
    }

    func text(collector: Nanoseconds) -> String {
        func each(_ time: Nanoseconds) -> String {
            String(format: "%.0f us", time.seconds * 1e6 / Double(max(tally.stored, 1)))
        }
        return "processor time for each: collector \(each(collector)), this client \(each(clientTime))"
    }

    func text(_ bare: BareRates, batch: Int) -> String {
        let share = String(format: "%.2f", rate / max(bare.best, 1e-9))
        return """
            bare insert in batches of \(batch): \(Int(bare.before)) results/s before, \(Int(bare.after)) after; in \
            batches of \(SQLStore.joinedDocuments): \(Int(bare.joined))
            ratio of the collector to the bare insert in batches of \(batch): \(share)
            """
    }

    private static func quantiles(_ times: [Nanoseconds]) -> String {
        let sorted = times.sorted()
        guard let last = sorted.last else { return "none" }
        func text(_ time: Nanoseconds) -> String { String(format: "%.1f ms", time.milliseconds) }
        let p50 = sorted[(sorted.count - 1) / 2]
        // Nearest rank.
        let p95 = sorted[max(0, Int((Double(sorted.count) * 0.95).rounded(.up)) - 1)]
        return "p50 \(text(p50)), p95 \(text(p95)), max \(text(last))"
    }
}

/// A file with the id of every result that a collector said it has.
final class LoadLedger: Sendable {
    private let file: Mutex<FileHandle>

    init(_ path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw CommandFailure(status: ExitStatus.cannotCreate, message: "'\(path)' cannot be written")
        }
        _ = try handle.seekToEnd()
        file = Mutex(handle)
    }

    func note(_ ids: [String]) {
        guard !ids.isEmpty else { return }
        file.withLock { $0.write(Data((ids.joined(separator: "\n") + "\n").utf8)) }
    }
}
