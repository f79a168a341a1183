import ArgumentParser
import Glibc

/// Exit statuses (sysexits.h).
enum ExitStatus {
    static let failure = ExitCode(1)
    static let noInput = ExitCode(66)
    static let unavailable = ExitCode(69)
    static let system = ExitCode(71)
    static let cannotCreate = ExitCode(73)
    static let noPermission = ExitCode(77)
    static let configuration = ExitCode(78)
}

/// Why a command ends before it has done its work.
struct CommandFailure: Error {
    let status: ExitCode
    let message: String
}

/// What commands print, whole, whatever the other end of a pipe does.
enum Terminal {
    static func write(_ text: String, to descriptor: Int32 = STDERR_FILENO) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                return
            }
            rest = rest.dropFirst(written)
        }
    }

    static func print(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    static func error(_ text: String) { write("linecheck-collector: \(text)\n") }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
}
