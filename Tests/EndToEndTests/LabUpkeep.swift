import Foundation
import Synchronization

/// Numbers the labs of this process.
enum LabNumber {
    private static let last = Atomic<Int>(0)

    static func next() -> Int { last.add(1, ordering: .relaxed).newValue }
}

/// One lab at a time on the whole machine: a second one would disturb the first one's times.
struct LabLock: ~Copyable {
    private let descriptor: Int32

    init() throws {
        let opened = open("/tmp/linecheck-lab.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw LabFailure("cannot open the lab's lock: errno \(errno)") }
        descriptor = opened
    }

    borrowing func acquire() async throws {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 { try await Task.sleep(for: .milliseconds(50)) }
    }

    borrowing func release() { _ = flock(descriptor, LOCK_UN) }

    deinit { close(descriptor) }
}

/// What runs that crashed have left behind.
enum StaleLabs {
    /// Deletes the namespaces of labs whose process is gone, and ends the programs that still run in them.
    static func remove(ip: String) {
        guard let list = try? Command.run([ip, "netns", "list"]) else { return }
        for line in list.standardOutput.split(separator: "\n") {
            guard let name = line.split(separator: " ").first.map(String.init), let owner = owner(of: name) else {
                continue
            }
            guard isGone(owner) else { continue }
            let inside = (try? Command.run([ip, "netns", "pids", name]))?.standardOutput ?? ""
            for process in inside.split(separator: "\n").compactMap({ pid_t($0) }) { kill(process, SIGKILL) }
            _ = try? Command.run([ip, "netns", "delete", name])
        }
        removeFolders()
    }

    private static func removeFolders() {
        let temporary = FileManager.default.temporaryDirectory
        for name in (try? FileManager.default.contentsOfDirectory(atPath: temporary.path)) ?? [] {
            guard let owner = owner(of: name), isGone(owner) else { continue }
            try? FileManager.default.removeItem(at: temporary.appendingPathComponent(name))
        }
    }

    private static func isGone(_ process: pid_t) -> Bool { kill(process, 0) != 0 && errno == ESRCH }

    /// The process that made a namespace or a folder called `lc-PID-…`; nil for any other name.
    static func owner(of namespace: String) -> pid_t? {
        let parts = namespace.split(separator: "-")
        guard parts.count >= 3, parts[0] == "lc" else { return nil }
        return pid_t(parts[1])
    }
}
