import Foundation

/// Where a report goes: standard output, or a file that is there whole or not at all.
struct ReportOutput {
    private let path: String?
    private let temporary: String?
    private let descriptor: Int32

    /// Fails before a check is made, not after.
    init(path: String) throws {
        guard path != "-" else {
            self.path = nil
            temporary = nil
            descriptor = STDOUT_FILENO
            return
        }
        let temporary = "\(path).\(getpid()).partial"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(
                status: ExitStatus.cannotCreate,
                message: "the report cannot be written to '\(path)': \(FileReason.current)"
            )
        }
        self.path = path
        self.temporary = temporary
    }

    var wantsColor: Bool { Terminal.wantsColor(descriptor) }

    func write(_ text: String) { Terminal.write(text, to: descriptor) }

    func write(octets: [UInt8]) { Terminal.write(octets: octets, to: descriptor) }

    func write(_ data: Data) {
        write(String(decoding: data, as: UTF8.self))
        write("\n")
    }

    func finish() throws {
        guard let path, let temporary else { return }
        guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
            let reason = FileReason.current
            unlink(temporary)
            throw CommandFailure(
                status: ExitStatus.cannotCreate,
                message: "the report cannot be written to '\(path)': \(reason)"
            )
        }
    }
}
