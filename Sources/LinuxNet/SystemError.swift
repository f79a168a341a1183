import CLinux
import Glibc

/// A system call that failed: which, and the kernel's reason.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    public let call: String
    public let errno: Int32

    public init(_ call: String, errno: Int32) {
        self.call = call
        self.errno = errno
    }

    /// The kernel's reason in words.
    public static func reason(_ errno: Int32) -> String {
        strerrordesc_np(errno).map { String(cString: $0) } ?? "error \(errno)"
    }

    public var description: String { "\(call): \(Self.reason(errno))" }
}

/// The result of a call that says "failed" by −1, tried again while a signal interrupts it; errno is taken at once.
func valueOrError<Value: FixedWidthInteger>(
    _ call: String,
    _ body: () -> Value
) throws(SystemError) -> Value {
    while true {
        let value = body()
        if value != -1 { return value }
        let reason = errno
        if reason != EINTR { throw SystemError(call, errno: reason) }
    }
}
