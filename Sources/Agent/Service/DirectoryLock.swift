import Glibc
import Units

/// One agent at a time in a spool's directory: two would make every check twice and push each other's results.
///
/// The kernel gives the lock up when the process ends, however it ends.
public final class DirectoryLock: Sendable {
    public static let fileName = "agent.lock"
    private let descriptor: Int32

    /// - Throws: who has the directory, or why it cannot be locked.
    public init(_ directory: String) throws(TextRefusal) {
        let path = "\(directory)/\(Self.fileName)"
        // Checks are processes of their own, and must not keep the lock when the agent has gone.
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw TextRefusal("'\(path)' cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            guard reason == EWOULDBLOCK else {
                throw TextRefusal("'\(path)' cannot be locked: \(String(cString: strerror(reason)))")
            }
            throw TextRefusal(
                "another agent\(holder) works in '\(directory)' (spool.directory): stop it first, or give this one a "
                    + "directory of its own"
            )
        }
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = write(descriptor, text, text.count) }
    }

    deinit { close(descriptor) }

    /// ` (process 1234)`, where the file says so.
    private static func holder(_ descriptor: Int32) -> String {
        var octets = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &octets, octets.count, 0)
        let digits = String(decoding: octets.prefix(max(0, count)).prefix { $0 != 0x0a }, as: UTF8.self)
        return Int(digits).map { " (process \($0))" } ?? ""
    }
}
