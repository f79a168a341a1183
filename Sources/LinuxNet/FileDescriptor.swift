import CLinux
import Glibc

/// An open file descriptor, closed when its owner goes.
struct FileDescriptor: ~Copyable {
    let number: Int32

    init(_ call: String, _ open: () -> Int32) throws(SystemError) {
        number = try valueOrError(call, open)
    }

    deinit { close(number) }
}
