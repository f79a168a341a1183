import Foundation
import Glibc
import Logging

/// What a service logs: a line each to standard error, which systemd keeps with its priority.
package enum ServiceLog {
    /// - Parameter quiet: whether nothing is said but what is wrong.
    package static func make(_ label: String, quiet: Bool) -> Logger {
        let isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
        var log = Logger(label: label) { label -> any LogHandler in
            isJournal ? JournalLogHandler() : StreamLogHandler.standardError(label: label)
        }
        log.logLevel = quiet ? .warning : .info
        return log
    }
}

/// Lines as sd-daemon(3) has them: a priority in angle brackets, the message, and its fields as name=value.
private struct JournalLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            .map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
        let line = "\(event.message)".replacing("\n", with: " ")
        Self.write("<\(Self.priority(event.level))>\(line)\(fields)\n")
    }

    private static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(0, count))
        }
    }

    private static func quoted(_ value: String) -> String {
        guard value.contains(where: { $0 == " " || $0 == "\"" || $0 == "\n" }) else { return value }
        return "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            + "\""
    }
}
