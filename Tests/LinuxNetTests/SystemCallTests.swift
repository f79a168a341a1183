import CLinux
import Glibc
import Testing

@testable import LinuxNet

@Suite struct SystemCallTests {
    @Test func aCallThatSignalsInterruptIsTriedAgain() throws {
        var tries = 0
        let value = try valueOrError("read") { () -> Int32 in
            tries += 1
            if tries < 4 {
                errno = EINTR
                return -1
            }
            return 7
        }
        #expect(value == 7)
        #expect(tries == 4)
    }

    @Test(arguments: [EACCES, EPERM, ENETUNREACH, EMFILE, EAGAIN])
    func aCallThatFailsKeepsItsReason(reason: Int32) {
        #expect(throws: SystemError("socket", errno: reason)) {
            _ = try valueOrError("socket") { () -> Int32 in
                errno = reason
                return -1
            }
        }
    }

    @Test func anErrorReadsAsItsCallAndReason() {
        #expect(
            SystemError("bind 127.0.0.1:3478", errno: EADDRINUSE).description
                == "bind 127.0.0.1:3478: Address already in use"
        )
        #expect(SystemError.reason(-5) == "error -5")
    }
}
