import Agent
import ArgumentParser
import Capture
import Foundation
import LinuxNet
import Readiness
import Units

/// Feeds an audit from an interface or from files, and tells how far it is.
struct AuditRun {
    private(set) var audit: MediaAudit
    /// Of the capture; nil for files.
    private(set) var statistics: PacketSource.Statistics?
    private var progress: Progress
    private let clock = SystemClock()

    /// Frames between two looks at the clock and at signals.
    private static let batch = 8_192
    /// As many frames as may still wait at the end: on a busy link there are always more to come.
    private static let backlog = 1 << 18

    init(audit: MediaAudit, progress: Progress) {
        self.audit = audit
        self.progress = progress
    }

    private func signals() throws -> Signals {
        try systemCall { () throws(SystemError) in try Signals([SIGINT, SIGTERM, SIGHUP]) }
    }

    // MARK: - Interface

    /// Until so long has passed, or somebody interrupts.
    mutating func capture(on interface: String, for duration: Nanoseconds?) throws {
        let signals = try signals()
        let source = try Self.attempt { () throws(CaptureFailure) in
            try PacketSource.live(
                interface,
                filter: audit.rules.filter,
                .audit
            )
        }
        progress.start("capturing on \(interface) \(duration.map { "for \($0.text)" } ?? "until interrupted (Ctrl-C)")")
        let start = clock.monotonic()
        while signals.next(within: .zero) == nil {
            let now = clock.monotonic()
            if let duration, now - start >= duration { break }
            if progress.isDue(at: now) { progress.show(captureLine(source, now - start, of: duration)) }
            let event = try Self.attempt { () throws(CaptureFailure) in
                try audit.read(source, atMost: Self.batch)
            }
            if event == .nothing { source.wait(.milliseconds(100)) }
        }
        _ = try Self.attempt { () throws(CaptureFailure) in try audit.read(source, atMost: Self.backlog) }
        statistics = source.statistics
        progress.end()
    }

    private func captureLine(_ source: PacketSource, _ elapsed: Nanoseconds, of duration: Nanoseconds?) -> String {
        let dropped = source.statistics?.dropped ?? 0
        let whole = duration.map { " of \($0.text)" } ?? ""
        return "\(Int(elapsed.seconds)) s\(whole): \(counts), \(NumberText.count(dropped)) dropped"
    }

    private var counts: String {
        "\(NumberText.count(audit.frames)) packets, \(NumberText.count(audit.media)) of media"
    }

    // MARK: - Files

    /// An interruption ends the reading; what was read is reported.
    mutating func read(_ paths: [String]) throws {
        let signals = try signals()
        for path in paths {
            let source = try Self.attempt { () throws(CaptureFailure) in try PacketSource.file(path) }
            let before = audit.frames
            do throws(CaptureFailure) {
                guard try readAll(source, signals) else {
                    progress.note("interrupted in '\(path)': the report is of what was read")
                    break
                }
            } catch {
                guard audit.frames > before else { throw Self.failure(error) }
                // A capture that was cut off is still a capture.
                Terminal.error("\(error); the \(NumberText.count(audit.frames - before)) packets before it are counted")
            }
        }
        progress.end()
    }

    /// False when interrupted.
    private mutating func readAll(
        _ source: PacketSource,
        _ signals: borrowing Signals
    ) throws(CaptureFailure) -> Bool {
        let size = (try? FileManager.default.attributesOfItem(atPath: source.name)[.size] as? Int) ?? nil
        while try audit.read(source, atMost: Self.batch) != .end {
            if progress.isDue(at: clock.monotonic()) { progress.show(fileLine(source, size: size)) }
            if signals.next(within: .zero) != nil { return false }
        }
        return true
    }

    private func fileLine(_ source: PacketSource, size: Int?) -> String {
        let offset = source.fileOffset ?? 0
        let share = size.map { $0 > 0 ? " of \(NumberText.count($0 >> 20)) MiB" : "" } ?? ""
        return "\(source.name): \(NumberText.count(offset >> 20))\(share.isEmpty ? " MiB" : share), \(counts)"
    }

    // MARK: - Failures

    private static func attempt<Value>(_ body: () throws(CaptureFailure) -> Value) throws -> Value {
        do throws(CaptureFailure) {
            return try body()
        } catch {
            throw failure(error)
        }
    }

    private static func failure(_ error: CaptureFailure) -> CommandFailure {
        switch error {
        case .notPermitted:
            CommandFailure(
                status: ExitStatus.noPermission,
                message: "\(error); run it as root, or grant it once: \(CapturePermission.command)"
            )
        case .badFile: CommandFailure(status: ExitStatus.noInput, message: error.description)
        case .unreadableLinkType: CommandFailure(status: ExitStatus.dataError, message: error.description)
        case .noInterface, .interfaceDown: CommandFailure(status: ExitStatus.usage, message: error.description)
        case .other: CommandFailure(status: ExitStatus.system, message: error.description)
        }
    }
}

/// How a process comes to be allowed to capture.
enum CapturePermission {
    /// Real-time priority beside it, since setcap takes away what it does not name.
    static var command: String { "sudo setcap cap_net_raw,cap_sys_nice+ep \(path)" }

    private static var path: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "linecheck"
    }
}
