import Foundation

/// What a program left behind when it ended.
struct Finished: Sendable {
    var status: Int32
    /// The signal that ended it, where one did.
    var signal: Int32?
    var standardOutput: String
    var standardError: String
}

/// A program that runs to its end at once, for setting things up.
enum Command {
    @discardableResult
    static func run(_ arguments: [String]) throws -> Finished {
        let program = try Program(arguments, name: "command")
        program.waitBlocking()
        return try program.finished()
    }

    /// - Throws: ``LabFailure`` with what the program said, unless it succeeds.
    static func require(_ arguments: [String]) throws {
        let result = try run(arguments)
        guard result.status == 0 else {
            throw LabFailure("\(arguments.joined(separator: " ")): \(result.standardError)")
        }
    }
}

/// A running program whose output goes to files, so that no pipe can fill up.
final class Program {
    private let process = Process()
    private let folder: URL
    private let label: String

    init(_ arguments: [String], name: String) throws {
        label = arguments.joined(separator: " ")
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-\(name)-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        process.executableURL = URL(fileURLWithPath: arguments[0])
        process.arguments = Array(arguments.dropFirst())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file(folder.appendingPathComponent("stdout"))
        process.standardError = try Self.file(folder.appendingPathComponent("stderr"))
        try Self.withSignalsUnblocked { try process.run() }
    }

    /// A program inherits the signal mask of the thread that starts it, and the threads that run tests block signals.
    private static func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    private static func file(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }

    var standardOutput: String { text("stdout") }
    var standardError: String { text("stderr") }
    var isRunning: Bool { process.isRunning }
    var processIdentifier: pid_t { process.processIdentifier }

    private func text(_ name: String) -> String {
        let data = (try? Data(contentsOf: folder.appendingPathComponent(name))) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    func send(signal: Int32) {
        if process.isRunning { kill(process.processIdentifier, signal) }
    }

    func waitBlocking() { process.waitUntilExit() }

    /// Waits until either output contains `text`.
    func waitUntilItSays(_ text: String, within seconds: Double = 10) async throws {
        try await poll(within: seconds, orThrow: "did not say '\(text)'") {
            if standardOutput.contains(text) || standardError.contains(text) { return true }
            guard process.isRunning else { throw LabFailure("\(label) ended early: \(standardError)") }
            return false
        }
    }

    /// Waits until the program ends by itself.
    func end(within seconds: Double) async throws -> Finished {
        try await poll(within: seconds, orThrow: "did not end within \(seconds) s") { !process.isRunning }
        return try finished()
    }

    /// Asks the program to stop, and waits until it does.
    func stop(signal: Int32 = SIGTERM, within seconds: Double = 10) async throws -> Finished {
        send(signal: signal)
        return try await end(within: seconds)
    }

    func finished() throws -> Finished {
        let bySignal = process.terminationReason == .uncaughtSignal
        return Finished(
            status: process.terminationStatus,
            signal: bySignal ? process.terminationStatus : nil,
            standardOutput: standardOutput,
            standardError: standardError
        )
    }

    private func poll(within seconds: Double, orThrow failure: String, _ condition: () throws -> Bool) async throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while try !condition() {
            guard Date() < deadline else { throw LabFailure("\(label) \(failure)\n\(standardError)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
