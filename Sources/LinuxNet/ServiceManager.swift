import CLinux
import Glibc
import Units

/// What a service tells its manager (`sd_notify`): that it is ready, what it is doing, that it is alive.
///
/// Says nothing, and costs nothing, where no manager asked (`NOTIFY_SOCKET`).
public struct ServiceManager: Sendable {
    private let address: String?
    /// How often the manager wants to hear that the service is alive, halved as sd_watchdog_enabled(3) advises; nil
    /// where it does not watch.
    public let watchdogInterval: Nanoseconds?

    /// - Parameter environment: what a variable of this process's environment holds.
    public init(environment: (String) -> String? = ServiceManager.variable) {
        address = environment("NOTIFY_SOCKET").flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        watchdogInterval = Self.watchdogInterval(environment)
    }

    private static func watchdogInterval(_ environment: (String) -> String?) -> Nanoseconds? {
        if let process = environment("WATCHDOG_PID"), process != "\(getpid())" { return nil }
        guard let text = environment("WATCHDOG_USEC"), let microseconds = Int64(text), microseconds > 0 else {
            return nil
        }
        return Nanoseconds.microseconds(microseconds / 2)
    }

    public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Whether a manager listens.
    public var isPresent: Bool { address != nil }

    /// The service works; `status` is what `systemctl status` shows of it.
    public func ready(status: String) { send("READY=1\nSTATUS=\(Self.line(status))") }

    public func status(_ status: String) { send("STATUS=\(Self.line(status))") }

    /// The service reads its configuration anew; followed by ``ready(status:)``.
    public func reloading(at now: MonotonicInstant) {
        send("RELOADING=1\nMONOTONIC_USEC=\(now.nanoseconds / 1_000)")
    }

    public func stopping() { send("STOPPING=1") }

    public func alive() { send("WATCHDOG=1") }

    private static func line(_ text: String) -> String { text.replacing("\n", with: " ") }

    /// Best effort: a manager that cannot be told is no reason to stop working.
    private func send(_ message: String) {
        guard let address else { return }
        var socketAddress = sockaddr_un()
        socketAddress.sun_family = sa_family_t(AF_UNIX)
        let path = Array(address.utf8)
        let room = MemoryLayout.size(ofValue: socketAddress.sun_path)
        guard path.count < room else { return }
        withUnsafeMutableBytes(of: &socketAddress.sun_path) { target in
            target.copyBytes(from: path)
            // An abstract address begins with a null octet.
            if path.first == UInt8(ascii: "@") { target[0] = 0 }
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let text = Array(message.utf8)
        withUnsafePointer(to: &socketAddress) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), generic, length)
            }
        }
    }
}
