import CLinux
import Foundation
import Glibc
import Synchronization

/// A network namespace that goes away with its object. Nothing in it reaches anything outside.
final class NetworkNamespace: Sendable {
    let name: String
    private static let made = Atomic<Int>(0)

    /// - Throws: ``Failure`` where this process may not make one.
    init() throws {
        name = "lcp-\(getpid())-\(Self.made.add(1, ordering: .relaxed).newValue)"
        try Self.run(["netns", "add", name])
        try ip("link set lo up")
    }

    deinit { _ = try? Self.run(["netns", "delete", name]) }

    /// Whether this process may make one.
    static let isAvailable: Bool = {
        guard let trial = try? NetworkNamespace() else { return false }
        return (try? trial.ip("link add name trial type veth peer name peer")) != nil
    }()

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs `ip` within it; gives what it writes.
    @discardableResult
    func ip(_ arguments: String) throws -> String {
        try Self.run(["-n", name] + arguments.split(separator: " ").map(String.init))
    }

    @discardableResult
    private static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        let path = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        process.executableURL = URL(fileURLWithPath: path ?? "/usr/sbin/ip")
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let reason = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                description: "ip \(arguments.joined(separator: " ")): \(String(decoding: reason, as: UTF8.self))"
            )
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Runs `body` on a thread of its own that is in the namespace, as are the threads that it starts.
    func inside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        let result = Mutex<Result<Value, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        let path = "/var/run/netns/\(name)"
        Thread {
            let found = Result<Value, any Error> {
                let descriptor = open(path, O_RDONLY | O_CLOEXEC)
                defer { close(descriptor) }
                guard descriptor >= 0, setns(descriptor, Int32(CLONE_NEWNET)) == 0 else {
                    throw Failure(description: "cannot enter \(path): error \(errno)")
                }
                return try body()
            }
            result.withLock { $0 = found }
            done.signal()
        }.start()
        done.wait()
        guard let found = result.withLock({ $0 }) else { throw Failure(description: "nothing came back") }
        return try found.get()
    }
}
