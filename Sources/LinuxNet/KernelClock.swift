import CLinux
import Glibc
import Units

/// What this host's kernel says of its wall clock (`adjtimex`), and which daemon keeps it.
public struct KernelClock: Hashable, Sendable {
    /// The kernel's STA_UNSYNC flag is clear: some daemon disciplines the clock.
    public var synchronized: Bool
    /// The greatest error against UTC: the daemon's root distance, growing by 500 ppm since its last update.
    public var maximumError: Nanoseconds
    /// The daemon's own estimate of its error.
    public var estimatedError: Nanoseconds
    /// "chrony", "systemd-timesyncd", "ntpd", "ptp4l" or nil.
    public var daemon: String?

    /// - Throws: ``SystemError`` where a sandbox forbids reading the clock's state and no ``ClockWitness`` tells it.
    public static func read() throws(SystemError) -> KernelClock {
        do throws(SystemError) {
            return try read(daemon: TimeDaemon.running())
        } catch {
            guard error.errno == EPERM, let told = ClockWitness.read() else { throw error }
            return told
        }
    }

    /// The same where the daemon is known already: looking for it means looking at every process.
    static func read(daemon: String?) throws(SystemError) -> KernelClock {
        var state = timex()
        let status = try valueOrError("adjtimex") { adjtimex(&state) }
        let unsynchronized = status == TIME_ERROR || state.status & Int32(STA_UNSYNC) != 0
        return KernelClock(
            synchronized: !unsynchronized,
            maximumError: .microseconds(Int64(state.maxerror)),
            estimatedError: .microseconds(Int64(state.esterror)),
            daemon: daemon
        )
    }

    /// The greatest error against UTC that somebody vouches for; nil when the clock is not synchronised, or by a
    /// daemon that gives the kernel no bound: systemd-timesyncd sets it to nought at every poll, whatever the way to
    /// its server adds, and leaves it to grow.
    public var vouchedError: Nanoseconds? {
        synchronized && daemon != TimeDaemon.timesyncd ? maximumError : nil
    }

    /// "kernel (chrony)", "kernel".
    public var source: String { daemon.map { "kernel (\($0))" } ?? "kernel" }
}

/// Which of the known time daemons runs, by the names of this host's processes.
enum TimeDaemon {
    static let timesyncd = "systemd-timesyncd"
    private static let names = [
        "chronyd": "chrony", "systemd-timesyn": timesyncd, "ntpd": "ntpd", "ptp4l": "ptp4l",
        "phc2sys": "phc2sys",
    ]

    static func running() -> String? {
        guard let directory = opendir("/proc") else { return nil }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.utf8.allSatisfy({ (48...57).contains($0) }) else { continue }
            if let command = TextFile.read("/proc/\(name)/comm"), let daemon = names[command.trimmingNewline()] {
                return daemon
            }
        }
        return nil
    }
}

/// Small text files of /proc and /sys.
enum TextFile {
    /// Nil when the file is not there or may not be read; at most 64 KiB.
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// A reader sees all of the old file or all of the new one.
    static func replace(_ path: String, with text: String, mode: mode_t) throws(SystemError) {
        let temporary = path + ".new"
        let bytes = Array(text.utf8)
        let descriptor = try valueOrError("open \(temporary)") {
            open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        }
        defer { close(descriptor) }
        // Whatever the process's umask says.
        fchmod(descriptor, mode)
        let written = try valueOrError("write \(temporary)") { Glibc.write(descriptor, bytes, bytes.count) }
        guard written == bytes.count else { throw SystemError("write \(temporary)", errno: ENOSPC) }
        _ = try valueOrError("rename \(path)") { rename(temporary, path) }
    }
}

extension String {
    func trimmingNewline() -> String { hasSuffix("\n") ? String(dropLast()) : self }
}
