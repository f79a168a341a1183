import Foundation
import Synchronization

/// Appends a line of JSON for each document, and syncs it: a line that is there survives a crash of the machine.
public final class JSONLinesSink: Sink {
    private struct State {
        var descriptor: Int32?
        /// Whether the file's last line has no end: it was cut off by a crash or a full disk.
        var isTorn = false
        var status = SinkStatus()
    }

    public let name: String
    /// Nil for a descriptor that was handed over open, which is neither synced nor opened anew.
    private let path: String?
    private let state: Mutex<State>

    public init(path: String) {
        name = "file: \(path)"
        self.path = path
        state = Mutex(State())
    }

    private init(descriptor: Int32, name: String) {
        self.name = name
        path = nil
        state = Mutex(State(descriptor: descriptor))
    }

    public static func standardOutput() -> JSONLinesSink { JSONLinesSink(descriptor: 1, name: "stdout") }

    deinit { close() }

    public var status: SinkStatus { state.withLock(\.status) }

    public func accept(_ completed: CompletedDocument) {
        state.withLock { state in
            do throws(SinkRefusal) {
                try append(completed.document.json, &state)
                state.status.written += 1
                state.status.failure = nil
            } catch {
                state.status.lost += 1
                state.status.failure = error.reason
            }
        }
    }

    public func reopen() { close() }

    public func stop() { close() }

    /// The next line opens it again.
    private func close() {
        guard path != nil else { return }
        state.withLock { state in
            if let descriptor = state.descriptor { Glibc.close(descriptor) }
            state.descriptor = nil
        }
    }

    private struct SinkRefusal: Error {
        var reason: String

        init(_ call: String, _ errno: Int32) { reason = "\(call): \(String(cString: strerror(errno)))" }
    }

    private func append(_ json: [UInt8], _ state: inout State) throws(SinkRefusal) {
        let descriptor = try open(&state)
        var line = state.isTorn ? [UInt8(ascii: "\n")] : []
        // A document is one line whatever its spacing: in JSON text a line's end only ever stands between tokens.
        line += json.map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 }
        line.append(UInt8(ascii: "\n"))
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                state.isTorn = rest.count < line.count || state.isTorn
                throw SinkRefusal("write", errno)
            }
            rest = rest.dropFirst(count)
        }
        state.isTorn = false
        guard path == nil || fsync(descriptor) == 0 else { throw SinkRefusal("fsync", errno) }
    }

    private func open(_ state: inout State) throws(SinkRefusal) -> Int32 {
        if let descriptor = state.descriptor { return descriptor }
        guard let path else { throw SinkRefusal("write", EBADF) }
        let descriptor = Glibc.open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw SinkRefusal("open", errno) }
        state.descriptor = descriptor
        var last: UInt8 = 0
        let end = lseek(descriptor, 0, SEEK_END)
        state.isTorn = end > 0 && pread(descriptor, &last, 1, end - 1) == 1 && last != UInt8(ascii: "\n")
        return descriptor
    }
}
