import Foundation
import Synchronization
import Units

/// A check that runs, or has run, in a process of its own.
public final class CheckProcess: Sendable {
    /// What a check that is over left.
    public struct Outcome: Sendable {
        /// The exit status; nil where a signal ended it.
        public var status: Int32?
        /// What it wrote: a result document, if all went well.
        public var output: [UInt8]
        /// What it said went wrong.
        public var message: String
    }

    private struct State {
        var output: [UInt8] = []
        var message: [UInt8] = []
        var openStreams = 2
        var interruptions = 0
    }

    public let call: CheckCall
    private let process: Process
    private let state = Mutex(State())

    /// No result is longer, by far.
    private static let longestOutput = 64_000_000
    /// What a check that never ends says goes wrong is kept for so many octets, the latest.
    private static let longestMessage = 16_384

    /// - Throws: a reason in words when the program cannot be started.
    public init(_ call: CheckCall, program: String) throws(TextRefusal) {
        self.call = call
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = call.arguments
        process.standardInput = FileHandle.nullDevice
        let (output, message) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = message
        self.process = process
        do {
            try process.run()
        } catch {
            throw TextRefusal("'\(program)' cannot be started: \(error.localizedDescription)")
        }
        collect(output.fileHandleForReading) { $0.output.append(contentsOf: $1) }
        collect(message.fileHandleForReading) { state, data in
            state.message.append(contentsOf: data)
            state.message.removeFirst(max(0, state.message.count - Self.longestMessage))
        }
    }

    /// A pipe that nobody empties would hold the check up.
    private func collect(
        _ handle: FileHandle,
        _ append: @escaping @Sendable (inout State, Data) -> Void
    ) {
        let thread = Thread {
            while let data = try? handle.read(upToCount: 65_536), !data.isEmpty {
                self.state.withLock { state in
                    if state.output.count < Self.longestOutput { append(&state, data) }
                }
            }
            self.state.withLock { $0.openStreams -= 1 }
        }
        thread.name = "check output"
        thread.start()
    }

    /// The whole lines that the check has written since the last call: the documents of one that writes many. Such a
    /// check's ``Outcome/output`` is what is left, the beginning of a line that it was killed in.
    public func takeLines() -> [[UInt8]] {
        state.withLock { state in
            guard let end = state.output.lastIndex(of: 0x0a) else { return [] }
            let lines = state.output[..<end].split(separator: 0x0a).map(Array.init)
            state.output.removeFirst(end + 1)
            return lines
        }
    }

    /// What the check came to; nil while it goes on.
    public var outcome: Outcome? {
        guard !process.isRunning else { return nil }
        return state.withLock { state in
            guard state.openStreams == 0 else { return nil }
            let exited = process.terminationReason == .exit
            return Outcome(
                status: exited ? process.terminationStatus : nil,
                output: state.output,
                message: String(decoding: state.message.prefix(4_096), as: UTF8.self)
                    .trimmingCharacters(in: .whitespacesAndNewlines)
            )
        }
    }

    /// Asks the check to end with what it has, at once.
    public func interrupt() {
        guard process.isRunning else { return }
        state.withLock { $0.interruptions += 1 }
        process.interrupt()
    }

    public func kill() {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }
}
