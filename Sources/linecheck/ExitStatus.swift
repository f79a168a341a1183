import ArgumentParser
import Glibc

/// Exit statuses above the grades' 0 to 3 (sysexits.h).
enum ExitStatus {
    static let usage = ExitCode(64)
    static let dataError = ExitCode(65)
    static let noInput = ExitCode(66)
    static let noHost = ExitCode(68)
    static let system = ExitCode(71)
    static let cannotCreate = ExitCode(73)
    /// It would work at another time.
    static let temporary = ExitCode(75)
    static let noPermission = ExitCode(77)
    static let configuration = ExitCode(78)
}

/// Why a command ends before it has done its work.
struct CommandFailure: Error {
    let status: ExitCode
    let message: String
}

extension ParsableCommand {
    /// Runs the body; a failure is told on standard error and becomes the exit status.
    func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let failure as CommandFailure {
            Terminal.error(failure.message)
            throw failure.status
        }
    }
}
